"""What the clock adds to a written answer; without it 「今日やってる？」 would get only the hours, and 「次は2027年」 grow old."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from holidays import country_holidays

from inclusion import written
from inclusion.municipalities import Contact, Faq, Festival
from inclusion.quiet_hours import OfficeHours

from .scene import Scene

ABOUT_HOURS: Final = ("f.apply_hours", "f.apply_phone", "f.call_center", "f.office_hours")
ALWAYS: Final = re.compile(r"無休|毎日|24時間")
DAYS_OFF_TOLD: Final = re.compile(r"休み|祝日")
FIRST_OFF, LAST_OFF = (12, 29), (1, 3)  # over New Year
SEARCHED_DAYS: Final = 14
NOON: Final = 12


def today(faq: Faq, scene: Scene) -> tuple[str, ...]:
    """Whether the offices of a question about hours are open now, and when a festival's great year is next."""
    lines = [*_festivals(faq, scene)]
    if faq.id in ABOUT_HOURS:
        contacts = (scene.town.contacts[one] for one in faq.contacts if one in scene.town.contacts)
        lines += [line for contact in contacts if (line := _open_now(contact, scene))]
    return tuple(lines)


def _open_now(contact: Contact, scene: Scene) -> str:
    """Open or closed, with the next change; "" where the hours are not confirmed."""
    if not (contact.open_days and contact.opens and contact.closes) or contact.closes == "24:00":
        return ""
    hours, now = OfficeHours.of(contact, scene.town.timezone), scene.now.astimezone(scene.town.timezone)
    if country_holidays("JP", years=now.year).get(now.date()) and not (ALWAYS.search(contact.hours) or DAYS_OFF_TOLD.search(contact.hours)):
        return scene.say("hours.holiday", name=scene.own(contact.name))
    if hours.open_at(now) and not _off(contact, now.date()):
        return scene.say("hours.open_now", name=scene.own(contact.name), closes=_clock(hours.closes, now, scene))
    days = (now.date() + timedelta(days=ahead) for ahead in range(SEARCHED_DAYS))
    opening = next((day for day in days if _opens_on(contact, hours, day, now)), None)
    if opening is None:
        return ""
    at = datetime.combine(opening, hours.opens, scene.town.timezone)
    day = written.slot_words(at, scene.language)["day"]
    return scene.say("hours.closed_now", name=scene.own(contact.name), day=day, opens=_clock(hours.opens, at, scene))


def _opens_on(contact: Contact, hours: OfficeHours, day: date, now: datetime) -> bool:
    later = day > now.date() or now.time() < hours.opens
    return later and day.weekday() in hours.days and not _off(contact, day)


def _off(contact: Contact, day: date) -> bool:
    over_new_year = (day.month, day.day) >= FIRST_OFF or (day.month, day.day) <= LAST_OFF
    return over_new_year and not ALWAYS.search(contact.hours)


def _clock(hour: time, day: datetime, scene: Scene) -> str:
    """The hour as people of the language write it; in easy Japanese with morning and afternoon."""
    at = datetime.combine(day.date(), hour, day.tzinfo)
    if scene.language != "ja" or not scene.preferences.easy:
        return written.clock_time(at, scene.language)
    half, twelve = ("午前", hour.hour) if hour.hour < NOON else ("午後", hour.hour - NOON)
    return f"{half}{twelve}時{hour.minute}分" if hour.minute else f"{half}{twelve}時"


def _festivals(faq: Faq, scene: Scene) -> Iterator[str]:
    for festival in scene.town.festivals.values():
        if festival.years and festival.name in faq.title:
            year, this = _great_year(festival, scene), scene.now.astimezone(scene.town.timezone).year
            yield scene.say("festival.great_this_year" if year == this else "festival.great_next", year=year)


def _great_year(festival: Festival, scene: Scene) -> int:
    """The next year of the great festival: this one too, until its month is over."""
    now = scene.now.astimezone(scene.town.timezone)
    month = re.search(r"(\d{1,2})月", festival.season)
    year = now.year + (month is not None and int(month[1]) < now.month)
    return year + (year % 2 != (festival.years == "odd"))
