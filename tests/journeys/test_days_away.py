"""A volunteer notes days away in the chat and takes them back there; the same words from anybody else mean what they always mean."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from inclusion.helpers.away import understood
from lessons import Availability

from .small_town import SmallTown
from .test_helping import asked, crew, states

__all__ = ["crew"]
TODAY = date(2026, 12, 1)


def noted(small_town: SmallTown) -> list[tuple[date, date | None]]:
    with small_town.database.reading() as session:
        rows = session.exec(select(Availability).where(Availability.kind == "blocked").order_by(Availability.first_day))
        return [(one.first_day, one.last_day) for one in rows.all()]


@pytest.mark.parametrize(
    ("said", "back", "days"),
    [
        ("12月3日から5日まで休みます", False, (date(2026, 12, 3), date(2026, 12, 5))),
        ("１２／３はお休みします", False, (date(2026, 12, 3),)),
        ("明日休みます", False, (date(2026, 12, 2),)),
        ("12/30〜1/3は休みです", False, (date(2026, 12, 30), date(2027, 1, 3))),
        ("お休みを取り消す", True, ()),
        ("12/3から12/5までのお休みを取り消す", True, (date(2026, 12, 3), date(2026, 12, 5))),
        ("12月3日の休みを取り消してください", True, (date(2026, 12, 3),)),
        ("お休みをやめます", True, ()),
        ("Please cancel my days off", True, ()),
        ("取消休息", True, ()),
        ("쉬는 날을 취소합니다", True, ()),
    ],
)
def test_days_are_understood_as_people_say_them(said: str, back: bool, days: tuple[date, ...]) -> None:
    found = understood(said, TODAY)
    assert found is not None and (found.taking_back, found.days) == (back, days)


@pytest.mark.parametrize(
    "said",
    [
        "12月30日は休みですか",
        "ごみの日は休みです",
        "明日は地図の教室を休みます",
        "2/30は休みます",
        "休みます",
        "教室の予約を取り消す",
        "休みの日はいつですか",
    ],
)
def test_other_words_about_days_are_left_to_others(said: str) -> None:
    assert understood(said, TODAY) is None


@pytest.mark.parametrize("channel", ["line", "telegram"])
async def test_days_away_are_noted_and_taken_back_in_the_chat(small_town: SmallTown, crew: list[str], channel: str) -> None:
    say = getattr(small_town, channel)
    await say(crew[0])
    assert "お休みにしました" in await say("12月10日から12日まで休みます")
    await say("12月20日は休みます")
    assert [str(first) for first, _ in noted(small_town)] == ["2026-12-10", "2026-12-20"]
    which = await say("お休みを取り消す")
    assert "どのお休み" in which and "12月10日" in which
    assert "取り消しました" in await say("12/10から12/12までのお休みを取り消す")
    assert "取り消しました" in await say("お休みを取り消す")
    assert noted(small_town) == [] and "取り消すお休みはありません" in await say("お休みを取り消す")


async def test_a_class_promised_for_that_day_is_named_with_a_way_to_give_it_up(small_town: SmallTown, crew: list[str]) -> None:
    await small_town.line(crew[0])
    room = asked(small_town)
    await small_town.line("出られます")
    day = (small_town.now + timedelta(days=6)).date()
    heard = await small_town.line(f"{day.month}月{day.day}日は休みます")
    assert "出る約束の教室があります" in heard and "地図" in heard
    assert states(small_town, room) == {"あお": "accepted"}


async def test_days_that_end_before_they_begin_are_not_noted(small_town: SmallTown, crew: list[str]) -> None:
    await small_town.line(crew[0])
    assert "書いてください" in await small_town.line("12月12日から10日まで休みます") and noted(small_town) == []


async def test_from_somebody_who_is_no_volunteer_the_words_note_nothing(small_town: SmallTown) -> None:
    assert "お休みにしました" not in await small_town.line("12月10日は休みます") and noted(small_town) == []


async def test_who_is_no_volunteer_and_takes_days_off_back_hears_whose_they_are(small_town: SmallTown) -> None:
    assert "教室を手伝う方" in await small_town.line("お休みを取り消す")


async def test_a_booking_to_give_up_is_still_a_booking(small_town: SmallTown) -> None:
    """Control."""
    assert "教室を手伝う方" not in await small_town.line("申し込みを取り消す")
