"""What happens when staff teach us: tried, kept, audited, told; without it a taught word could break other answers unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rapidfuzz.distance import Levenshtein
from sqlmodel import Session

from inclusion import outbox
from inclusion.database import Database
from inclusion.learning import learned, unanswered
from inclusion.learning.growing import Growing
from inclusion.learning.learned import TownAddition
from inclusion.learning.nearest import Near, name_of, nearest
from inclusion.learning.own_questions import answers_between, expected_now
from inclusion.learning.talk import heart_of
from inclusion.learning.unanswered import UnansweredQuestion
from inclusion.skills import learning
from inclusion.staff.audit import record
from inclusion.telling import Telling
from inclusion.understanding import Talk, Understanding
from inclusion.understanding.sentence import read

ALIKE = 0.75
LANGUAGES = {"zh-Hans": "zh"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that sound alike: the first one's words stand for all. `waiting` chats want to be told."""

    questions: tuple[UnansweredQuestion, ...]
    nearest: tuple[Near, ...]
    word: str
    waiting: int

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(one.number or 0 for one in self.questions)


@dataclass(frozen=True, slots=True)
class Teaching:
    """A clerk's deeds, each in one transaction; `clock` says when."""

    database: Database
    growing: Growing
    telling: Telling
    clock: Callable[[], datetime]

    def work_list(self) -> tuple[Cluster, ...]:
        """Open questions by sound, those asked most often first."""
        understanding = self.growing.renew()
        with self.database.reading() as session:
            groups = list(_alike(unanswered.open_questions(session)))
            waiting = [unanswered.wanting(session, [one.number or 0 for one in group]) for group in groups]
        found = [_cluster(group, wanting, understanding, self.clock()) for group, wanting in zip(groups, waiting, strict=True)]
        return tuple(sorted(found, key=lambda one: -len(one.questions)))

    def teach(self, one: TownAddition, numbers: Sequence[int]) -> TownAddition:
        """Try the addition, keep it with what it changes, settle its questions, tell who waited. A draft only waits to be written."""
        before, after = self.growing.renew(), None if one.kind == "draft" else self.growing.trial(one)
        if after is not None:
            one.outcome = expected_now(after, one.word, self.clock())
            one.changes = answers_between(before, after, self.clock())
        with self.database.writing() as session:
            session.add(one)
            session.flush()
            if one.kind == "draft":
                one.target = f"f.taught_{one.number}"
            self._settle(session, one, numbers, after)
        self.growing.renew()
        return one

    def decide_reading(self, word: str, reading: str, where: str, staff_id: int) -> TownAddition:
        """`word` is read so (hiragana) from now on, shown and spoken, before the town's own list and every dictionary."""
        now = self.clock()
        one = TownAddition(kind=learned.READING, word=word, reading=reading, source=where, staff_id=staff_id, made_at=now, changed_at=now)
        with self.database.writing() as session:
            session.add(one)
            session.flush()
            _audit(session, f"learned_{one.kind}", one, staff_id, now)
        self.growing.renew()
        return one

    def publish(self, number: int, title: str, body: str, source: str, staff_id: int) -> TownAddition:
        """A draft becomes an answer. Raises learned.AdditionGone."""
        with self.database.reading() as session:
            draft = learned.addition(session, number)
        draft.kind, draft.title, draft.body, draft.source = "faq", title, body, source
        draft.staff_id, draft.changed_at = staff_id, self.clock()
        return self.teach(draft, ())

    def undo(self, number: int, staff_id: int) -> None:
        """As if it had never been taught: its questions are open again, and what has not left yet is taken back. Raises AdditionGone."""
        now = self.clock()
        with self.database.writing() as session:
            one = learned.addition(session, number)
            one.undone_at = one.changed_at = now
            session.add(one)
            for account in unanswered.waiting_to_hear(session, number):
                outbox.cancel(session, _occasion(number, account.id))
            unanswered.reopen(session, number)
            _audit(session, "learned_undone", one, staff_id, now)
        self.growing.renew()

    def _settle(self, session: Session, one: TownAddition, numbers: Sequence[int], after: Understanding | None) -> None:
        number, now = one.number or 0, self.clock()
        state = "out_of_scope" if one.kind == "out_of_scope" else "learned"
        unanswered.settle(session, numbers, state, number)
        _audit(session, f"learned_{one.kind}", one, one.staff_id, now)
        if after is None or one.kind not in ("alias", "faq") or one.outcome["action"] == "refuse":
            return
        skill = learning.can_answer_now(name_of(after.town, one.target))
        telling = replace(self.telling, town=after.town)
        for account in unanswered.waiting_to_hear(session, number):
            telling.notice(session, account, skill, _occasion(number, account.id), now)


def addition(
    kind: str, word: str, target: str, understanding: Understanding, staff_id: int, now: datetime, title: str = ""
) -> TownAddition:
    """A new row as it will be tried; what is out of scope is kept as it is compared."""
    sentence = read(word, understanding.readings)
    said = sentence.folded if kind == "out_of_scope" else word
    language = LANGUAGES.get(sentence.language, sentence.language)
    return TownAddition(
        kind=kind,
        word=said,
        reading=sentence.kana,
        language=language,
        target=target,
        title=title,
        staff_id=staff_id,
        made_at=now,
        changed_at=now,
    )


def _alike(questions: Sequence[UnansweredQuestion]) -> Iterator[tuple[UnansweredQuestion, ...]]:
    groups: list[list[UnansweredQuestion]] = []
    for one in questions:
        near = next((group for group in groups if _sounds(group[0].sound, one.sound)), None)
        if near is None:
            groups.append([one])
        else:
            near.append(one)
    yield from (tuple(group) for group in groups)


def _sounds(one: str, other: str) -> bool:
    return one == other or Levenshtein.normalized_similarity(one, other) >= ALIKE


def _cluster(questions: tuple[UnansweredQuestion, ...], waiting: int, understanding: Understanding, now: datetime) -> Cluster:
    request, _ = understanding.understand(questions[0].text, Talk(), now)
    word = request.unknown[0] if request.unknown else heart_of(questions[0].text)
    return Cluster(questions, nearest(questions[0].text, request.suggestions, word, understanding), word, waiting)


def _audit(session: Session, action: str, one: TownAddition, staff_id: int | None, now: datetime) -> None:
    details: dict[str, Any] = {"target": one.target, "changed_answers": len(one.changes)}
    record(session, at=now, staff_id=staff_id, action=action, subject_kind="town_addition", subject_id=str(one.number), details=details)


def _occasion(number: int, account_id: str) -> str:
    return f"learned/{number}/{account_id}"
