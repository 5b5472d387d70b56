"""What staff taught us since the town's folder was written, laid over the pack; without it a new word would wait for a programmer.

An addition is an `alias` (another word for a thing, or another way to ask what an answer is for), a `draft` (a new answer not yet
written), a `faq` (a new answer), `out_of_scope` (not ours) or a `reading` (how a word is read). What is laid over ends with an undo; the
pack itself is not touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, func, select

from inclusion.database import StorageError, moment
from inclusion.municipalities import Alias, Faq, GuardRule, Town

IN_FORCE = ("alias", "faq", "out_of_scope")
READING = "reading"
Version = tuple[int, int, int, datetime | None]


class AdditionGone(StorageError):
    """The row was undone meanwhile."""

    message_id = "staff.questions.gone"

    def __init__(self) -> None:
        super().__init__("This was undone already. Open the list again.")


class TownAddition(SQLModel, table=True):
    """`word` is what was said, `target` the id it stands for (of a new answer: its own id). `outcome` is what the question gets now, as

    questions.jsonl writes it; `changes` are the town's own questions answered otherwise since.
    """

    __tablename__ = "town_addition"

    number: int | None = Field(default=None, primary_key=True)
    kind: str
    word: str
    reading: str = ""
    language: str = "ja"
    target: str = ""
    title: str = ""
    body: str = ""
    source: str = ""
    outcome: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    changes: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    staff_id: int | None = None
    made_at: datetime = Field(sa_column=moment())
    changed_at: datetime = Field(sa_column=moment(index=True))
    undone_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


def version(session: Session) -> Version:
    """Changes whenever an addition is made, written or undone."""
    undone, drafts = func.count(col(TownAddition.undone_at)), func.count().filter(col(TownAddition.kind) == "draft")
    return session.exec(select(func.count(), undone, drafts, func.max(TownAddition.changed_at))).one()


def additions(session: Session) -> Sequence[TownAddition]:
    """Those not undone, the newest first."""
    return session.exec(select(TownAddition).where(col(TownAddition.undone_at).is_(None)).order_by(col(TownAddition.number).desc())).all()


def addition(session: Session, number: int) -> TownAddition:
    """One that can still be changed. Raises AdditionGone."""
    found = session.get(TownAddition, number)
    if found is None or found.undone_at is not None:
        raise AdditionGone
    return found


def grown(town: Town, added: Sequence[TownAddition]) -> Town:
    """The town with what staff taught. A later word wins over an earlier and over the pack's; an answer of the pack over a taught one."""
    faqs, aliases, guard = dict(town.faqs), list[Alias](), list(town.guard)
    for one in sorted(added, key=lambda one: -(one.number or 0)):
        if one.kind == "faq":
            faqs.setdefault(one.target, faq_of(one, town))
        elif one.kind == "out_of_scope":
            guard.append(rule_of(one, town.messages.say("refuse.other"), town.help_contact))
        elif one.kind == "alias" and one.target not in town.faqs:
            aliases.append(Alias(one.word, one.reading, one.target, one.language))
    return replace(town, aliases=(*aliases, *town.aliases), faqs=faqs, guard=tuple(guard))


def faq_of(one: TownAddition, town: Town) -> Faq:
    """A taught answer as the pack's own: its first line is the headline."""
    headline, *details = [line.strip() for line in one.body.splitlines() if line.strip()]
    return Faq(
        id=one.target,
        title=one.title,
        paraphrases=(one.word,),
        keywords=(),
        headline=headline,
        details=tuple(details),
        contacts=(town.help_contact,),
        links=(),
        source=one.source,
        checked_on=one.changed_at.astimezone(town.timezone).date().isoformat(),
        valid_until="",
        known=True,
    )


def rule_of(one: TownAddition, headline: str, contact: str) -> GuardRule:
    """Exactly this question, however it is written in kana, is not ours."""
    reviewed_on = one.changed_at.date().isoformat()
    return GuardRule("r.other", f"taught_{one.number}", (f"^{re.escape(one.word)}$",), (), headline, (), (contact,), reviewed_on)


def answered_by(town: Town, added: Sequence[TownAddition]) -> dict[str, str]:
    """Each taught way to ask, with the answer it is for; the latest wins."""
    return {one.word: one.target for one in sorted(added, key=lambda one: one.number or 0) if one.target in town.faqs}


def in_force(session: Session) -> Sequence[TownAddition]:
    return [one for one in additions(session) if one.kind in IN_FORCE]


def readings(session: Session) -> dict[str, str]:
    """How staff decided that words are read (written -> hiragana); the latest wins."""
    decided = [one for one in additions(session) if one.kind == READING]
    return {one.word: one.reading for one in reversed(decided)}
