"""Who works here, what each may do, and who is signed in: the lock of the staff door.

StaffError (a StorageError; `message_id` names the sentence for the page)
├── SignInRefused     login or password wrong, or too many tries: one sentence for all, so that trying teaches nothing
├── PasswordWrong     the present password was not right
├── PasswordRefused   too short, too long, or contains the login
├── LoginTaken        somebody already signs in with this login
├── LoginRefused      a login has 2 to 40 letters, digits and . _ - @
├── UnknownRole       not one of ROLES
├── NameMissing       no display name
├── StaffUnknown      no member of staff is meant
└── LastAdmin         the last administrator cannot be switched off
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import JSON, Column
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from inclusion.database import Database, StorageError, moment
from inclusion.staff.passwords import SHORTEST, Passwords, fault, settled

ADMIN: Final = "admin"
ROLES: Final = (ADMIN, "clerk", "volunteer_lead")
LOGIN = re.compile(r"[a-z0-9._@-]{2,40}")


class StaffError(StorageError):
    message_id = "staff.error.unknown"

    def values(self) -> Mapping[str, object]:
        """What the sentence on the page is filled with."""
        return {}


class SignInRefused(StaffError):
    message_id = "staff.error.sign_in"

    def __init__(self) -> None:
        super().__init__("The login or the password is not right, or there were too many tries. Wait a few minutes and try again.")


class PasswordWrong(StaffError):
    message_id = "staff.error.password_wrong"

    def __init__(self) -> None:
        super().__init__("The present password is not right. Type it again.")


class PasswordRefused(StaffError):
    def __init__(self, why: str) -> None:
        super().__init__(f"This password cannot be used ({why}). Choose at least {SHORTEST} characters that do not contain the login.")
        self.why, self.message_id = why, f"staff.error.password_{why}"

    def values(self) -> Mapping[str, object]:
        return {"shortest": SHORTEST}


class LoginTaken(StaffError):
    message_id = "staff.error.login_taken"

    def __init__(self) -> None:
        super().__init__("Somebody already signs in with this login. Choose another one.")


class LoginRefused(StaffError):
    message_id = "staff.error.login"

    def __init__(self) -> None:
        super().__init__("A login has 2 to 40 letters, digits and the signs . _ - @. Choose another one.")


class UnknownRole(StaffError):
    message_id = "staff.error.role"

    def __init__(self, role: str) -> None:
        super().__init__(f"'{role}' is not a role. Choose one of: {', '.join(ROLES)}.")
        self.role = role


class NameMissing(StaffError):
    message_id = "staff.error.name"

    def __init__(self) -> None:
        super().__init__("A member of staff needs a name that colleagues recognise. Type one.")


class StaffUnknown(StaffError):
    message_id = "staff.error.staff_unknown"

    def __init__(self) -> None:
        super().__init__("This member of staff does not exist. Open the list again.")


class LastAdmin(StaffError):
    message_id = "staff.error.last_admin"

    def __init__(self) -> None:
        super().__init__("This is the last administrator. Make somebody else an administrator first.")


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff as the rest of the platform sees one."""

    id: int
    login: str
    name: str
    roles: tuple[str, ...]
    active: bool

    def may(self, role: str) -> bool:
        """An administrator may do everything."""
        return role in self.roles or ADMIN in self.roles


class StaffRow(SQLModel, table=True):
    __tablename__ = "staff"

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str
    password_hash: str
    roles: list[str] = Field(sa_column=Column(JSON, nullable=False))
    active: bool = True
    failed_tries: int = 0
    locked_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    created_at: datetime = Field(sa_column=moment())
    password_changed_at: datetime = Field(sa_column=moment())

    def as_staff(self) -> Staff:
        return Staff(self.id or 0, self.login, self.name, tuple(self.roles), self.active)


class Witness(Protocol):
    """Writes down what was done, in the same transaction (inclusion.staff.audit.record is one)."""

    def __call__(
        self, session: Session, *, at: datetime, staff_id: int | None, action: str, subject_kind: str, subject_id: str, details: Any = None
    ) -> None: ...


def unwitnessed(
    session: Session, *, at: datetime, staff_id: int | None, action: str, subject_kind: str, subject_id: str, details: Any = None
) -> None:
    """Nobody writes it down: for tests and notebooks."""


def create_staff(
    database: Database,
    login: str,
    name: str,
    password: str,
    roles: Sequence[str],
    now: datetime,
    *,
    by: int | None = None,
    witness: Witness = unwitnessed,
    passwords: Passwords | None = None,
) -> Staff:
    """Let somebody sign in. Raises LoginRefused, LoginTaken, NameMissing, UnknownRole or PasswordRefused."""
    login = _checked_login(login)
    row = StaffRow(
        login=login,
        name=_checked_name(name),
        roles=_checked_roles(roles),
        password_hash=new_hash(password, login, passwords or Passwords()),
        created_at=now,
        password_changed_at=now,
    )
    try:
        with database.writing() as session:
            session.add(row)
            session.flush()
            witness(session, at=now, staff_id=by, action="staff.create", subject_kind="staff", subject_id=str(row.id))
    except IntegrityError:
        raise LoginTaken from None
    return row.as_staff()


def deactivate(database: Database, staff_id: int, now: datetime, *, by: int | None = None, witness: Witness = unwitnessed) -> None:
    """Close the door for somebody, at once: an open session no longer counts. Raises StaffUnknown or LastAdmin."""
    with database.writing() as session:
        # Every active row is locked, in one order: two administrators switching each other off must not both succeed.
        active = session.exec(select(StaffRow).where(col(StaffRow.active)).order_by(col(StaffRow.id)).with_for_update()).all()
        leaving = next((row for row in active if row.id == staff_id), None)
        if leaving is None:
            raise StaffUnknown
        if not any(ADMIN in row.roles for row in active if row is not leaving):
            raise LastAdmin
        leaving.active = False
        witness(session, at=now, staff_id=by, action="staff.deactivate", subject_kind="staff", subject_id=str(staff_id))


def all_staff(session: Session) -> list[Staff]:
    return [row.as_staff() for row in session.exec(select(StaffRow).order_by(col(StaffRow.active).desc(), col(StaffRow.login)))]


def named(login: str) -> str:
    """A login as it is kept: the same letters whatever input method typed them."""
    return settled(login).strip().casefold()


def check_choice(password: str, login: str) -> None:
    """Raises PasswordRefused when this password cannot be used."""
    why = fault(password, login)
    if why is not None:
        raise PasswordRefused(why)


def new_hash(password: str, login: str, passwords: Passwords) -> str:
    check_choice(password, login)
    return passwords.hashed(password)


def _checked_login(login: str) -> str:
    if not LOGIN.fullmatch(named(login)):
        raise LoginRefused
    return named(login)


def _checked_name(name: str) -> str:
    if not name.strip() or len(name) > 80:
        raise NameMissing
    return name.strip()


def _checked_roles(roles: Sequence[str]) -> list[str]:
    for role in roles or ("",):
        if role not in ROLES:
            raise UnknownRole(role)
    return list(dict.fromkeys(roles))
