"""Joining from home, telling whether a skill is still there, seeing the helper: what a talk hears after booking and after class.

Without it a class from home would need a page, and what was learnt would be asked about and never written down.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from inclusion.classes import words as class_words
from inclusion.classes.talk import ClassTalk, Skill
from inclusion.handover import Said
from inclusion.remembering import Recalled
from inclusion.replies import Reply
from inclusion.skills import class_day
from lessons import find_own, join_from_home, one_class
from lessons.arriving import todays_applications
from lessons.errors import NotRemote
from lessons.progress import note_evidence, skills_of

JOIN: Final = re.compile(
    r"(?:家|うち|自宅|オンライン)(?:から|で)(?:教室に|授業に)?(?:参加|出たい|出ます|入りたい|入る).{0,8}"
    r"|join (?:the class )?from home|在家参加|집에서 참가.{0,6}",
    re.IGNORECASE,
)
REVIEWED: Final = re.compile(r"「(.{1,60})」(.{1,20})")
RESULTS: Final = ("alone", "helped", "not_yet")


@dataclass(frozen=True, slots=True)
class ClassLaterTalk:
    """Answers these wishes; None for everything else."""

    talk: ClassTalk

    def reply(self, said: Said, recalled: Recalled, now: datetime) -> Reply | None:
        if not recalled.one_person:
            return None
        text = class_words.plain(class_words.meant(said.text, recalled.memory.last))
        if JOIN.fullmatch(text):
            return self.talk.carry_out(self._join(now), recalled, now)
        found = REVIEWED.fullmatch(text)
        result = self._result(found[2]) if found else None
        return self.talk.carry_out(self._review(found[1], result, now), recalled, now) if found and result else None

    def _join(self, now: datetime) -> Callable[[Session, str], Skill]:
        """The class that is on now, of those that can be joined from home."""

        def act(session: Session, person: str) -> Skill:
            own = find_own(session, person)
            for one in todays_applications(session, [own.id], now) if own else ():
                place = one_class(session, one.session_id).session
                if place.remote_address:
                    address = self._absolute(join_from_home(session, one.id, now))
                    return lambda scene: class_day.joined(place.name, address, scene)
            raise NotRemote

        return act

    def _review(self, skill: str, result: str, now: datetime) -> Callable[[Session, str], Skill]:
        """Written down as told by the learner; only for what was shown in class, and only as often as it was asked about."""

        def act(session: Session, person: str) -> Skill:
            own = find_own(session, person)
            known = {one.skill: one for one in skills_of(session, own.id, now)} if own else {}
            if own is None or skill not in known:
                return class_day.nothing_to_ask
            due = known[skill].next_review
            if due is not None and due <= now:
                note_evidence(session, own.id, skill, "review", result, "self", now)
            kept = result == "alone" and next(one for one in skills_of(session, own.id, now) if one.skill == skill).next_review is None
            return lambda scene: class_day.reviewed(result, kept, scene)

        return act

    def _result(self, words: str) -> str | None:
        say = self.talk.town.messages.say
        return next((one for one in RESULTS if say(f"lesson.review.{one}.says") == words), None)

    def _absolute(self, address: str) -> str:
        return f"{self.talk.public_url.rstrip('/')}{address}" if address.startswith("/") else address
