"""Signing in: how it works, how trying is slowed down, and when a session ends."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from inclusion.database import Database
from inclusion.staff.accounts import SignInRefused, StaffRow, deactivate
from inclusion.staff.passwords import Passwords
from inclusion.staff.sessions import (
    ABSOLUTE,
    FREE_TRIES,
    IDLE,
    LONGEST_WAIT,
    StaffSessionRow,
    purge,
    sign_in,
    sign_out,
    staff_of,
)

from .staff_door import PASSWORD, Add, CountingHasher, Enter, deeds


def test_who_signs_in_is_known_by_the_token_until_signing_out(database: Database, add: Add, enter: Enter, now: datetime) -> None:
    hanako, token = add(), enter()
    assert staff_of(database, token, now) == hanako
    sign_out(database, token)
    assert staff_of(database, token, now) is None
    assert deeds(database) == ["staff.create", "staff.sign_in"]


def test_the_token_itself_and_the_password_are_not_stored(database: Database, add: Add, enter: Enter) -> None:
    add()
    token = enter()
    with database.reading() as session:
        stored = [str(session.connection().execute(text(f"SELECT * FROM {name}")).all()) for name in ("staff", "staff_session")]
    assert token not in "".join(stored)
    assert PASSWORD not in "".join(stored)
    assert "$argon2id$" in stored[0]


@pytest.mark.parametrize("typed", ["correct horse 電池", "ｃｏｒｒｅｃｔ　ｈｏｒｓｅ　電池"])
def test_full_width_letters_are_the_same_letters(add: Add, enter: Enter, typed: str) -> None:
    add()
    assert enter(typed, "ＨＡＮＡＫＯ")


def test_a_wrong_password_an_unknown_login_and_an_inactive_one_are_told_apart_by_nobody(
    database: Database, add: Add, enter: Enter, passwords: Passwords, now: datetime
) -> None:
    add("boss")
    deactivate(database, add().id, now)
    refusals = []
    for login, password in (("boss", "wrong password"), ("nobody", PASSWORD), ("hanako", PASSWORD)):
        with pytest.raises(SignInRefused) as refused:
            enter(password, login)
        refusals.append(str(refused.value))
    assert len(set(refusals)) == 1
    checked = passwords.hasher.checked  # type: ignore[attr-defined]
    assert len(checked) == 3
    assert len({stored.split("$")[3] for stored in checked}) == 1  # the same work each time


def test_the_decoy_fits_no_password(passwords: Passwords) -> None:
    assert not passwords.match(None, "")
    assert not passwords.match("not a hash", PASSWORD)


def test_after_five_wrong_tries_even_the_right_password_waits(add: Add, enter: Enter, now: datetime) -> None:
    add()
    for _ in range(FREE_TRIES):
        with pytest.raises(SignInRefused):
            enter("wrong password")
    with pytest.raises(SignInRefused):
        enter()
    assert enter(at=now + timedelta(seconds=31))


def test_each_further_wrong_try_doubles_the_wait_up_to_a_limit(database: Database, add: Add, enter: Enter, now: datetime) -> None:
    add()
    waits = []
    for _ in range(FREE_TRIES + 8):
        with pytest.raises(SignInRefused):
            enter("wrong password", at=now)
        with database.reading() as session:
            locked_until = session.exec(select(StaffRow.locked_until)).one()
        waits.append((locked_until - now).total_seconds() if locked_until else 0)
        now = locked_until or now
    assert waits[: FREE_TRIES + 3] == [0] * (FREE_TRIES - 1) + [30, 60, 120, 240]
    assert waits[-1] == LONGEST_WAIT.total_seconds()


def test_signing_in_forgets_the_wrong_tries(database: Database, add: Add, enter: Enter) -> None:
    add()
    for _ in range(3):
        with pytest.raises(SignInRefused):
            enter("wrong password")
        enter()
    with database.reading() as session:
        assert session.exec(select(StaffRow.failed_tries)).one() == 0


def _guess_in_threads(database: Database, passwords: Passwords, now: datetime, guesses: int) -> int:
    """How many guesses were really compared with the password."""
    ready = threading.Barrier(guesses)

    def guess() -> None:
        ready.wait()
        with pytest.raises(SignInRefused):
            sign_in(database, "hanako", "wrong password", now, passwords=passwords)

    threads = [threading.Thread(target=guess) for _ in range(guesses)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    decoy = Passwords(CountingHasher())._decoy()
    return sum(stored != decoy for stored in passwords.hasher.checked)  # type: ignore[attr-defined]


def test_many_guesses_at_the_same_moment_are_counted_too(database: Database, add: Add, passwords: Passwords, now: datetime) -> None:
    add()
    assert _guess_in_threads(database, passwords, now, 12) == FREE_TRIES


def test_control_counting_after_the_check_lets_all_guesses_through(
    database: Database, add: Add, passwords: Passwords, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    add()
    monkeypatch.setattr("inclusion.staff.sessions.FREE_TRIES", 10**6)
    assert _guess_in_threads(database, passwords, now, 12) == 12


def test_refused_tries_for_unknown_logins_do_not_fill_the_audit(database: Database, add: Add, enter: Enter) -> None:
    add()
    for login in ("nobody", "somebody", "hanako"):
        with pytest.raises(SignInRefused):
            enter("wrong password", login)
    assert deeds(database) == ["staff.create", "staff.sign_in_refused"]


def test_a_session_ends_when_idle_and_after_twelve_hours(database: Database, add: Add, enter: Enter, now: datetime) -> None:
    add()
    idle, busy = enter(), enter()
    assert staff_of(database, idle, now + IDLE - timedelta(seconds=1)) is not None
    assert staff_of(database, enter(), now + IDLE) is None
    at = now
    while at < now + ABSOLUTE:
        assert staff_of(database, busy, at) is not None
        at += timedelta(minutes=29)
    assert staff_of(database, busy, now + ABSOLUTE) is None


def test_an_unknown_token_is_nobody(database: Database, now: datetime) -> None:
    assert staff_of(database, "", now) is None
    assert staff_of(database, "x" * 100_000, now) is None


def test_ended_sessions_are_forgotten(database: Database, add: Add, enter: Enter, now: datetime) -> None:
    add()
    enter()
    with database.writing() as session:
        assert purge(session, now) == 0
        assert purge(session, now + ABSOLUTE) == 1


def test_erasing_sessions_with_their_holder_is_the_databases_job(database: Database, add: Add, enter: Enter) -> None:
    hanako = add()
    enter()
    with database.writing() as session:
        session.delete(session.get_one(StaffRow, hanako.id))
    with database.reading() as session:
        assert session.exec(select(StaffSessionRow)).all() == []
