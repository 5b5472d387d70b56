"""Family in the talk: a number that grants what the learner chose and no more, its use, its end by one word.

Without it a daughter could not help her mother, or could do what the mother never agreed to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from inclusion.classes import words as class_words
from inclusion.classes.notices import account_for, person_of_learner
from inclusion.classes.talk import ClassTalk, Skill
from inclusion.family_news import tell_family
from inclusion.handover import Said
from inclusion.remembering import Recalled
from inclusion.replies import Reply
from inclusion.skills import family
from lessons import find_own, is_consent_code, new_consent_code, own_learner, revoke_all, use_consent_code
from lessons.learning_tables import ProxyGrant

GRANTS: Final[Mapping[str, Sequence[str]]] = {
    "family_see": ("see",),
    "family_book": ("see", "book"),
    "family_cancel": ("see", "book", "cancel"),
}


@dataclass(frozen=True, slots=True)
class FamilyTalk:
    """Answers these wishes; None for everything else."""

    talk: ClassTalk

    def reply(self, said: Said, recalled: Recalled, now: datetime) -> Reply | None:
        last = recalled.memory.last
        wished = class_words.wish(class_words.meant(said.text, last), last) if recalled.one_person else None
        if wished == "family_code":
            return self.talk.say(family.ask_extent, recalled, now)
        if wished is not None and wished in GRANTS:
            return self.talk.carry_out(self._new_code(GRANTS[wished], recalled, now), recalled, now)
        return self.talk.carry_out(self._end(now), recalled, now) if wished == "family_end" else None

    def takes_code(self, code: str, recalled: Recalled, now: datetime) -> Reply | None:
        """Six digits that a family member was told: from now on they may act. None for any other number."""
        with self.talk.database.reading() as session:
            if not is_consent_code(session, code, now):
                return None

        def act(session: Session, person: str) -> Skill:
            grant = use_consent_code(session, code, person, now)
            self._tell_learner(session, grant, now)
            scopes = tuple(grant.scopes)
            return lambda scene: family.joined(scopes, scene)

        return self.talk.carry_out(act, recalled, now)

    def _new_code(self, scopes: Sequence[str], recalled: Recalled, now: datetime) -> Callable[[Session, str], Skill]:
        def act(session: Session, person: str) -> Skill:
            learner = own_learner(session, person, recalled.memory.preferences.language, now)
            code = new_consent_code(session, learner.id, scopes, now)
            return lambda scene: family.code_shown(f"{code[:3]} {code[3:]}", scopes, scene)

        return act

    def _end(self, now: datetime) -> Callable[[Session, str], Skill]:
        def act(session: Session, person: str) -> Skill:
            own = find_own(session, person)
            grants = revoke_all(session, own.id, now) if own else ()
            for grant in grants:
                tell_family(session, self.talk.telling, grant, now)
            return lambda scene: family.ended(bool(grants), scene)

        return act

    def _tell_learner(self, session: Session, grant: ProxyGrant, now: datetime) -> None:
        person, scopes = person_of_learner(session, grant.learner_id), tuple(grant.scopes)
        account = account_for(session, person, "") if person else None
        if account is not None:
            occasion = f"family/{grant.id}/{now.isoformat()}"
            self.talk.telling.notice(session, account, lambda scene: family.code_used(scopes, scene), occasion, now)
