"""Questions we could not answer, masked, and who wants to hear when we can; without it each would be lost with its conversation.

A question is `open` until a member of staff teaches us (`learned`) or says that it is not ours (`out_of_scope`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import Column, ForeignKey, Integer, String, UniqueConstraint, delete, update
from sqlmodel import Field, Session, SQLModel, col, select

from bots.accounts import Account
from inclusion.database import insert_unless_there, moment

KEPT_FOR = timedelta(days=90)
ASKER_KNOWN_FOR = timedelta(days=1)  # long enough to press "tell me"; then nothing says whose question it was
LONGEST = 200
SHOWN = 400


@dataclass(frozen=True, slots=True)
class Missed:
    """A question to learn from. `why` is unanswered, clarified (asked back in vain) or corrected; `sound` its folded kana."""

    text: str
    sound: str
    why: str
    language: str = "ja"


class UnansweredQuestion(SQLModel, table=True):
    """`text` is masked. `asker` is a digest that lets the chat ask to be told, erased after a day; `origin` lets an unsent message go."""

    __tablename__ = "unanswered_question"

    number: int | None = Field(default=None, primary_key=True)
    text: str
    sound: str
    why: str
    language: str
    asked_at: datetime = Field(sa_column=moment(index=True))
    state: str = Field(default="open", index=True)
    addition: int | None = None
    asker: str = Field(default="", index=True)
    origin: str = Field(default="", index=True)


class WantsToKnow(SQLModel, table=True):
    """Somebody who agreed to be told, in the chat where the question was asked."""

    __tablename__ = "wants_to_know"
    __table_args__ = (UniqueConstraint("question", "account_id", name="uq_wants_to_know"),)

    number: int | None = Field(default=None, primary_key=True)
    question: int = Field(
        sa_column=Column(Integer, ForeignKey("unanswered_question.number", ondelete="CASCADE"), nullable=False, index=True)
    )
    account_id: str = Field(
        sa_column=Column(String, ForeignKey(f"{Account.__tablename__}.id", ondelete="CASCADE"), nullable=False, index=True)
    )


def note(session: Session, missed: Missed, who: str, message_id: str, now: datetime) -> None:
    """Keep a question that was masked already. `who` names the chat, "" for one that cannot be told apart."""
    origin = _digest(who, message_id) if message_id else ""
    words = missed.text[:LONGEST]
    session.add(
        UnansweredQuestion(
            text=words,
            sound=missed.sound[:LONGEST],
            why=missed.why,
            language=missed.language,
            asked_at=now,
            asker=_digest(who),
            origin=origin,
        )
    )


def agree(session: Session, account: Account, now: datetime) -> bool:
    """This chat wants to be told about its latest question; False when none of the last day is open."""
    theirs = select(UnansweredQuestion).where(UnansweredQuestion.asker == _digest(account.id), UnansweredQuestion.state == "open")
    latest = session.exec(theirs.order_by(col(UnansweredQuestion.number).desc()).limit(1)).first()
    if latest is None:
        return False
    row = {"question": latest.number, "account_id": account.id}
    insert_unless_there(session, SQLModel.metadata.tables["wants_to_know"], [row])
    return True


def open_questions(session: Session) -> Sequence[UnansweredQuestion]:
    """The newest open ones first."""
    waiting = select(UnansweredQuestion).where(UnansweredQuestion.state == "open")
    return session.exec(waiting.order_by(col(UnansweredQuestion.number).desc()).limit(SHOWN)).all()


def settle(session: Session, numbers: Sequence[int], state: str, addition: int) -> Sequence[UnansweredQuestion]:
    """Close those of `numbers` that are still open; returns them."""
    chosen = select(UnansweredQuestion).where(col(UnansweredQuestion.number).in_(numbers), UnansweredQuestion.state == "open")
    settled = session.exec(chosen).all()
    for question in settled:
        question.state, question.addition = state, addition
        session.add(question)
    return settled


def reopen(session: Session, addition: int) -> None:
    """What was settled by this addition is open again."""
    settled = update(UnansweredQuestion).where(col(UnansweredQuestion.addition) == addition)
    session.connection().execute(settled.values(state="open", addition=None))


def waiting_to_hear(session: Session, addition: int) -> Sequence[Account]:
    """The chats that agreed to be told about the questions of an addition, each once."""
    asked = select(UnansweredQuestion.number).where(UnansweredQuestion.addition == addition)
    theirs = select(WantsToKnow.account_id).where(col(WantsToKnow.question).in_(asked))
    return session.exec(select(Account).where(col(Account.id).in_(theirs)).order_by(Account.id)).all()


def wanting(session: Session, numbers: Sequence[int]) -> int:
    """How many chats wait for these questions."""
    return len(session.exec(select(WantsToKnow.account_id).where(col(WantsToKnow.question).in_(numbers)).distinct()).all())


def forget(session: Session, account_id: str, message_id: str) -> None:
    """An unsent message leaves no question behind."""
    session.connection().execute(delete(UnansweredQuestion).where(col(UnansweredQuestion.origin) == _digest(account_id, message_id)))


def purge(session: Session, now: datetime) -> int:
    """After a day nothing tells whose question it was (but for who wants to be told); after ninety days it goes."""
    aged = update(UnansweredQuestion).where(col(UnansweredQuestion.asked_at) < now - ASKER_KNOWN_FOR)
    session.connection().execute(aged.values(asker="", origin=""))
    old = delete(UnansweredQuestion).where(col(UnansweredQuestion.asked_at) < now - KEPT_FOR)
    return session.connection().execute(old).rowcount


def _digest(*parts: str) -> str:
    return blake2b(" ".join(parts).encode(), digest_size=16).hexdigest() if all(parts) else ""
