"""What the clock adds: whether an office is open now, and which year brings the great festival."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from accessibility import Preferences
from inclusion.municipalities import Town
from inclusion.skills import festivals, town_office
from inclusion.skills.scene import Scene
from inclusion.understanding import Request
from tests.towns import demo_town

JAPAN = ZoneInfo("Asia/Tokyo")


@pytest.fixture(scope="module")
def chiyoda() -> Town:
    return demo_town()


def said(town: Town, faq: str, at: datetime, language: str = "ja", easy: bool = False) -> str:
    scene = Scene(town, Preferences(language=language, easy=easy), language, at)
    return "\n".join(town_office.answer(Request("faq", (faq,)), scene).details)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 24, 10, tzinfo=JAPAN), "いま受け付けています（今日は19時まで）"),
        (datetime(2026, 11, 24, 7, 59, tzinfo=JAPAN), "次は11月24日の8時から"),
        (datetime(2026, 11, 28, 19, 0, tzinfo=JAPAN), "次は11月30日の8時から"),  # Saturday evening: closed on Sunday
        (datetime(2026, 12, 31, 10, tzinfo=JAPAN), "次は1月4日の8時から"),
        (datetime(2026, 11, 23, 10, tzinfo=JAPAN), "いま受け付けています"),  # a holiday; its days off are told and this is none
    ],
)
def test_whether_the_office_is_open_now(chiyoda: Town, at: datetime, words: str) -> None:
    assert words in said(chiyoda, "f.apply_hours", at)


def test_an_office_that_never_rests_is_open_on_new_years_day(chiyoda: Town) -> None:
    assert "いま受け付けています（今日は21時まで）" in said(chiyoda, "f.call_center", datetime(2027, 1, 1, 9, tzinfo=JAPAN))


def test_the_hour_is_written_as_its_reader_writes_it(chiyoda: Town) -> None:
    at = datetime(2026, 11, 24, 10, tzinfo=JAPAN)
    assert "until 7\u202fPM today" in said(chiyoda, "f.apply_hours", at, "en").replace("7 PM", "7\u202fPM")
    assert "今日は 午後7時までです" in said(chiyoda, "f.apply_hours", at, easy=True)


@pytest.mark.parametrize(
    ("faq", "month", "words"),
    [
        ("f.fest_kanda", 3, "次の大きな本祭は2027年"),
        ("f.fest_sanno", 3, "今年（2026年）は、大きな本祭の年"),
        ("f.fest_sanno", 7, "次の大きな本祭は2028年"),
    ],
)
def test_the_great_year_is_counted_and_never_grows_old(chiyoda: Town, faq: str, month: int, words: str) -> None:
    assert words in said(chiyoda, faq, datetime(2026, month, 1, tzinfo=JAPAN))


def test_other_questions_say_nothing_of_the_clock(chiyoda: Town) -> None:
    at = datetime(2026, 11, 24, 10, tzinfo=JAPAN)
    assert "いま受け付け" not in said(chiyoda, "f.time_put", at) and "本祭" not in said(chiyoda, "f.fest_bon", at)


def test_all_festivals_are_told_the_next_one_first_each_with_its_great_year(chiyoda: Town) -> None:
    asked = Request("faq", ("f.fest_sakura", "f.fest_kanda", "f.fest_sanno"))
    scene = Scene(chiyoda, Preferences(), "ja", datetime(2026, 5, 24, 10, tzinfo=JAPAN))
    answer = festivals.answer(asked, scene)
    assert [choice.says for choice in answer.choices] == ["神田祭はいつですか", "山王祭はいつですか", "さくらまつりはいつですか"]
    assert "今年（2026年）は、大きな本祭の年です。" in answer.details


def test_one_festival_is_told_as_every_other_question(chiyoda: Town) -> None:
    assert not festivals.several(Request("faq", ("f.fest_kanda",)))
    assert not festivals.several(Request("faq", ("f.fest_kanda", "f.pay")))
