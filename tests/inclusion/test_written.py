"""Amounts, days and hours in each language, from CLDR; the Japanese words that a button sends stay as they are read back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from inclusion.classes.times import class_hour
from inclusion.conversing import SLOT
from inclusion.written import LOCALES, amount, long_day, slot_words
from tests.towns import demo_town

SLOT_AT = datetime(2026, 11, 6, 14, 30, tzinfo=UTC)
TOWN = demo_town()
SAID = {
    ("ja", False): ("1,600円", "11月6日 14時ごろ", "2026年11月6日"),
    ("ja", True): ("1,600円", "11月6日 14時ごろ", "2026年11月6日"),
    ("en", False): ("¥1,600", "Nov 6, about 2 PM", "November 6, 2026"),
    ("zh-Hans", False): ("1,600日元", "11月6日 14点左右", "2026年11月6日"),
    ("ko", False): ("1,600엔", "11월 6일 14시쯤", "2026년 11월 6일"),
}


@pytest.mark.parametrize(("language", "easy"), SAID)
def test_each_language_writes_yen_a_call_back_and_a_day_its_own_way(language: str, easy: bool) -> None:
    say = TOWN.messages.say
    yen = [say(one, language, easy, **{name: amount(1600, language)}) for one, name in (("waste.yen", "amount"), ("web.yen", "yen"))]
    slot = say("help.slot_label", language, easy, **slot_words(SLOT_AT, language))
    assert yen == [SAID[language, easy][0]] * 2
    assert (slot, re.sub(r"\s", " ", long_day(date(2026, 11, 6), language))) == SAID[language, easy][1:]


def test_every_language_of_ours_is_there() -> None:
    assert {language for language, _ in SAID} == set(LOCALES)


def test_a_button_sends_what_is_read_back() -> None:
    says = TOWN.messages.say("help.slot_says", month=SLOT_AT.month, day=SLOT_AT.day, hour=SLOT_AT.hour)
    assert SLOT.fullmatch(says)


def test_hours_are_said_as_people_say_them() -> None:
    said = {language: class_hour(SLOT_AT, ZoneInfo("UTC"), language) for language in LOCALES}
    assert said == {"ja": "午後2時30分", "en": "2:30 PM", "zh-Hans": "下午2:30", "ko": "오후 2:30"}
