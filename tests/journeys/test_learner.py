"""A learner on LINE and Telegram: books, waits, is offered a seat, takes it, gives it up, is reminded; each step also by a word."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from inclusion.classes.notices import ClassNotices
from inclusion.classes.standings import class_says
from lessons import Application, Booking, Course, ScheduledSession, Venue, call_off_by_staff, end_queues
from lessons.arriving import board_code
from lessons.tables import Learner
from tests.doubles.line_events import RESIDENT

from .small_town import SmallTown

NEIGHBOUR = "U" + "7" * 32
DAUGHTER = "U" + "5" * 32


@pytest.fixture
def classroom(small_town: SmallTown) -> str:
    return two_classes(small_town)


def two_classes(small_town: SmallTown) -> str:
    """A class of one seat, ten days from now, and a free one; returns what the button of the full one says."""
    now, start = small_town.now, small_town.now + timedelta(days=10)
    with small_town.database.writing() as session:
        session.add_all([Course(code="call", name="電話"), Venue(id="hall", name="会場", is_accessible=["step_free"])])
        session.flush()
        for number, seats in enumerate((1, 5)):
            begins = start + timedelta(days=number)
            session.add(
                ScheduledSession(
                    id=f"c{number}", course_code="call", venue_id="hall", name=f"電話{number}", start_date=begins,
                    end_date=begins + timedelta(hours=1), room_capacity=seats, devices=seats, maximum_attendee_capacity=seats,
                    registration_opens=now - timedelta(days=1), registration_closes=begins - timedelta(hours=1), cancel_deadline=begins,
                    changed_at=now,
                )
            )  # fmt: skip
    return class_says("電話0", start, small_town.answering.town.timezone)


def keep(town: SmallTown) -> None:
    """What the server does every half minute."""
    notices = ClassNotices(town.answering.telling, town.answering.public_url)
    with town.database.writing() as session:
        notices.put(session, town.now)
        notices.remind(session, town.now)


async def met(town: SmallTown, *users: str) -> None:
    for user in users:
        await town.line("こんにちは", user)


async def test_a_class_is_booked_in_three_turns_without_a_name(small_town: SmallTown, classroom: str) -> None:
    await small_town.line("スマホ教室に申し込みたい")
    await small_town.line(classroom)
    heard = await small_town.line("はい")
    assert "席が取れました" in heard and "受付番号" in heard
    with small_town.database.reading() as session:
        assert session.exec(select(Learner.name, Learner.phone)).all() == [("", "")]


async def test_it_is_the_same_on_telegram_for_a_seat_and_for_a_place_in_the_queue(small_town: SmallTown, classroom: str) -> None:
    await small_town.telegram("こんにちは")
    assert "席が取れました" in await small_town.telegram(f"{classroom} に申し込む")
    await met(small_town, RESIDENT)
    heard = await small_town.line(f"{classroom} に申し込む")
    assert "空きを待つ1番目" in heard and "電話1" in heard


async def test_on_the_page_one_books_too_but_is_told_that_no_news_will_come(small_town: SmallTown, classroom: str) -> None:
    conversation, _ = small_town.web("スマホ教室に申し込みたい")
    _, chosen = small_town.web(classroom, conversation)
    assert "お知らせを送れません" in chosen and "このトークに届きます" not in chosen
    assert "席が取れました" in small_town.web("はい", conversation)[1]


async def test_who_cannot_be_told_of_a_freed_seat_is_sent_to_the_form_and_holds_up_nobody(small_town: SmallTown, classroom: str) -> None:
    await small_town.telegram("こんにちは")
    await small_town.telegram(f"{classroom} に申し込む")
    conversation, _ = small_town.web("スマホ教室に申し込みたい")
    _, heard = small_town.web(f"{classroom} に申し込む", conversation)
    assert "お電話でお知らせします" in heard and "電話1" in heard and "空きを待つ1番目" not in heard
    with small_town.database.reading() as session:
        assert len(session.exec(select(Application)).all()) == 1


async def test_pressing_twice_is_one_application(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT)
    for _ in range(2):
        assert "席が取れました" in await small_town.line(f"{classroom} に申し込む")
    with small_town.database.reading() as session:
        assert len(session.exec(select(Application)).all()) == 1


async def test_who_waits_is_offered_the_freed_seat_in_the_chat_and_takes_it(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT, NEIGHBOUR)
    await small_town.line(f"{classroom} に申し込む")
    assert "空きを待つ1番目" in await small_town.line(f"{classroom} に申し込む", NEIGHBOUR)
    assert "取り消しますか" in await small_town.line("教室をキャンセルしたい")
    heard = await small_town.line("はい")
    assert "取り消しました" in heard and "席が空きました" in heard  # both left together: the second went to the neighbour
    assert NEIGHBOUR in {parcel.chat_id for parcel in small_town.phones["line"].parcels[-2:]}
    assert "席が取れました" in await small_town.line("席に決めます", NEIGHBOUR)


async def test_who_waited_to_the_end_hears_that_no_seat_became_free_and_what_else_there_is(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT, NEIGHBOUR)
    await small_town.line(f"{classroom} に申し込む")
    await small_town.line(f"{classroom} に申し込む", NEIGHBOUR)
    small_town.later(days=9, hours=22, minutes=30)
    with small_town.database.writing() as session:
        assert end_queues(session, small_town.now) == 1
    keep(small_town)
    heard = await small_town.deliver()
    assert "「電話0」は、今回は席が空きませんでした" in heard and "「電話1」" in heard


async def test_leaving_the_queue_is_one_word(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT, NEIGHBOUR)
    await small_town.line(f"{classroom} に申し込む")
    await small_town.line(f"{classroom} に申し込む", NEIGHBOUR)
    assert "取り消しました" in await small_town.line("待つのをやめる", NEIGHBOUR)
    assert "申し込んでいる教室はありません" in await small_town.line("申し込みを見せて", NEIGHBOUR)


async def test_a_seat_is_reminded_of_once_and_never_after_cancelling(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT)
    await small_town.line(f"{classroom} に申し込む")
    small_town.later(days=9, minutes=5)
    keep(small_town)
    assert "あしたは" in await small_town.deliver()
    keep(small_town)
    assert await small_town.deliver() == ""
    await small_town.line(f"{classroom} を本当に取り消す")
    small_town.later(hours=22)
    keep(small_town)
    assert await small_town.deliver() == ""


async def test_a_reminder_that_waits_is_taken_back_when_the_seat_is_given_up(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT)
    await small_town.line(f"{classroom} に申し込む")
    small_town.later(days=9, minutes=5)
    keep(small_town)  # queued, not yet delivered
    heard = await small_town.line(f"{classroom} を本当に取り消す")
    assert "取り消しました" in heard and "あしたは" not in heard


async def test_who_stands_for_a_class_hears_in_the_chat_that_it_is_called_off_and_why(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT, NEIGHBOUR)
    await small_town.line(f"{classroom} に申し込む")
    await small_town.line(f"{classroom} に申し込む", NEIGHBOUR)
    with small_town.database.writing() as session:
        call_off_by_staff(session, "c0", "weather", small_town.now)
    keep(small_town)
    heard = await small_town.deliver()
    assert "天候のため中止になりました" in heard and "電話1" in heard
    assert {parcel.chat_id for parcel in small_town.phones["line"].parcels[-2:]} == {RESIDENT, NEIGHBOUR}
    keep(small_town)
    assert await small_town.deliver() == ""


async def test_a_daughter_books_for_her_mother_by_six_digits_until_one_word_ends_it(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT, DAUGHTER)
    await small_town.line("家族に頼む")
    code = "".join(re.search(r"(\d{3}) (\d{3})", await small_town.line("申し込みまで")).groups())
    assert "任されました" in await small_town.line(code, DAUGHTER)
    heard = await small_town.line(f"{classroom} に家族が申し込む", DAUGHTER)
    assert "席が取れました" in heard
    assert "電話0" in await small_town.line("申し込みを見せて")  # the mother sees it in her own chat
    assert "やめました" in await small_town.line("家族をやめる")
    assert "任されていない" in await small_town.line(f"{classroom} に家族が申し込む", DAUGHTER)


async def test_without_consent_nobody_books_for_anybody(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, DAUGHTER)
    assert "任されていない" in await small_town.line(f"{classroom} に家族が申し込む", DAUGHTER)
    with small_town.database.reading() as session:
        assert session.exec(select(Booking)).all() == []


async def test_emergencies_come_before_classes(small_town: SmallTown, classroom: str) -> None:
    await small_town.line("スマホ教室に申し込みたい")
    assert "119" in await small_town.line("胸が苦しい、助けて")


async def test_the_day_arriving_and_three_taps_of_opinion(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT)
    await small_town.line(f"{classroom} に申し込む")
    with small_town.database.writing() as session:
        code = board_code(session, "c0")
    small_town.later(days=9, hours=23, minutes=30)
    assert "4つの数字" in await small_town.line("着きました")
    assert "ようこそ" in await small_town.line(code)
    small_town.later(hours=2)
    assert "いかがでしたか" in await small_town.line("感想を言う")
    assert "速さ" in await small_town.line("満足")
    assert "また来たい" in await small_town.line("ちょうどよい")
    assert "ありがとう" in await small_town.line("また来たい")


async def test_help_by_one_person_is_asked_for_by_voice_and_left_by_a_word(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT)
    assert "お使いのスマホ" in await small_town.line("スマホの相談をしたい")
    heard = await small_town.line("1番")
    assert "次はあなたの番" in heard and "今は教える人がいません" in heard
    assert "次はあなたの番" in await small_town.line("相談の順番は？")
    assert "取り消しました" in await small_town.line("相談をやめる")


async def test_whose_very_first_words_ask_for_their_record_is_told_that_there_is_none(small_town: SmallTown) -> None:
    """It was taken for a question about somebody's pension. Control: who was met before gets a link to the own page."""
    assert "あなたの記録は、まだ何もありません" in await small_town.line("私の記録")
    assert "見て、消せるページ" in await small_town.line("私の記録")


async def test_whose_very_first_words_ask_for_their_classes_has_none(small_town: SmallTown) -> None:
    assert "申し込んでいる教室はありません" in await small_town.line("申し込みを見せて")


async def test_a_class_asked_for_by_its_name_is_shown_with_the_button_that_books_it(small_town: SmallTown, classroom: str) -> None:
    heard = await small_town.line("電話1の教室に出たいです")
    assert f"{classroom} に申し込む" not in heard and "電話1 に申し込む" in heard
    assert "席が取れました" in await small_town.line("はい")


async def test_a_danger_told_with_the_name_of_a_class_is_warned_of_first(small_town: SmallTown, classroom: str) -> None:
    """Control: the name alone shows the class; with what was done to somebody it is no class that is asked for."""
    assert "188" in await small_town.line("電話の教室だと言われてお金を払ったら詐欺だった")
