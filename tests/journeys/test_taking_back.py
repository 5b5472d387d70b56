"""What somebody takes back is gone everywhere, and nobody who left or sleeps is disturbed."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.doubles.line_events import RESIDENT, follow_event, redelivered, text_event, unfollow_event, unsend_event
from tests.doubles.telegram import said

from .small_town import NIGHT, SmallTown

SECRET = "ひみつのマンドリン"


def traces(town: SmallTown, words: str = SECRET) -> list[str]:
    """Every row of every table in which the words stand."""
    with town.database.reading() as session:
        connection = session.connection()
        tables = [row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = [(table, row) for table in tables for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"')]
    forms = (words, json.dumps(words)[1:-1])
    return [table for table, row in found if any(form in str(cell) for cell in row for form in forms)]


async def test_an_unsent_message_leaves_no_trace_in_any_table(small_town: SmallTown) -> None:
    await small_town.line("係の人と話したい")
    event = text_event(SECRET, at=small_town.now)
    await small_town.event("line", event)
    assert {"incoming_event", "help_line"} <= set(traces(small_town))  # control: it was kept until now
    await small_town.event("line", unsend_event(event["message"]["id"]))
    assert traces(small_town) == []


async def test_the_talk_and_the_answer_made_from_it_go_too(small_town: SmallTown) -> None:
    event = text_event(f"{SECRET}を捨てたい", at=small_town.now)
    await small_town.event("line", event)
    assert {"incoming_event", "conversation"} <= set(traces(small_town))
    await small_town.event("line", unsend_event(event["message"]["id"]))
    assert traces(small_town) == []


async def test_the_question_kept_for_another_language_goes_too(small_town: SmallTown) -> None:
    event = text_event("長いす捨てたい", at=small_town.now)
    await small_town.event("line", event)
    assert "conversation" in traces(small_town, "長いす")
    await small_town.event("line", unsend_event(event["message"]["id"]))
    assert traces(small_town, "長いす") == []


async def test_an_unsend_that_arrives_before_its_message_is_obeyed_too(small_town: SmallTown) -> None:
    event = text_event(SECRET, at=small_town.now)
    await small_town.event("line", unsend_event(event["message"]["id"]))
    assert await small_town.event("line", event) == ""
    assert traces(small_town) == []


async def test_somebody_elses_unsend_takes_nothing_back(small_town: SmallTown) -> None:
    event = text_event(SECRET, at=small_town.now)
    await small_town.event("line", event)
    await small_town.event("line", unsend_event(event["message"]["id"], "U" + "8" * 32))
    assert "incoming_event" in traces(small_town)


async def test_an_edited_question_is_answered_anew_and_its_old_words_go(small_town: SmallTown) -> None:
    first = said(SECRET, 1)
    await small_town.event("telegram", first)
    edited = {"update_id": 2, "edited_message": {**first["message"], "text": "扇風機はいくら", "edit_date": 1_777_600_100}}
    assert "300円" in await small_town.event("telegram", edited)
    assert traces(small_town) == []


async def test_what_is_deleted_or_edited_at_a_business_account_goes_too(small_town: SmallTown) -> None:
    """The only deletion Telegram tells a bot of."""
    first, second = ({**said(SECRET, n)["message"], "business_connection_id": "b"} for n in (1, 2))
    for number, message in enumerate((first, second), 1):
        assert await small_town.event("telegram", {"update_id": number, "business_message": message}) == ""
    assert traces(small_town) == ["incoming_event", "incoming_event"]
    await small_town.event("telegram", {"update_id": 3, "edited_business_message": {**first, "text": "訂正"}})
    assert traces(small_town) == ["incoming_event"]
    deleted = {"business_connection_id": "b", "chat": first["chat"], "message_ids": [first["message_id"], second["message_id"]]}
    await small_town.event("telegram", {"update_id": 4, "deleted_business_messages": deleted})
    assert traces(small_town) == [] and traces(small_town, "訂正") == []


async def test_control_the_same_numbers_in_the_chat_with_us_are_other_messages(small_town: SmallTown) -> None:
    event = said(SECRET, 1)
    await small_town.event("telegram", event)
    deleted = {"business_connection_id": "b", "chat": event["message"]["chat"], "message_ids": [event["message"]["message_id"]]}
    await small_town.event("telegram", {"update_id": 4, "deleted_business_messages": deleted})
    assert "incoming_event" in traces(small_town)


async def test_after_a_block_nothing_leaves_until_the_person_is_back(small_town: SmallTown) -> None:
    await small_town.line("係の人と話したい")
    await small_town.event("line", unfollow_event())
    small_town.later(minutes=20)
    assert await small_town.tend() == ""
    assert "おかえりなさい" in await small_town.event("line", follow_event(is_unblocked=True, at=small_town.now))


@pytest.mark.parametrize(("at_night", "silent"), [(True, True), (False, False)])
async def test_what_nobody_waits_for_does_not_ring_at_night(small_town: SmallTown, at_night: bool, silent: bool) -> None:
    await small_town.line("係の人と話したい")
    if at_night:
        small_town.now = NIGHT
    small_town.later(minutes=20)
    await small_town.tend()
    answer, notice = small_town.phones["line"].parcels
    assert (answer.silent, notice.silent) == (False, silent)


@pytest.mark.parametrize(("minutes", "by_reply"), [(5, True), (21, False)])
async def test_a_redelivered_token_is_used_within_twenty_minutes_of_its_event(small_town: SmallTown, minutes: int, by_reply: bool) -> None:
    event = redelivered(text_event("扇風機はいくら", RESIDENT, small_town.now - timedelta(minutes=minutes)))
    heard = await small_town.event("line", event)
    (parcel,) = small_town.phones["line"].parcels
    assert (parcel.reply_until is not None) == by_reply and "quoteToken" in heard


def test_the_proof_looks_into_every_table(small_town: SmallTown, tmp_path: Path) -> None:
    """Control: words planted in a table that no test names are found."""
    with small_town.database.writing() as session:
        session.connection().exec_driver_sql("CREATE TABLE planted (words TEXT)")
        session.connection().exec_driver_sql("INSERT INTO planted VALUES (?)", (SECRET,))
    assert traces(small_town) == ["planted"]


async def test_a_new_friend_is_greeted_as_one(small_town: SmallTown) -> None:
    """Control for the welcome back above."""
    assert "はじめまして" in await small_town.event("line", follow_event(at=small_town.now))
