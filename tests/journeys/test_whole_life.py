"""A seat's whole life in a chat, on LINE and on Telegram: wait, be offered, accept, be reminded, arrive, give an opinion, be asked again.

And what surrounds it: a class for some people, a class from home, a helper seen in a live room, hours that are counted.
"""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from inclusion.web.tutoring_pages import TutoringRooms
from lessons import Application, Course, ScheduledSession, apply, cancel
from lessons import Wish as ClassWish
from lessons.arriving import board_code
from lessons.learners import Contact
from lessons.learning_tables import Attendance, SkillEvidence, TutoringTicket
from lessons.progress import note_evidence
from lessons.tutoring import match, start_duty
from tests.doubles.line_events import RESIDENT

from .small_town import SmallTown
from .test_learner import classroom, keep, met

__all__ = ["classroom"]


def seated_elsewhere(town: SmallTown) -> str:
    """Somebody from the page has the only seat; returns the application."""
    with town.database.writing() as session:
        return apply(session, ClassWish("c0", Contact("花子", "0312345678", True)), town.now).application_id


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
    assert "https://town.example/live/room" in await small_town.line("家から参加する")
    with small_town.database.reading() as session:
        assert session.exec(select(Attendance.method)).all() == ["remote"]


async def test_a_helper_seen_in_a_live_room_is_told_where(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT)
    await small_town.line("スマホの相談をしたい")
    await small_town.line("1番")
    rooms = TutoringRooms(small_town.answering.telling, open_room=lambda ticket_id: f"https://town.example/live/pair.{ticket_id[:6]}")
    with small_town.database.writing() as session:
        ticket = session.exec(select(TutoringTicket)).one()
        ticket.mode = "room"
        start_duty(session, "係", ["ja"], ["iphone"], small_town.now)
        match(session, small_town.now)
        rooms.begin(session, ticket.id, small_town.now)
    assert re.search(r"https://town.example/live/pair\.\w{6}", await small_town.deliver())


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
    assert await small_town.deliver() == ""


async def test_the_three_other_classes_tell_the_way_and_how_one_gets_in(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT)
    seated_elsewhere(small_town)
    assert "段差なし" in await small_town.line(f"{classroom} に申し込む")
