"""Festivals and live pictures in the talk: what is on now or next with one button to watch it; without it nobody would find the way in."""

from __future__ import annotations

from typing import Final

from accessibility import Answer, Choice, Link
from inclusion.classes.times import class_day, class_hour
from inclusion.knowledge import fact_source
from inclusion.live.upcoming import LiveShown
from inclusion.municipalities import Festival
from inclusion.understanding import Request

from .scene import Scene

REMIND_SAYS: Final = "{number}番の中継を知らせて"
FORGET_SAYS: Final = "{number}番の中継のお知らせをやめる"


def answer(request: Request, scene: Scene) -> Answer:
    """The reply to a `live` request: what is on, what comes next; where nothing is planned, the festivals of the year."""
    programme = scene.live(scene.now)
    if programme.events:
        return _on_or_next(request, scene)
    festivals = tuple(scene.town.festivals.values())
    return Answer(
        action="live",
        headline=scene.say("live.none_now"),
        ids=request.ids,
        details=tuple(_line(festival, scene) for festival in festivals),
        links=_sample(scene),
        phones=scene.phones((scene.town.help_contact,)),
        sources=tuple(dict.fromkeys(fact_source(scene.town, one.source, one.checked_on) for one in festivals)),
        confidence=request.confidence,
        language=scene.language,
    )


def will_remind(one: LiveShown, scene: Scene) -> Answer:
    """Somebody wants to be reminded, and will be."""
    stop = Choice(scene.say("live.talk.forget"), FORGET_SAYS.format(number=one.number))
    return _about("live.talk.will_remind", one, scene, (stop,))


def will_not_remind(one: LiveShown, scene: Scene) -> Answer:
    return _about("live.talk.will_not_remind", one, scene)


def cannot_remind(one: LiveShown, scene: Scene) -> Answer:
    """On our page nobody can be written to later."""
    return _about("live.talk.cannot_remind", one, scene)


def reminder(kind: str, one: LiveShown, scene: Scene) -> Answer:
    """`kind`: soon, moved or cancelled."""
    return _about(f"live.talk.reminder.{kind}", one, scene)


def _on_or_next(request: Request, scene: Scene) -> Answer:
    events = scene.live(scene.now).events
    first, others = events[0], events[1:]
    remind = Choice(scene.say("live.talk.remind"), REMIND_SAYS.format(number=first.number))
    return Answer(
        action="live",
        headline=scene.say("live.talk.now" if first.on_now else "live.talk.next", **_facts(first, scene)),
        ids=request.ids,
        details=(*_ticket_line(first, scene), *(_other(one, scene) for one in others)),
        choices=() if first.on_now else (remind,),
        links=(_watch(first, scene), *(_watch(one, scene, named=True) for one in others if one.on_now)),
        phones=scene.phones((scene.town.help_contact,)),
        confidence=request.confidence,
        language=scene.language,
    )


def _about(message_id: str, one: LiveShown, scene: Scene, choices: tuple[Choice, ...] = ()) -> Answer:
    return Answer(
        action="live",
        headline=scene.say(message_id, **_facts(one, scene)),
        ids=("v.watch",),
        details=_ticket_line(one, scene),
        choices=choices,
        links=() if message_id.endswith("cancelled") else (_watch(one, scene),),
        phones=scene.phones((scene.town.help_contact,)),
        language=scene.language,
    )


def _watch(one: LiveShown, scene: Scene, named: bool = False) -> Link:
    label = scene.say("live.talk.watch" if one.on_now else "live.talk.open")
    return Link(one.name(scene.language) if named else label, one.url, microphone=True)


def _ticket_line(one: LiveShown, scene: Scene) -> tuple[str, ...]:
    return (scene.say("live.talk.by_ticket"),) if one.by_ticket else ()


def _other(one: LiveShown, scene: Scene) -> str:
    return scene.say("live.talk.other_now" if one.on_now else "live.talk.other", **_facts(one, scene))


def _facts(one: LiveShown, scene: Scene) -> dict[str, str]:
    zone, language = scene.town.timezone, scene.language
    day, hour = class_day(one.start, zone, language), class_hour(one.start, zone, language)
    return {"name": one.name(language), "day": day, "hour": hour, "place": one.place or scene.say("live.talk.at_home")}


def _sample(scene: Scene) -> tuple[Link, ...]:
    sample = scene.live(scene.now).sample
    return (Link(scene.say("live.talk.sample"), sample, microphone=True),) if sample else ()


def _line(festival: Festival, scene: Scene) -> str:
    great = "odd" if scene.now.astimezone(scene.town.timezone).year % 2 else "even"
    this_year = scene.say("live.great_year") if festival.years == great else ""
    return scene.say("live.festival", name=festival.name, season=festival.season, place=festival.place) + this_year
