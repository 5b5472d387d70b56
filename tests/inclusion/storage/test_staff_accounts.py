"""Who works here: passwords, roles, and that somebody always keeps the key."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from datetime import datetime

import pytest
from sqlmodel import select

from inclusion.database import Database
from inclusion.staff.accounts import (
    LastAdmin,
    LoginRefused,
    LoginTaken,
    NameMissing,
    PasswordRefused,
    PasswordWrong,
    SignInRefused,
    StaffRow,
    StaffUnknown,
    UnknownRole,
    all_staff,
    create_staff,
    deactivate,
)
from inclusion.staff.audit import record
from inclusion.staff.passwords import Passwords, fault
from inclusion.staff.sessions import FREE_TRIES, change_password, reset_password, sign_in, staff_of

from .staff_door import PASSWORD, Add, CountingHasher, Enter


def test_changing_the_password_ends_the_other_sessions(
    database: Database, add: Add, enter: Enter, passwords: Passwords, now: datetime
) -> None:
    hanako, here, elsewhere = add(), enter(), enter()
    change_password(database, hanako.id, PASSWORD, "a new long one", now, keep_token=here, witness=record, passwords=passwords)
    assert staff_of(database, here, now) == hanako
    assert staff_of(database, elsewhere, now) is None
    assert enter("a new long one")
    with pytest.raises(SignInRefused):
        enter(PASSWORD)


def test_changing_needs_the_present_password_and_guessing_it_is_counted(
    database: Database, add: Add, enter: Enter, passwords: Passwords, now: datetime
) -> None:
    hanako = add()
    for _ in range(FREE_TRIES):
        with pytest.raises(PasswordWrong):
            change_password(database, hanako.id, "wrong password", "a new long one", now, passwords=passwords)
    with pytest.raises(PasswordWrong):
        change_password(database, hanako.id, PASSWORD, "a new long one", now, passwords=passwords)


def test_a_forgotten_password_is_reset_from_the_server(
    database: Database, add: Add, enter: Enter, passwords: Passwords, now: datetime
) -> None:
    add()
    reset_password(database, "Hanako", "a new long one", now, witness=record, passwords=passwords)
    assert enter("a new long one")
    with pytest.raises(StaffUnknown):
        reset_password(database, "nobody", "a new long one", now, passwords=passwords)


def test_a_hash_with_old_parameters_is_renewed_at_sign_in(database: Database, add: Add, now: datetime) -> None:
    add()
    stronger = Passwords(CountingHasher(time_cost=2))
    sign_in(database, "hanako", PASSWORD, now, passwords=stronger)
    with database.reading() as session:
        stored = session.exec(select(StaffRow.password_hash)).one()
    assert "t=2" in stored
    assert sign_in(database, "hanako", PASSWORD, now, passwords=stronger)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("eleven char", "short"),
        ("x" * 201, "long"),
        ("my HANAKO secret", "login"),
        ("ｈａｎａｋｏ１２３４５６", "login"),
        ("１２３４５６７８９０１", "short"),
    ],
)
def test_a_password_is_refused_for_length_and_login_only(password: str, why: str) -> None:
    assert fault(password, "hanako") == why


@pytest.mark.parametrize("password", ["aaaaaaaaaaaa", "ながいパスワードはあんぜん", "correct horse battery staple"])
def test_no_rule_asks_for_digits_or_signs(password: str) -> None:
    assert fault(password, "hanako") is None


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"login": "h"}, LoginRefused),
        ({"login": "山田 花子"}, LoginRefused),
        ({"name": " "}, NameMissing),
        ({"roles": ()}, UnknownRole),
        ({"roles": ("admin", "mayor")}, UnknownRole),
        ({"password": "short"}, PasswordRefused),
    ],
)
def test_what_cannot_be_right_is_refused_in_a_sentence(
    database: Database, passwords: Passwords, now: datetime, changes: dict[str, object], error: type[Exception]
) -> None:
    wanted = {"login": "hanako", "name": "花子", "password": PASSWORD, "roles": ("clerk",)} | changes
    with pytest.raises(error, match=r"\. .*\."):
        create_staff(database, now=now, passwords=passwords, **wanted)  # type: ignore[arg-type]
    with database.reading() as session:
        assert all_staff(session) == []


def test_a_login_belongs_to_one_person(add: Add) -> None:
    add("hanako")
    with pytest.raises(LoginTaken):
        add("HANAKO")


def test_a_deactivated_colleague_is_out_at_once(database: Database, add: Add, enter: Enter, now: datetime) -> None:
    add("boss")
    hanako, token = add(), enter()
    deactivate(database, hanako.id, now, witness=record)
    assert staff_of(database, token, now) is None
    with database.reading() as session:
        assert replace(hanako, active=False) in all_staff(session)
    with pytest.raises(StaffUnknown):
        deactivate(database, hanako.id, now)


def test_the_last_administrator_cannot_be_switched_off(database: Database, add: Add, now: datetime) -> None:
    boss = add("boss")
    add("clerk", "clerk")
    with pytest.raises(LastAdmin):
        deactivate(database, boss.id, now)


def _switch_each_other_off(database: Database, one: int, other: int, now: datetime) -> int:
    """Two administrators switch each other off at the same moment; how many are left."""
    ready = threading.Barrier(2)
    thread = threading.Thread(target=_try_to_switch_off, args=(database, one, now, ready))
    thread.start()
    _try_to_switch_off(database, other, now, ready)
    thread.join()
    with database.reading() as session:
        return sum(staff.active for staff in all_staff(session))


def _try_to_switch_off(database: Database, staff_id: int, now: datetime, ready: threading.Barrier) -> None:
    ready.wait()
    with contextlib.suppress(LastAdmin):
        deactivate(database, staff_id, now)


def test_two_administrators_cannot_switch_each_other_off(database: Database, add: Add, now: datetime) -> None:
    one, other = add("one"), add("other")
    for _ in range(10):
        assert _switch_each_other_off(database, one.id, other.id, now) == 1
        with database.writing() as session:
            for row in session.exec(select(StaffRow)):
                row.active = True


def test_control_looking_in_another_transaction_leaves_nobody(database: Database, add: Add, now: datetime) -> None:
    looked, staff = threading.Barrier(2), [add("one"), add("other")]

    def look_then_switch_off(staff_id: int) -> None:
        with database.reading() as session:
            others = [one for one in all_staff(session) if one.active and one.id != staff_id]
        looked.wait()
        if others:
            with database.writing() as session:
                session.get_one(StaffRow, staff_id).active = False

    threads = [threading.Thread(target=look_then_switch_off, args=(one.id,)) for one in staff]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert not any(one.active for one in all_staff(session))


def test_roles_open_what_they_name_and_an_administrator_opens_all(add: Add) -> None:
    clerk, boss = add("clerk", "clerk"), add("boss", "admin")
    assert [clerk.may("clerk"), clerk.may("admin"), boss.may("clerk"), boss.may("admin")] == [True, False, True, True]
