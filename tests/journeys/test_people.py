"""Somebody asks for a person: staff see what was said, the bot keeps silent and comes back by itself."""

from __future__ import annotations

import pytest
from sqlmodel import select

from inclusion.handover import HelpLine, HelpTicket, lines_of, open_tickets
from tests.doubles.line_events import RESIDENT, in_group, text_event

from .small_town import NIGHT, SmallTown

STAFF = 1


def only_ticket(town: SmallTown) -> HelpTicket:
    with town.database.reading() as session:
        (ticket,) = open_tickets(session)
        return ticket


def transcript(town: SmallTown) -> list[tuple[str, str]]:
    with town.database.reading() as session:
        return [(line.who, line.text) for line in lines_of(session, only_ticket(town).number or 0)]


async def staff_say(town: SmallTown, text: str) -> str:
    with town.database.writing() as session:
        assert town.answering.desk.reply(session, only_ticket(town).number or 0, STAFF, text, town.now)
    return await town.deliver()


async def test_staff_see_what_was_asked_and_answered_before(small_town: SmallTown) -> None:
    await small_town.line("扇風機はいくら")
    assert "係の者につなぎます" in await small_town.line("係の人と話したい")
    said = transcript(small_town)
    assert said[0] == ("resident", "扇風機はいくら") and said[1][0] == "bot" and "300円" in said[1][1]
    assert said[-1] == ("resident", "係の人と話したい")


async def test_a_code_that_is_still_good_stands_in_no_transcript(small_town: SmallTown) -> None:
    shown = await small_town.line("つなぐ番号")
    await small_town.line("係の人と話したい")
    assert "つなぐ番号は" in shown and transcript(small_town) == [("resident", "係の人と話したい")]


async def test_long_numbers_are_masked_before_anything_is_kept(small_town: SmallTown) -> None:
    await small_town.line("係の人と話したい")
    await small_town.line("電話は ０３-１２３４-５６７８ です")
    assert transcript(small_town)[-1] == ("resident", "電話は ＊＊＊ です")


async def test_while_staff_hold_the_chat_the_bot_keeps_silent_and_staff_are_heard(small_town: SmallTown) -> None:
    await small_town.line("係の人と話したい")
    assert "伝えました" in await small_town.line("まだですか")
    heard = await staff_say(small_town, "お待たせしました。")
    assert "お待たせしました。" in heard and "千代田区 係の者" in heard and "quoteToken" in heard
    assert await small_town.line("扇風機はいくら") == ""
    assert transcript(small_town)[-1] == ("resident", "扇風機はいくら")


async def test_control_without_a_person_the_same_question_is_answered(small_town: SmallTown) -> None:
    assert "300円" in await small_town.line("扇風機はいくら")


async def test_an_emergency_is_answered_even_while_staff_hold_the_chat(small_town: SmallTown) -> None:
    await small_town.line("係の人と話したい")
    await staff_say(small_town, "はい")
    assert "119" in await small_town.line("胸が苦しい、助けて")


async def test_when_staff_finish_the_bot_says_so_and_answers_again(small_town: SmallTown) -> None:
    await small_town.line("係の人と話したい")
    await staff_say(small_town, "はい")
    with small_town.database.writing() as session:
        small_town.answering.desk.finish(session, only_ticket(small_town).number or 0, small_town.now)
    assert "ここからは案内係がお答えします" in await small_town.deliver()
    assert "300円" in await small_town.line("扇風機はいくら")


@pytest.mark.parametrize(("minutes", "returns"), [(14, False), (16, True)])
async def test_nobody_is_left_waiting_for_ever(small_town: SmallTown, minutes: int, returns: bool) -> None:
    await small_town.line("係の人と話したい")
    small_town.later(minutes=minutes)
    heard = await small_town.tend()
    assert ("折り返し" in heard) == returns
    assert await small_town.tend() == ""
    assert ("300円" in await small_town.line("扇風機はいくら")) == returns


async def test_after_half_an_hour_of_silence_the_bot_comes_back_and_staff_can_still_answer(small_town: SmallTown) -> None:
    await small_town.line("係の人と話したい")
    await staff_say(small_town, "はい")
    small_town.later(minutes=31)
    assert "案内係に戻りました" in await small_town.tend()
    assert "やっと分かりました" in await staff_say(small_town, "やっと分かりました")


async def test_one_word_brings_the_bot_back(small_town: SmallTown) -> None:
    await small_town.line("係の人と話したい")
    assert "案内係に戻りました" in await small_town.line("案内に戻る")
    assert "300円" in await small_town.line("扇風機はいくら")


async def test_outside_hours_a_time_is_chosen_in_the_chat_and_the_number_on_our_own_page(small_town: SmallTown) -> None:
    small_town.now = NIGHT
    heard = await small_town.line("係の人と話したい")
    assert "窓口の時間外" in heard and "11月26日 8時ごろ" in heard
    chosen = await small_town.line("折り返し 11月26日 10時")
    assert f"https://town.example/call-back/{only_ticket(small_town).token}" in chosen
    assert only_ticket(small_town).call_back_at is not None and "300円" in await small_town.line("扇風機はいくら")


async def test_a_time_that_was_never_offered_is_not_promised(small_town: SmallTown) -> None:
    small_town.now = NIGHT
    await small_town.line("係の人と話したい")
    assert "選べません" in await small_town.line("折り返し 12月31日 3時")
    assert only_ticket(small_town).call_back_at is None


async def test_a_group_is_given_the_number_and_opens_no_ticket(small_town: SmallTown) -> None:
    event = in_group(text_event("@案内 係の人と話したい", RESIDENT, small_town.now))
    event["message"]["mention"] = {"mentionees": [{"type": "user", "isSelf": True, "index": 0, "length": 3}]}
    heard = await small_town.event("line", event)
    assert "03-3264-3910" in heard and "quoteToken" in heard
    with small_town.database.reading() as session:
        assert session.exec(select(HelpLine)).all() == []


def test_on_the_page_a_person_is_reached_by_phone_or_by_a_form(small_town: SmallTown) -> None:
    _, answer = small_town.web("係の人と話したい")
    assert "03-3264-3910" in answer and "/call-back/" in answer
