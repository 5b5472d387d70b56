"""Festivals and live pictures in the talk: which ones the town has, and that none is on the air when none is."""

from __future__ import annotations

from accessibility import Answer
from inclusion.knowledge import fact_source, phones
from inclusion.municipalities import Festival
from inclusion.understanding import Request

from .scene import Scene


def answer(request: Request, scene: Scene) -> Answer:
    """The reply to a `live` request: the festivals of the year, with their season and place."""
    festivals = tuple(scene.town.festivals.values())
    return Answer(
        action="live",
        headline=scene.say("live.none_now"),
        ids=request.ids,
        details=tuple(_line(festival, scene) for festival in festivals),
        phones=phones(scene.town, (scene.town.help_contact,)),
        sources=tuple(dict.fromkeys(fact_source(scene.town, one.source, one.checked_on) for one in festivals)),
        confidence=request.confidence,
        language=scene.language,
    )


def _line(festival: Festival, scene: Scene) -> str:
    great = "odd" if scene.now.astimezone(scene.town.timezone).year % 2 else "even"
    this_year = scene.say("live.great_year") if festival.years == great else ""
    return scene.say("live.festival", name=festival.name, season=festival.season, place=festival.place) + this_year
