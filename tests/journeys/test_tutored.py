"""Help by one person in the chat: words go both ways between a learner's LINE or our page and a helper's page."""

from __future__ import annotations

import pytest
from sqlmodel import select

from inclusion.web.classes.tutoring import TutoringRooms
from lessons import forget_learner, record_of
from lessons.errors import NothingToSay, TicketUnknown
from lessons.learning_tables import TutoringLine, TutoringTicket
from lessons.tutoring import close_for_today, match, resolve, start_duty
from lessons.tutoring_words import lines_of, talks_now
from tests.doubles.line_events import RESIDENT, message_event

from .small_town import SmallTown
from .test_learner import NEIGHBOUR, met


def rooms(town: SmallTown) -> TutoringRooms:
    return TutoringRooms(town.answering.telling)


def begin(town: SmallTown) -> str:
    """The only helper begins with whoever is next; returns the ticket."""
    with town.database.writing() as session:
        start_duty(session, "係", ["ja"], ["iphone"], town.now)
        (ticket,) = match(session, town.now)
        rooms(town).begin(session, ticket.id, town.now)
        return ticket.id


def writes(town: SmallTown, ticket: str, text: str) -> None:
    with town.database.writing() as session:
        rooms(town).write(session, ticket, text, town.now)


def read(town: SmallTown, ticket: str) -> list[tuple[str, str]]:
    with town.database.reading() as session:
        return [(one.who, one.text) for one in lines_of(session, ticket)]


def ended(town: SmallTown, step) -> None:
    """As the staff page does it: whose talk ends hears of it."""
    with town.database.writing() as session:
        talks = talks_now(session)
        step(session)
        rooms(town).tell_ends(session, talks, town.now)


@pytest.fixture
async def helped(small_town: SmallTown) -> str:
    await met(small_town, RESIDENT)
    await small_town.line("スマホの相談をしたい")
    await small_town.line("1番")
    ticket = begin(small_town)
    assert "このトークでお答えします" in await small_town.deliver()
    return ticket


async def test_words_go_both_ways_and_the_bot_keeps_silent(small_town: SmallTown, helped: str) -> None:
    assert await small_town.line("画面が真っ暗です。電話は03-1234-5678です") == ""
    writes(small_town, helped, "横のボタンを長く押してください")
    assert "横のボタンを長く押してください" in await small_town.deliver()
    assert await small_town.line("つきました") == ""
    lines = read(small_town, helped)
    assert [who for who, _ in lines] == ["learner", "tutor", "learner"] and "1234-5678" not in lines[0][1]


async def test_a_danger_is_answered_at_once_though_a_helper_is_there(small_town: SmallTown, helped: str) -> None:
    assert "119" in await small_town.line("胸が痛くて息ができない")
    assert len(read(small_town, helped)) == 1


async def test_what_the_helper_cannot_see_is_said_at_once(small_town: SmallTown, helped: str) -> None:
    assert "写真や声は、係の者に届きません" in await small_town.event(
        "line",
        message_event({"type": "sticker", "packageId": "1", "stickerId": "2", "stickerResourceType": "STATIC"}, RESIDENT, small_town.now),
    )


async def test_the_learner_ends_it_and_no_word_of_it_is_kept(small_town: SmallTown, helped: str) -> None:
    await small_town.line("画面が真っ暗です")
    assert "相談を終わりました" in await small_town.line("相談を終わる")
    with small_town.database.reading() as session:
        assert session.exec(select(TutoringLine)).all() == []
        assert session.get_one(TutoringTicket, helped).state == "resolved"
    assert "粗大ごみ" in await small_town.line("粗大ごみの申し込み") or small_town.phones["line"].parcels
    with pytest.raises(TicketUnknown):
        writes(small_town, helped, "まだいますか")


async def test_the_helper_ends_it_and_the_learner_is_told(small_town: SmallTown, helped: str) -> None:
    ended(small_town, lambda session: resolve(session, helped, small_town.now))
    assert "相談を終わりました" in await small_town.deliver()


async def test_closing_time_carries_it_over_with_its_words(small_town: SmallTown, helped: str) -> None:
    await small_town.line("画面が真っ暗です")
    ended(small_town, lambda session: close_for_today(session, small_town.now))
    assert "順番は、次の日に持ち越します" in await small_town.deliver()
    assert "持ち越" not in await small_town.line("こんにちは")
    small_town.later(hours=22)
    assert begin(small_town) == helped and len(read(small_town, helped)) == 1
    assert "このトークでお答えします" in await small_town.deliver()


async def test_a_neighbours_words_go_to_no_helper(small_town: SmallTown, helped: str) -> None:
    """Control."""
    await met(small_town, NEIGHBOUR)
    assert await small_town.line("画面が真っ暗です", NEIGHBOUR) != ""
    assert read(small_town, helped) == []


async def test_on_our_page_the_helpers_words_wait_until_the_learner_looks(small_town: SmallTown) -> None:
    talk, _ = small_town.web("スマホの相談をしたい")
    small_town.web("1番", talk)
    ticket = begin(small_town)
    assert "係の者に伝えました" in small_town.web("画面が真っ暗です", talk)[1]
    writes(small_town, ticket, "横のボタンを長く押してください")
    assert "横のボタンを長く押してください" in small_town.web("係の返事を見る", talk)[1]
    assert read(small_town, ticket) == [("learner", "画面が真っ暗です"), ("tutor", "横のボタンを長く押してください")]
    assert "相談を終わりました" in small_town.web("相談を終わる", talk)[1]


async def test_empty_words_are_refused_and_everything_said_is_in_ones_record_and_goes_with_it(small_town: SmallTown, helped: str) -> None:
    with pytest.raises(NothingToSay):
        writes(small_town, helped, "  ")
    await small_town.line("画面が真っ暗です")
    with small_town.database.writing() as session:
        learner = session.get_one(TutoringTicket, helped).learner_id
        assert "画面が真っ暗です" in str(record_of(session, (), [learner]))
        forget_learner(session, learner, small_town.now)
        assert session.exec(select(TutoringLine)).all() == []
