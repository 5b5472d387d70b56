"""Signing in, staying signed in and signing out: without it a password would have to travel with every click."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, ForeignKey, Integer, delete, func, update
from sqlmodel import Field, Session, SQLModel, col, select

from inclusion.database import Database, moment
from inclusion.staff.accounts import (
    PasswordWrong,
    SignInRefused,
    Staff,
    StaffRow,
    StaffUnknown,
    Witness,
    check_choice,
    named,
    new_hash,
    unwitnessed,
)
from inclusion.staff.passwords import Passwords

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)  # "last seen" is not worth a write a click
FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)  # longer would let anybody shut a colleague out for the day


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`token` goes into the cookie and nowhere else: only its digest is stored."""

    staff: Staff
    token: str


class StaffSessionRow(SQLModel, table=True):
    __tablename__ = "staff_session"

    digest: str = Field(primary_key=True)
    staff_id: int = Field(
        sa_column=Column(Integer, ForeignKey(f"{StaffRow.__tablename__}.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    created_at: datetime = Field(sa_column=moment())
    last_seen_at: datetime = Field(sa_column=moment())
    expires_at: datetime = Field(sa_column=moment(index=True))


def sign_in(
    database: Database, login: str, password: str, now: datetime, *, witness: Witness = unwitnessed, passwords: Passwords | None = None
) -> SignedIn:
    """A new session. Raises SignInRefused, after the same work, whatever the reason.

    The try is counted before the password is looked at, so that many tries at once cannot slip past the count; the slow check
    runs outside any transaction, so that signing in never holds up the database.
    """
    passwords = passwords or Passwords()
    row = _count_try(database, named(login), now)
    if not passwords.match(row.password_hash if row else None, password) or row is None:
        _note_refusal(database, row, now, witness)
        raise SignInRefused
    renewed = passwords.hashed(password) if passwords.outdated(row.password_hash) else None
    with database.writing() as session:
        return _welcome(session, row, renewed, now, witness)


def sign_out(database: Database, token: str) -> None:
    with database.writing() as session:
        session.connection().execute(delete(StaffSessionRow).where(col(StaffSessionRow.digest) == _digest(token)))


def staff_of(database: Database, token: str, now: datetime, idle: timedelta = IDLE) -> Staff | None:
    """Who holds this token; None when it is unknown, too old, unused for `idle`, or its holder no longer works here."""
    with database.reading() as session:
        found = session.get(StaffSessionRow, _digest(token))
        row = session.get(StaffRow, found.staff_id) if found else None
    if found is None or row is None or not row.active:
        return None
    if now >= found.expires_at or now - found.last_seen_at >= idle:
        return None
    if now - found.last_seen_at >= NOTED_EVERY:
        _note_seen(database, found.digest, now)
    return row.as_staff()


def change_password(
    database: Database,
    staff_id: int,
    present: str,
    new: str,
    now: datetime,
    *,
    keep_token: str = "",
    witness: Witness = unwitnessed,
    passwords: Passwords | None = None,
) -> None:
    """Change one's own password; every other session of this person ends. Raises PasswordWrong or PasswordRefused."""
    passwords = passwords or Passwords()
    with database.reading() as session:
        login = session.get_one(StaffRow, staff_id).login
    check_choice(new, login)  # before the try is counted: a password too short is no guess
    row = _count_try(database, login, now)
    if not passwords.match(row.password_hash if row else None, present) or row is None:
        raise PasswordWrong
    _set_password(database, row.id or 0, new_hash(new, login, passwords), now, staff_id, keep_token, witness)


def reset_password(
    database: Database, login: str, new: str, now: datetime, *, witness: Witness = unwitnessed, passwords: Passwords | None = None
) -> None:
    """For somebody who forgot: a new password from the server's own terminal. Raises StaffUnknown or PasswordRefused."""
    with database.reading() as session:
        row = session.exec(select(StaffRow).where(StaffRow.login == named(login))).one_or_none()
    if row is None:
        raise StaffUnknown
    _set_password(database, row.id or 0, new_hash(new, row.login, passwords or Passwords()), now, None, "", witness)


def purge(session: Session, now: datetime) -> int:
    """Forget sessions that have ended by themselves."""
    return session.connection().execute(delete(StaffSessionRow).where(col(StaffSessionRow.expires_at) <= now)).rowcount


def _count_try(database: Database, login: str, now: datetime) -> StaffRow | None:
    """The row to check against, its try already counted; None for an unknown, inactive or locked-out login."""
    with database.writing() as session:
        row = session.exec(select(StaffRow).where(StaffRow.login == login).with_for_update()).one_or_none()
        if row is None or not row.active or (row.locked_until is not None and row.locked_until > now):
            _write_in_vain(session)
            return None
        row.failed_tries += 1
        if row.failed_tries >= FREE_TRIES:
            row.locked_until = now + min(FIRST_WAIT * 2 ** min(row.failed_tries - FREE_TRIES, 10), LONGEST_WAIT)
        return row


def _welcome(session: Session, checked: StaffRow, renewed: str | None, now: datetime, witness: Witness) -> SignedIn:
    row = session.exec(select(StaffRow).where(StaffRow.id == checked.id).with_for_update()).one()
    if not row.active or row.password_hash != checked.password_hash:  # changed while we checked
        raise SignInRefused
    row.failed_tries, row.locked_until, row.password_hash = 0, None, renewed or row.password_hash
    token = secrets.token_urlsafe(32)
    opened = StaffSessionRow(digest=_digest(token), staff_id=row.id or 0, created_at=now, last_seen_at=now, expires_at=now + ABSOLUTE)
    session.add(opened)
    witness(session, at=now, staff_id=row.id, action="staff.sign_in", subject_kind="staff", subject_id=str(row.id))
    return SignedIn(row.as_staff(), token)


def _note_refusal(database: Database, row: StaffRow | None, now: datetime, witness: Witness) -> None:
    """Tries for a known login are written down, at most FREE_TRIES a waiting time; others could fill the book, and name passwords."""
    with database.writing() as session:
        if row is None:
            _write_in_vain(session)
        else:
            witness(session, at=now, staff_id=None, action="staff.sign_in_refused", subject_kind="staff", subject_id=str(row.id))


def _write_in_vain(session: Session) -> None:
    """Write one row as it is: an unknown login must cost the disk what a known one costs."""
    first = select(func.min(StaffRow.id)).scalar_subquery()
    session.connection().execute(update(StaffRow).where(col(StaffRow.id) == first).values(failed_tries=StaffRow.failed_tries))


def _note_seen(database: Database, digest: str, now: datetime) -> None:
    with database.writing() as session:
        found = session.get(StaffSessionRow, digest)
        if found is not None:
            found.last_seen_at = max(found.last_seen_at, now)


def _set_password(database: Database, staff_id: int, new: str, now: datetime, by: int | None, keep_token: str, witness: Witness) -> None:
    with database.writing() as session:
        row = session.get_one(StaffRow, staff_id, with_for_update=True)
        row.password_hash, row.password_changed_at, row.failed_tries, row.locked_until = new, now, 0, None
        theirs = delete(StaffSessionRow).where(col(StaffSessionRow.staff_id) == staff_id)
        session.connection().execute(theirs.where(col(StaffSessionRow.digest) != _digest(keep_token)))
        witness(session, at=now, staff_id=by, action="staff.password", subject_kind="staff", subject_id=str(staff_id))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
