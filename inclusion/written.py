"""Amounts, days and hours as people of each language write them (CLDR, through Babel); without it each place would put commas by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal

LOCALES: Final = {"ja": "ja", "en": "en", "zh-Hans": "zh_Hans", "ko": "ko"}
FULL_HOURS: Final = {"ja": "H時", "en": "h a", "zh-Hans": "H点", "ko": "H시"}


def amount(number: int, language: str) -> str:
    """1,600"""
    return format_decimal(number, locale=LOCALES[language])


def tongue(code: str, language: str) -> str:
    """The name of a language in another one: 英語, English."""
    return Locale.parse(LOCALES.get(code, code), sep="_").get_display_name(LOCALES[language]) or code


def long_day(day: date, language: str) -> str:
    """2026年11月26日, November 26, 2026"""
    return format_date(day, "long", locale=LOCALES[language])


def clock_time(at: datetime, language: str) -> str:
    """21時, 9 PM, 21点; with its minutes where there are any."""
    return format_time(at, "short" if at.minute else FULL_HOURS[language], locale=LOCALES[language])


def slot_words(slot: datetime, language: str) -> Mapping[str, str]:
    """`day` and `hour` of a call back, in the zone the slot is in; minutes are left out, for it is said as "about"."""
    day = format_skeleton("MMMd", slot, locale=LOCALES[language])
    return {"day": day, "hour": format_time(slot, FULL_HOURS[language], locale=LOCALES[language])}
