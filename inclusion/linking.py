"""One person on several channels: without it everything set on LINE would have to be set again on Telegram and on the page.

A six-digit code, shown in one chat and said or typed in another within ten minutes, makes both belong to the same person. It works
once. Guessing is limited for each chat and, because chats cost nothing, for all of them together.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Column, ForeignKey, String, delete, func, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from accessibility import Person
from bots.accounts import Account
from inclusion.conversations import Conversation
from inclusion.database import StorageError, moment

CODE_LIVES = timedelta(minutes=10)
TRIES_COUNT_FOR = timedelta(hours=1)
WRONG_TRIES_EACH = 5
# 50 wrong tries in the ten minutes a code lives: one chance in twenty thousand to hit one given code.
WRONG_TRIES_OF_ALL = 50


class CodeGone(StorageError):
    """Somebody used the code between our look and our write; the event is tried again and then hears that it is wrong."""

    def __init__(self) -> None:
        super().__init__("The code was used by somebody else at the same moment.")


class LinkCode(SQLModel, table=True):
    """A code that somebody may say elsewhere; it disappears when used."""

    __tablename__ = "link_code"

    code: str = Field(primary_key=True)
    person_id: str = Field(sa_column=Column(String, ForeignKey(f"{Person.__tablename__}.id", ondelete="CASCADE"), nullable=False))
    expires_at: datetime = Field(sa_column=moment(index=True))


class WrongCode(SQLModel, table=True):
    """One wrong try: which chat (its account or conversation) and when; never what was tried."""

    __tablename__ = "wrong_code"

    number: int | None = Field(default=None, primary_key=True)
    who: str = Field(index=True)
    at: datetime = Field(sa_column=moment(index=True))


class JoinedAccount(SQLModel, table=True):
    """A chat that belongs to its person by a code. The chat that showed the code has no row: it stays when the others are let go."""

    __tablename__ = "joined_account"

    account_id: str = Field(
        sa_column=Column(String, ForeignKey(f"{Account.__tablename__}.id", ondelete="CASCADE"), primary_key=True, nullable=False)
    )
    joined_at: datetime = Field(sa_column=moment())


def new_code() -> str:
    """Six digits, the first never a zero, so that nobody leaves it out when speaking."""
    return str(secrets.randbelow(900_000) + 100_000)


def keep_code(session: Session, code: str, person_id: str, now: datetime) -> None:
    """Make `code` lead to this person for ten minutes; an older code of theirs ends. Raises IntegrityError when the code is taken."""
    session.connection().execute(delete(LinkCode).where((col(LinkCode.person_id) == person_id) | (col(LinkCode.expires_at) <= now)))
    session.add(LinkCode(code=code, person_id=person_id, expires_at=now + CODE_LIVES))
    session.flush()


def person_behind(session: Session, code: str, now: datetime) -> str | None:
    """Whose code this is; None for one that is wrong, used or too old."""
    found = session.get(LinkCode, code)
    return found.person_id if found is not None and found.expires_at > now else None


def may_try(session: Session, who: str, now: datetime) -> bool:
    """Whether this chat may try a code: not after five wrong ones in an hour, and not while very many are tried everywhere."""
    own = select(func.count()).select_from(WrongCode).where(WrongCode.who == who, col(WrongCode.at) > now - TRIES_COUNT_FOR)
    everywhere = select(func.count()).select_from(WrongCode).where(col(WrongCode.at) > now - CODE_LIVES)
    return session.exec(own).one() < WRONG_TRIES_EACH and session.exec(everywhere).one() < WRONG_TRIES_OF_ALL


def count_wrong(session: Session, who: str, now: datetime) -> None:
    session.add(WrongCode(who=who, at=now))


def use_code(session: Session, code: str, now: datetime) -> str:
    """Take the code and return its person. Raises CodeGone."""
    person_id = person_behind(session, code, now)
    taken = session.connection().execute(delete(LinkCode).where(col(LinkCode.code) == code)).rowcount
    if person_id is None or taken != 1:
        raise CodeGone
    return person_id


def join_account(session: Session, account: Account, person_id: str, now: datetime) -> None:
    """This chat now belongs to `person_id`; what its former person had moves along where nothing stands in the way."""
    former = account.person_id
    account.person_id = person_id
    session.add(account)
    session.flush()
    _point_conversation(session, account)
    if session.get(JoinedAccount, account.id) is None:
        session.add(JoinedAccount(account_id=account.id, joined_at=now))
    if former != person_id and not accounts_of(session, former):
        _move_belongings(session, former, person_id)


def leave(session: Session, account: Account, now: datetime) -> int:
    """Undo the link and return how many chats were let go: a joined chat goes alone, the one that stays lets all others go."""
    joined = session.get(JoinedAccount, account.id)
    others = [one for one in accounts_of(session, account.person_id) if one.id != account.id]
    going = [account] if joined is not None else [one for one in others if session.get(JoinedAccount, one.id) is not None]
    for one in going:
        _stand_alone(session, one, now)
    pages = update(Conversation).where(col(Conversation.person_id) == account.person_id, col(Conversation.account_id).is_(None))
    freed = session.connection().execute(pages.values(person_id=None)).rowcount if joined is None else 0
    return len(going) + freed


def is_linked(session: Session, person_id: str, who: str) -> bool:
    """Whether the chat `who` shares its person with another chat or page."""
    others = select(func.count()).select_from(Account).where(Account.person_id == person_id, Account.id != who)
    pages = select(func.count()).select_from(Conversation).where(Conversation.person_id == person_id, Conversation.id != who)
    only_pages = pages.where(col(Conversation.account_id).is_(None))
    return session.exec(others).one() + session.exec(only_pages).one() > 0


def accounts_of(session: Session, person_id: str) -> Sequence[Account]:
    return session.exec(select(Account).where(Account.person_id == person_id)).all()


def purge(session: Session, now: datetime) -> int:
    """Forget codes and wrong tries that no longer count."""
    codes = session.connection().execute(delete(LinkCode).where(col(LinkCode.expires_at) <= now)).rowcount
    tries = session.connection().execute(delete(WrongCode).where(col(WrongCode.at) <= now - TRIES_COUNT_FOR)).rowcount
    return codes + tries


def _stand_alone(session: Session, account: Account, now: datetime) -> None:
    """A person of its own with the same preferences, and an empty memory: what the other said is not this chat's to know."""
    shared = session.get_one(Person, account.person_id)
    alone = Person(created_at=now, stored_preferences=dict(shared.stored_preferences))
    session.add(alone)
    session.flush()
    account.person_id = alone.id
    session.add(account)
    session.connection().execute(delete(JoinedAccount).where(col(JoinedAccount.account_id) == account.id))
    _point_conversation(session, account)
    session.connection().execute(update(Conversation).where(col(Conversation.account_id) == account.id).values(talk={}, last_answer=None))


def _point_conversation(session: Session, account: Account) -> None:
    theirs = update(Conversation).where(col(Conversation.account_id) == account.id)
    session.connection().execute(theirs.values(person_id=account.person_id))


def _move_belongings(session: Session, former: str, person_id: str) -> None:
    """Bookings, reminders and whatever else points at a person; what both have (the same seat twice) stays where it was."""
    for table in SQLModel.metadata.tables.values():
        for column in table.columns:
            if not any(key.column.table.name == Person.__tablename__ for key in column.foreign_keys):
                continue
            try:
                with session.begin_nested():
                    session.connection().execute(table.update().where(column == former).values({column.name: person_id}))
            except IntegrityError:
                continue
