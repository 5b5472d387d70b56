"""A daughter acts for her mother on LINE as far as the mother chose and no further; each refusal beside the same words with leave."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from lessons import Application, Booking
from lessons.arriving import board_code
from tests.doubles.line_events import RESIDENT

from .small_town import SmallTown
from .test_learner import DAUGHTER, NEIGHBOUR, classroom, met

__all__ = ["classroom"]

SEE, BOOK, ALL = "見るだけ", "申し込みまで", "取り消しまで全部"
NO_FURTHER = "そこまではご本人から任されていません"


async def trust(town: SmallTown, extent: str) -> str:
    """The mother chooses, the daughter writes the code; returns what both were told."""
    assert "何を任せますか" in await town.line("家族に頼む")
    code = re.search(r"(\d{3}) (\d{3})", await town.line(extent))
    assert code
    return await town.line("".join(code.groups()), DAUGHTER)


@pytest.fixture
async def family(small_town: SmallTown, classroom: str) -> str:
    """The mother has the only seat; the class in the words of its button."""
    await met(small_town, RESIDENT, DAUGHTER)
    await small_town.line(f"{classroom} に申し込む")
    return classroom


def seats(town: SmallTown) -> list[str]:
    with town.database.reading() as session:
        return list(session.exec(select(Booking.state)).all())


@pytest.mark.parametrize(("extent", "may_not"), [(SEE, ["空いた席に決めること", "取り消すこと"]), (BOOK, ["取り消すこと"]), (ALL, [])])
async def test_both_sides_are_told_what_was_granted(small_town: SmallTown, family: str, extent: str, may_not: list[str]) -> None:
    told = await trust(small_town, extent)
    assert "任されました" in told and "ご家族が番号を使いました" in told
    assert told.count("申し込んだ教室を見ること") >= 2
    for right in ("空いた席に決めること", "取り消すこと"):
        assert (right in told) == (right not in may_not)


@pytest.mark.parametrize(
    ("extent", "words"),
    [
        (SEE, "{} を取り消す"),
        (SEE, "{} を本当に取り消す"),
        (SEE, "教室をキャンセルしたい"),
        (BOOK, "{} を取り消す"),
        (BOOK, "{} を本当に取り消す"),
    ],
)
async def test_who_may_not_cancel_is_refused_at_every_step(small_town: SmallTown, family: str, extent: str, words: str) -> None:
    await trust(small_town, extent)
    assert NO_FURTHER in await small_town.line(words.format(family), DAUGHTER)
    assert seats(small_town) == ["confirmed"]


async def test_who_may_cancel_does_it_with_the_same_words_and_the_mother_is_told(small_town: SmallTown, family: str) -> None:
    await trust(small_town, ALL)
    assert "取り消しますか" in await small_town.line("教室をキャンセルしたい", DAUGHTER)
    heard = await small_town.line("はい", DAUGHTER)
    assert seats(small_town) == ["cancelled_by_learner"]
    assert "ご家族がしました" in heard


async def test_who_may_only_look_sees_no_button_to_cancel_and_cannot_book(small_town: SmallTown, family: str) -> None:
    await trust(small_town, SEE)
    seen = await small_town.line("申し込みを見せて", DAUGHTER)
    assert "電話0" in seen and "を取り消す" not in seen
    assert "を取り消す" in await small_town.line("申し込みを見せて")
    assert NO_FURTHER in await small_town.line(f"{family} に家族が申し込む", DAUGHTER)


async def test_leaving_the_queue_needs_leave_to_cancel(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT, NEIGHBOUR, DAUGHTER)
    await small_town.line(f"{classroom} に申し込む", NEIGHBOUR)
    await small_town.line(f"{classroom} に申し込む")
    await trust(small_town, BOOK)
    assert NO_FURTHER in await small_town.line("待つのをやめる", DAUGHTER)
    await trust(small_town, ALL)
    assert "取り消しました" in await small_town.line("待つのをやめる", DAUGHTER)


@pytest.mark.parametrize(("extent", "taken"), [(SEE, False), (BOOK, True)])
async def test_taking_an_offered_seat_needs_leave_to_book(small_town: SmallTown, classroom: str, extent: str, taken: bool) -> None:
    await met(small_town, RESIDENT, NEIGHBOUR, DAUGHTER)
    await small_town.line(f"{classroom} に申し込む", NEIGHBOUR)
    await small_town.line(f"{classroom} に申し込む")
    await trust(small_town, extent)
    await small_town.line(f"{classroom} を本当に取り消す", NEIGHBOUR)
    heard = await small_town.line("席に決めます", DAUGHTER)
    assert (NO_FURTHER in heard, "confirmed" in seats(small_town)) == (not taken, taken)


@pytest.mark.parametrize("revoked", [True, False])
async def test_a_word_of_the_mother_stops_the_daughter_in_the_middle(small_town: SmallTown, family: str, revoked: bool) -> None:
    await trust(small_town, ALL)
    assert "取り消しますか" in await small_town.line(f"{family} を取り消す", DAUGHTER)
    if revoked:
        assert "やめました" in await small_town.line("家族をやめる")
    heard = await small_town.line("はい", DAUGHTER)
    assert ("ご本人から任されていないか" in heard) == revoked
    assert seats(small_town) == (["confirmed"] if revoked else ["cancelled_by_learner"])


async def test_a_code_of_before_the_revocation_opens_nothing(small_town: SmallTown, family: str) -> None:
    await small_town.line("家族に頼む")
    code = re.search(r"(\d{3}) (\d{3})", await small_town.line(ALL))
    assert code
    await small_town.line("家族をやめる")
    assert "任されました" not in await small_town.line("".join(code.groups()), DAUGHTER)
    with small_town.database.reading() as session:
        assert session.exec(select(Application.submitted_by)).all() == [""]


async def test_the_daughter_hears_that_the_mother_took_it_back_and_only_then(small_town: SmallTown, family: str) -> None:
    await trust(small_town, ALL)
    heard = await small_town.line("家族をやめる")
    assert "やめました" in heard and "任されていたのは、終わりになりました" in heard
    assert "終わりになりました" not in await small_town.line("家族をやめる")


@pytest.mark.parametrize(("extent", "arrived"), [(None, False), (SEE, False), (BOOK, True)])
async def test_the_daughter_says_that_the_mother_is_here_where_she_may_sign_her_up(
    small_town: SmallTown, family: str, extent: str | None, arrived: bool
) -> None:
    if extent:
        await trust(small_town, extent)
    with small_town.database.writing() as session:
        code = board_code(session, "c0")
    small_town.later(days=9, hours=23, minutes=30)
    told = await small_town.line(f"着きました {code}", DAUGHTER)
    assert (NO_FURTHER in told) == (extent == SEE)
    assert ("ご家族の受付をしました" in told, "ようこそ" in told, "ご家族がしました" in told) == (arrived,) * 3
    assert seats(small_town) == ["checked_in" if arrived else "confirmed"]
    again = await small_town.line(f"着きました {code}", DAUGHTER)
    assert "ご家族がしました" not in again and ("ご家族の受付をしました" in again) == arrived
    small_town.later(hours=2)
    assert "感想をうかがう教室は、今ありません" in await small_town.line("感想を言う", DAUGHTER)  # what she thinks is the mother's own
    assert ("いかがでしたか" in await small_town.line("感想を言う")) == arrived
