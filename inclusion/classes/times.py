"""Day and hour of a class as people say them; without it a chat and a page would name the same morning differently."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from inclusion.written import LOCALES

DAYS: Final = {"ja": "M月d日（EEEE）", "en": "EEEE d MMMM", "zh-Hans": "M月d日（EEEE）", "ko": "M월 d일 (EEEE)"}
HOURS: Final = {"ja": "ah時mm分", "en": "h:mm a", "zh-Hans": "ah:mm", "ko": "aaaa h:mm"}  # 오전; the short form has become AM
SHORT_DAYS: Final = {"ja": "M/d（E）", "en": "E d MMM", "zh-Hans": "M/d（E）", "ko": "M/d(E)"}


def class_day(at: datetime, zone: ZoneInfo, language: str) -> str:
    return _written(at, zone, language, DAYS[language])


def short_day(at: datetime, zone: ZoneInfo, language: str) -> str:
    """For a button: 12/2（水）."""
    return _written(at, zone, language, SHORT_DAYS[language])


def class_hour(at: datetime, zone: ZoneInfo, language: str) -> str:
    """午前10時; the minutes only when there are any."""
    pattern = HOURS[language]
    return _written(at, zone, language, pattern if at.minute or language != "ja" else pattern.replace("mm分", ""))


def class_moment(at: datetime, zone: ZoneInfo, language: str) -> str:
    """12月2日（水曜日） 午前10時."""
    return f"{class_day(at, zone, language)} {class_hour(at, zone, language)}"


def _written(at: datetime, zone: ZoneInfo, language: str, pattern: str) -> str:
    return format_datetime(at.astimezone(zone), pattern, locale=LOCALES[language])
