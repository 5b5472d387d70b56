"""For whom a class is, in words: the chat and the pages say the same; without it each would explain a refusal in its own way."""

from __future__ import annotations

from collections.abc import Callable

from lessons import Course

Say = Callable[..., str]


def conditions_said(course: Course, say: Say) -> str:
    """「60歳からの方、この町に住んでいる方または…」; "" for a class that is for everybody."""
    wanted = course.conditions or {}
    ages = [say(f"lesson.conditions.{name}", age=wanted[name]) for name in ("age_from", "age_to") if wanted.get(name)]
    homes = say("lesson.conditions.or").join(say(f"lesson.conditions.{one}") for one in wanted.get("residency", ()))
    skills = [say("lesson.conditions.skills", skills="、".join(course.prerequisites))] if course.prerequisites else []
    return "、".join(part for part in (*ages, homes, *skills) if part)
