"""A seat's whole life in a chat, on LINE and on Telegram: wait, be offered, accept, be reminded, arrive, give an opinion, be asked again.

And what surrounds it: a class for some people, a class from home, a helper seen in a live room, hours that are counted.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from inclusion.live.pairs import PairRooms
from inclusion.web.classes.tutoring import TutoringRooms
from lessons import Application, Course, ScheduledSession, apply, cancel
from lessons import Wish as ClassWish
from lessons.arriving import board_code
from lessons.learners import Contact
from lessons.learning_tables import Attendance, SkillEvidence, TutoringTicket
from lessons.progress import note_evidence
from lessons.tutoring import match, start_duty
from tests.doubles.line_events import RESIDENT

from .conversations import Talk, talking
from .small_town import SmallTown
from .test_learner import classroom, keep, met, two_classes

__all__ = ["classroom"]


def seated_elsewhere(town: SmallTown) -> str:
    """Somebody from the page has the only seat; returns the application."""
    with town.database.writing() as session:
        return apply(session, ClassWish("c0", Contact("花子", "0312345678", True)), town.now).application_id


@pytest.mark.parametrize("word", ["はい", "お願いします"])
async def test_a_bare_yes_takes_the_seat_just_offered_and_not_the_class_shown_before(
    small_town: SmallTown, classroom: str, word: str
) -> None:
    await small_town.line("こんにちは")
    first = seated_elsewhere(small_town)
    assert "電話1" in await small_town.line(f"{classroom} に申し込む")  # another class is proposed: a yes would book that one
    small_town.later(minutes=1)
    with small_town.database.writing() as session:
        cancel(session, first, small_town.now)
    keep(small_town)
    assert "席が空きました" in await small_town.deliver()
    assert "席が取れました" in await small_town.line(word)


async def test_a_yes_before_any_offer_is_for_what_was_shown(small_town: SmallTown, classroom: str) -> None:
    """Control: without an offer the same word chooses the other class."""
    await small_town.line("こんにちは")
    seated_elsewhere(small_town)
    await small_town.line(f"{classroom} に申し込む")
    assert "席が取れました" not in await small_town.line("はい")


@pytest.mark.parametrize("channel", ["line", "telegram"])
async def test_wait_offer_accept_reminder_arrival_opinion_and_review(small_town: SmallTown, classroom: str, channel: str) -> None:
    say = small_town.line if channel == "line" else small_town.telegram
    await say("こんにちは")
    first = seated_elsewhere(small_town)
    heard = await say(f"{classroom} に申し込む")
    assert "空きを待つ1番目" in heard and "電話1" in heard  # the queue, and another class beside it
    with small_town.database.writing() as session:
        cancel(session, first, small_town.now)
    keep(small_town)
    assert "席が空きました" in await small_town.deliver()
    assert "席が取れました" in await say("席に決めます")
    small_town.later(days=9, minutes=5)
    keep(small_town)
    assert "あしたは" in await small_town.deliver()
    with small_town.database.writing() as session:
        code = board_code(session, "c0")
    small_town.later(hours=23, minutes=30)
    assert "ようこそ" in await say(f"着きました {code}")
    shown_in_class(small_town, "電話に出る")
    small_town.later(hours=2)
    assert "いかがでしたか" in await say("感想を言う")
    await say("満足")
    small_town.later(days=1)
    keep(small_town)
    asked = await small_town.deliver()
    assert "「電話に出る」は、今もおひとりでできますか" in asked
    keep(small_town)
    assert await small_town.deliver() == ""  # once
    assert "また聞きますね" in await say("「電話に出る」ひとりでできました")
    with small_town.database.reading() as session:
        assert session.exec(select(SkillEvidence.result).where(SkillEvidence.kind == "review")).all() == ["alone"]


async def test_the_same_life_through_the_real_clients_to_both_doubles(tmp_path: Path, migrated_sqlite: Path) -> None:
    """LINE waits, is offered, takes the seat and gives it up; it goes to Telegram, which is reminded, arrives and says how it was."""
    async with talking(tmp_path, migrated_sqlite) as talk:
        town, room = talk.town, two_classes(talk.town)
        first = seated_elsewhere(town)
        for write in (talk.say, talk.write):
            await write("こんにちは")
            assert "空きを待つ" in await heard(talk, write(f"{room} に申し込む"))
        with town.database.writing() as session:
            cancel(session, first, town.now)
        keep(town)
        assert "席が空きました" in await heard(talk, talk.deliver())
        assert "席が取れました" in await heard(talk, talk.say("席に決めます"))
        assert "席が空きました" in await heard(talk, talk.say(f"{room} を本当に取り消す"))
        assert "席が取れました" in await heard(talk, talk.write("席に決めます"))
        town.later(days=9, minutes=5)
        keep(town)
        reminded = await heard(talk, talk.deliver())
        assert reminded.count("あしたは") == 1
        with town.database.writing() as session:
            code = board_code(session, "c0")
        town.later(hours=23, minutes=30)
        assert "ようこそ" in await heard(talk, talk.write(f"着きました {code}"))
        shown_in_class(town, "電話に出る")
        town.later(hours=2)
        assert "いかがでしたか" in await heard(talk, talk.write("感想を言う"))
        town.later(days=1)
        keep(town)
        assert "今もおひとりでできますか" in await heard(talk, talk.deliver())


async def heard(talk: Talk, step: Awaitable[None]) -> str:
    """What was seen on either screen because of this step."""
    before = len(talk.log)
    await step
    return "\n".join(talk.log[before:])


def shown_in_class(town: SmallTown, skill: str) -> None:
    with town.database.writing() as session:
        seat = session.exec(select(Application).where(Application.session_id == "c0", Application.state == "confirmed")).one()
        note_evidence(session, seat.learner_id, skill, "teach_back", "alone", "staff 1", town.now)


async def test_a_seat_given_up_is_not_reminded_of_and_goes_on(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT)
    await small_town.line(f"{classroom} に申し込む")
    await small_town.line(f"{classroom} を本当に取り消す")
    small_town.later(days=9, minutes=5)
    keep(small_town)
    assert await small_town.deliver() == ""


async def test_nobody_can_praise_a_skill_that_was_never_shown(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT)
    await small_town.line("「電話に出る」ひとりでできました")
    with small_town.database.reading() as session:
        assert session.exec(select(SkillEvidence)).all() == []


async def test_a_class_for_some_people_asks_once_and_writes_no_birthday(small_town: SmallTown, classroom: str) -> None:
    with small_town.database.writing() as session:
        session.get_one(Course, "call").conditions = {"age_from": 60, "residency": ["lives"]}
    await met(small_town, RESIDENT)
    asked = await small_town.line(f"{classroom} に申し込む")
    assert "60歳からの方、この町に住んでいる方のための教室です" in asked
    assert "席が取れました" in await small_town.line("はい")


async def test_joining_from_home_is_arriving(small_town: SmallTown, classroom: str) -> None:
    with small_town.database.writing() as session:
        session.get_one(ScheduledSession, "c0").remote_address = "/live/room"
    await met(small_town, RESIDENT)
    assert "家から参加できる教室が、今はありません" in await small_town.line("家から参加する")
    await small_town.line(f"{classroom} に申し込む")
    small_town.later(days=9, hours=23, minutes=30)
    assert "https://town.example/live/room?openExternalBrowser=1" in await small_town.line("家から参加する")
    with small_town.database.reading() as session:
        assert session.exec(select(Attendance.method)).all() == ["remote"]


async def test_a_helper_seen_in_a_live_room_is_told_where(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT)
    await small_town.line("スマホの相談をしたい")
    await small_town.line("1番")
    pairs = PairRooms("secret", small_town.answering.town.messages, "https://town.example")
    rooms = TutoringRooms(small_town.answering.telling, pairs=pairs)
    with small_town.database.writing() as session:
        ticket = session.exec(select(TutoringTicket)).one()
        ticket.mode = "room"
        start_duty(session, "係", ["ja"], ["iphone"], small_town.now)
        match(session, small_town.now)
        rooms.begin(session, ticket.id, small_town.now)
    assert re.search(r"https://town.example/live/help-\w{16}\?key=\d+-\w{22}&openExternalBrowser=1", await small_town.deliver())


async def test_the_picture_is_offered_asked_for_and_the_link_said_again(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT)
    pairs = PairRooms("secret", small_town.answering.town.messages, "https://town.example")
    small_town.answering = replace(small_town.answering, rooms=pairs)
    await small_town.line("スマホの相談をしたい")
    assert "顔を見ながら話す" in await small_town.line("1番")
    assert "順番が来たら" in await small_town.line("顔を見ながら相談したい")
    with small_town.database.writing() as session:
        ticket = session.exec(select(TutoringTicket)).one()
        start_duty(session, "係", ["ja"], ["iphone"], small_town.now)
        match(session, small_town.now)
        TutoringRooms(small_town.answering.telling, pairs=pairs).begin(session, ticket.id, small_town.now)
    told = re.search(r"https://town.example/live/help-\w+\?key=[0-9a-f-]+", await small_town.deliver())
    assert told and told[0] in await small_town.line("相談の順番")


async def test_without_live_rooms_help_begins_all_the_same(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT)
    await small_town.line("スマホの相談をしたい")
    await small_town.line("1番")
    with small_town.database.writing() as session:
        ticket = session.exec(select(TutoringTicket)).one()
        ticket.mode = "room"
        start_duty(session, "係", ["ja"], ["iphone"], small_town.now)
        match(session, small_town.now)
        TutoringRooms(small_town.answering.telling).begin(session, ticket.id, small_town.now)
        assert (ticket.state, ticket.room) == ("in_help", "")
    assert f"番号 {ticket.number} の順番が来ました" in await small_town.deliver()


async def test_the_three_other_classes_tell_the_way_and_how_one_gets_in(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT)
    seated_elsewhere(small_town)
    assert "段差なし" in await small_town.line(f"{classroom} に申し込む")
