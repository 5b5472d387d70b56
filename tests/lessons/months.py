"""A made-up month of classes and helpers of any size, the same for the same seed: what rosters are tried and measured on."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from lessons.roster_model import Fit, Helper, Lesson, Problem
from lessons.travel import SET_UP_MINUTES

TOKYO = ZoneInfo("Asia/Tokyo")
FIRST = datetime(2026, 12, 1, tzinfo=TOKYO)
COURSES = ("power", "call", "internet", "map", "line", "safe")
VENUES = tuple(f"hall{n}" for n in range(8))
HOURS = (10, 13, 15)


def month(helpers: int, lessons: int, seed: int) -> Problem:
    """Weekly series of four; each helper is free on some half days, knows some courses, likes some hours and lives near some venue."""
    dice = random.Random(seed)
    planned = [one for n in range(lessons // 4) for one in _series(n, dice)]
    people = [_helper(n, dice) for n in range(helpers)]
    travel = {(a, b): 10 + 6 * abs(VENUES.index(a) - VENUES.index(b)) for a in VENUES for b in VENUES}
    fits = {}
    for person in people:
        free = {(day, morning) for day in range(5) for morning in (True, False) if dice.random() < 0.35}
        away = {FIRST.date() + timedelta(days=dice.randrange(28)) for _ in range(4)}
        home, loved = dice.choice(VENUES), dice.choice(HOURS)
        for lesson in planned:
            if (lesson.start.weekday(), lesson.start.hour < 12) in free and lesson.day not in away:
                fits[(person.id, lesson.id)] = Fit(lesson.start.hour == loved, travel[(home, lesson.venue)] - SET_UP_MINUTES)
    return Problem(planned, people, fits, travel=travel)


def _series(number: int, dice: random.Random) -> list[Lesson]:
    course, venue, day = dice.choice(COURSES), dice.choice(VENUES), dice.randrange(5)
    hour, need = dice.choice(HOURS), dice.randint(3, 5)
    language = "en" if dice.random() < 0.1 else "ja"
    first = FIRST + timedelta(days=(day - FIRST.weekday()) % 7, hours=hour)
    starts = [first + timedelta(days=7 * week) for week in range(4)]
    return [
        Lesson(f"s{number}w{week}", course, f"s{number}", venue, start, start + timedelta(minutes=90), need, language)
        for week, start in enumerate(starts)
    ]


def _helper(number: int, dice: random.Random) -> Helper:
    skills = frozenset(course for course in COURSES if dice.random() < 0.4)
    languages = frozenset({"ja", "en"} if dice.random() < 0.25 else {"ja"})
    return Helper(f"v{number}", skills, languages, dice.choice((180, 240, 360)), 2, dice.randrange(3))
