"""「お祭り見たい」 on every channel: what is on now or next with one button to it, and a reminder that comes once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from inclusion.live.events import EventPlan, cancel_event, change_event, move_on, plan_event
from inclusion.live.notices import LiveNotices

from .small_town import SmallTown

PAGE = "https://town.example/live/aki"
OUTSIDE_LINE = f"{PAGE}?openExternalBrowser=1"
WISHES = ("お祭り見たい", "お祭りを見たいです", "中継が見たい", "watch the festival", "看直播", "축제 보고 싶어요")


def festival(town: SmallTown, **changes) -> EventPlan:
    start = town.now + timedelta(hours=2)
    usual = {"names": {"ja": "秋まつり", "en": "Autumn festival"}, "start_at": start, "end_at": start + timedelta(hours=2), "place": "広場"}
    return EventPlan(**{**usual, "room": "aki", **changes})


@pytest.fixture
def planned(small_town: SmallTown) -> int:
    with small_town.database.writing() as session:
        return plan_event(session, festival(small_town), small_town.now).number or 0


def begin(town: SmallTown) -> None:
    town.later(hours=2)
    with town.database.writing() as session:
        move_on(session, frozenset({"aki"}), town.now)


def keep(town: SmallTown) -> int:
    """What the server does every few seconds."""
    with town.database.writing() as session:
        return LiveNotices(town.answering.telling, town.answering.public_url).put(session, town.now)


def buttons(arrived: str, kind: str) -> list[str]:
    """Every `kind` ("uri" on LINE, "url" on Telegram) somewhere in what arrived."""
    found: list[str] = []

    def look(part: object) -> None:
        if isinstance(part, dict):
            found.extend(str(value) for name, value in part.items() if name == kind)
        for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list | tuple) else ():
            look(inner)

    look(json.loads(arrived))
    return found


@pytest.mark.parametrize("wish", WISHES)
async def test_a_wish_is_answered_with_the_next_event_and_one_button(small_town: SmallTown, planned: int, wish: str):
    arrived = await small_town.line(wish)
    assert OUTSIDE_LINE in buttons(arrived, "uri")
    assert "festival" in arrived or "秋まつり" in arrived


async def test_what_is_on_now_comes_first_on_every_channel(small_town: SmallTown, planned: int):
    begin(small_town)
    assert OUTSIDE_LINE in buttons(await small_town.line("お祭り見たい"), "uri")
    assert PAGE in buttons(await small_town.telegram("お祭り見たい"), "url")
    assert "いま中継しています：秋まつり" in small_town.web("お祭り見たい")[1]
    assert PAGE in small_town.web("お祭り見たい")[1]


async def test_the_answer_follows_the_table(small_town: SmallTown, planned: int):
    with small_town.database.writing() as session:
        change_event(session, planned, festival(small_town, names={"ja": "冬まつり"}, start_at=small_town.now + timedelta(hours=3)))
    arrived = await small_town.line("お祭り見たい")
    assert "冬まつり" in arrived
    assert "午後3時" in arrived


async def test_control_without_a_plan_no_event_is_invented(small_town: SmallTown):
    arrived = await small_town.line("お祭り見たい")
    assert "いま生中継はありません" in arrived
    assert PAGE not in arrived


async def test_a_ticketed_event_says_so(small_town: SmallTown, planned: int):
    with small_town.database.writing() as session:
        change_event(session, planned, festival(small_town, by_ticket=True, capacity=5))
    assert "券（リンク）が要ります" in await small_town.line("お祭り見たい")


@pytest.mark.parametrize("channel", ["line", "telegram"])
async def test_one_press_asks_for_a_reminder_that_comes_once(small_town: SmallTown, planned: int, channel: str):
    say = small_town.line if channel == "line" else small_town.telegram
    assert f"{planned}番の中継を知らせて" in await say("お祭り見たい")
    assert "15分前にお知らせします" in await say(f"{planned}番の中継を知らせて")
    small_town.later(hours=1, minutes=40)
    assert keep(small_town) == 0
    small_town.later(minutes=6)
    assert keep(small_town) == 1
    arrived = await small_town.deliver()
    assert "もうすぐ始まります" in arrived
    assert buttons(arrived, "uri" if channel == "line" else "url").count(OUTSIDE_LINE if channel == "line" else PAGE) == 1
    assert keep(small_town) == 0


async def test_a_reminder_can_be_taken_back(small_town: SmallTown, planned: int):
    await small_town.line(f"{planned}番の中継を知らせて")
    assert "やめました" in await small_town.line(f"{planned}番の中継のお知らせをやめる")
    small_town.later(hours=1, minutes=50)
    assert keep(small_town) == 0


async def test_who_asked_hears_that_it_was_moved_or_cancelled(small_town: SmallTown, planned: int):
    await small_town.line(f"{planned}番の中継を知らせて")
    later = small_town.now + timedelta(hours=5)
    with small_town.database.writing() as session:
        change_event(session, planned, festival(small_town, start_at=later, end_at=later + timedelta(hours=1)))
    assert keep(small_town) == 1
    assert "変わりました" in await small_town.deliver()
    with small_town.database.writing() as session:
        cancel_event(session, planned)
    assert (keep(small_town), keep(small_town)) == (1, 0)
    arrived = await small_town.deliver()
    assert "中止になりました" in arrived
    assert not [one for one in buttons(arrived, "uri") if one.startswith(PAGE)]


async def test_our_page_says_that_it_cannot_remind(small_town: SmallTown, planned: int):
    assert "お知らせを送れません" in small_town.web(f"{planned}番の中継を知らせて")[1]
