"""Chats keep their person, conversations their thread, and nobody can try out other people's ids."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from accessibility import Person
from bots.accounts import Account, find_account, mark_blocked, mark_unblocked, open_account
from inclusion.conversations import KEPT_FOR, Conversation, keep, open_conversation, purge
from inclusion.database import Database


def test_a_chat_gets_one_account_and_one_person(database: Database, now: datetime) -> None:
    with database.writing() as session:
        first = open_account(session, "line", "U1", now)
    with database.writing() as session:
        second = open_account(session, "line", "U1", now)
        other = open_account(session, "telegram", "U1", now)
    assert first.id == second.id
    assert first.person_id == second.person_id != other.person_id


def test_a_chat_that_first_speaks_in_two_threads_gets_one_account(database: Database, now: datetime) -> None:
    ready, opened = threading.Barrier(4), []

    def one() -> None:
        ready.wait()
        with database.writing() as session:
            opened.append(open_account(session, "line", "U1", now).id)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert len(opened) == 4
        assert len(set(opened)) == len(session.exec(select(Person)).all()) == 1


def test_blocking_and_coming_back_is_remembered(database: Database, now: datetime) -> None:
    with database.writing() as session:
        mark_blocked(session, open_account(session, "line", "U1", now), now)
    with database.writing() as session:
        account = find_account(session, "line", "U1")
        assert account is not None
        assert account.blocked_at == now
        mark_unblocked(session, account)
    with database.reading() as session:
        assert session.exec(select(Account)).one().blocked_at is None


def test_sending_the_id_back_continues_the_conversation(database: Database, now: datetime) -> None:
    with database.writing() as session:
        begun = open_conversation(session, None, "web", None, now)
        keep(session, begun, {"basket": ["S00077"]}, {"headline": "800円"}, now)
    with database.writing() as session:
        again = open_conversation(session, begun.id, "web", None, now)
    assert (again.id, again.talk, again.last_answer) == (begun.id, {"basket": ["S00077"]}, {"headline": "800円"})


@pytest.mark.parametrize("foreign", ["no-such-id", "", "x" * 10_000])
def test_an_unknown_id_gives_a_new_conversation_and_no_error(database: Database, now: datetime, foreign: str) -> None:
    with database.writing() as session:
        opened = open_conversation(session, foreign, "web", None, now)
    assert opened.id != foreign
    assert opened.talk == {}
    assert len(opened.id) >= 32


def test_another_channels_or_accounts_id_gives_a_new_conversation(database: Database, now: datetime) -> None:
    with database.writing() as session:
        account = open_account(session, "line", "U1", now)
        theirs = open_conversation(session, None, "line", account.id, now)
        web = open_conversation(session, None, "web", None, now)
    with database.writing() as session:
        assert open_conversation(session, theirs.id, "web", None, now).id != theirs.id
        assert open_conversation(session, theirs.id, "line", None, now).id != theirs.id
        assert open_conversation(session, web.id, "console", None, now).id != web.id


def test_an_account_continues_its_own_conversation_without_an_id(database: Database, now: datetime) -> None:
    with database.writing() as session:
        account = open_account(session, "line", "U1", now)
        begun = open_conversation(session, None, "line", account.id, now)
        keep(session, begun, {"topic": ["sofa"]}, None, now)
    with database.writing() as session:
        again = open_conversation(session, None, "line", account.id, now + timedelta(minutes=1))
    assert (again.id, again.talk, again.person_id) == (begun.id, {"topic": ["sofa"]}, account.person_id)


def test_an_expired_conversation_starts_empty(database: Database, now: datetime) -> None:
    with database.writing() as session:
        account = open_account(session, "line", "U1", now)
        keep(session, open_conversation(session, None, "line", account.id, now), {"topic": ["sofa"]}, {"headline": "h"}, now)
        web = open_conversation(session, None, "web", None, now)
    with database.writing() as session:
        again = open_conversation(session, None, "line", account.id, now + KEPT_FOR)
        assert (again.talk, again.last_answer) == ({}, None)
        assert open_conversation(session, web.id, "web", None, now + KEPT_FOR).id != web.id


def test_expired_conversations_are_erased(database: Database, now: datetime) -> None:
    with database.writing() as session:
        open_conversation(session, None, "web", None, now)
        fresh = open_conversation(session, None, "web", None, now + timedelta(hours=1))
    with database.writing() as session:
        assert purge(session, now + KEPT_FOR) == 1
    with database.reading() as session:
        assert session.exec(select(Conversation.id)).all() == [fresh.id]


def test_erasing_a_person_takes_accounts_and_conversations_along(database: Database, now: datetime) -> None:
    with database.writing() as session:
        account = open_account(session, "line", "U1", now)
        open_conversation(session, None, "line", account.id, now)
    with database.writing() as session:
        session.delete(session.get_one(Person, account.person_id))
    with database.reading() as session:
        assert session.exec(select(Account)).all() == []
        assert session.exec(select(Conversation)).all() == []
