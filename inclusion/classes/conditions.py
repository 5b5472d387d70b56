"""For whom a class is, in words: the chat and the pages say the same; without it each would explain a refusal in its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lessons import ClassOnOffer, wanted_of

Say = Callable[..., str]


def conditions_said(one: ClassOnOffer, say: Say) -> str:
    """「60歳からの方、この町に住んでいる方または…」; "" for a class that is for everybody."""
    return wanted_said(wanted_of(one.session, one.course), say)


def wanted_said(wanted: Mapping[str, Any], say: Say) -> str:
    """The same of the conditions alone."""
    ages = [say(f"lesson.conditions.{name}", age=wanted[name]) for name in ("age_from", "age_to") if wanted.get(name)]
    homes = say("lesson.conditions.or").join(say(f"lesson.conditions.{home}") for home in wanted.get("residency", ()))
    asked = wanted.get("prerequisites")
    skills = [say("lesson.conditions.skills", skills="、".join(asked))] if asked else []
    return "、".join(part for part in (*ages, homes, *skills) if part)
