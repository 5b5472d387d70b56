"""Smartphone classes in the talk: the next ones as buttons, then the one that books; never a name or a number in the chat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal
from zoneinfo import ZoneInfo

from accessibility import Answer, Choice, Link
from inclusion.classes.conditions import wanted_said
from inclusion.classes.times import class_day, class_hour, short_day
from inclusion.classes.upcoming import SHOWN, OtherClass, UpcomingClass
from inclusion.knowledge import fact_source
from inclusion.municipalities import Faq
from inclusion.understanding import Request

from .class_standing import other_line
from .scene import Scene

FACTS: Final = "f.sp_signup"  # The FAQ entry that says how one signs up in this town.
LONGEST_LABEL: Final = 40  # each channel cuts to its own length; a page and a bubble show it whole
SIGN_UP: Final = "l.signup"
TIMETABLE: Final = ("f.sp_signup", "f.sp_when")  # FAQ entries that the timetable answers better than any page of the office.
Where = Literal["chat", "page", "group"]  # a page is there only while it is open: no news reaches it


def answer(request: Request, scene: Scene) -> Answer:
    """The reply to a `lesson` request: the next classes to choose from, or the town's own words where none are planned."""
    planned = scene.upcoming(scene.now)
    return _to_choose_from(planned[:SHOWN], request, scene) if planned else _as_the_town_says(request, scene)


def to_book(one: UpcomingClass, class_says: str, scene: Scene, others: Sequence[OtherClass], family: bool, where: Where) -> Answer:
    """One class with the button that books it (or joins its queue, where it is full); in a group only its page.

    On a page that belongs to no chat too, where one would learn only later whether there is a seat: its form asks for a telephone number.
    """
    apply = Choice(scene.say("lesson.talk.wait" if not one.free else "lesson.talk.apply"), f"{class_says} に申し込む")
    for_family = Choice(scene.say("lesson.talk.apply_family"), f"{class_says} に家族が申し込む")
    more = tuple(Choice(_short(other, scene), other.says) for other in others)
    lines = tuple(other_line(other, scene) for other in others)
    return Answer(
        action="lesson",
        headline=_mark(one, scene) + scene.say("lesson.talk.chosen", **_facts(one, scene)),
        ids=(SIGN_UP,),
        details=(*_details(one, scene, where), *((scene.say("lesson.talk.others"), *lines) if lines else ())),
        choices=(*(() if _only_by_form(one, where) else (apply, *((for_family,) if family else ()))), *(() if where == "group" else more)),
        links=(Link(scene.say("lesson.talk.link"), one.url),),
        phones=scene.phones((scene.town.help_contact,)),
        language=scene.language,
    )


def dates_of(found: Sequence[UpcomingClass], scene: Scene) -> Answer:
    """The dates of one class that was asked for by its name, as buttons."""
    return _to_choose_from(found[:SHOWN], Request("lesson", (SIGN_UP,)), scene)


def says(one: UpcomingClass, zone: ZoneInfo) -> str:
    """What the button of a class says: 12/2（水）10:00 電話とカメラ. The same words find the class again."""
    return f"{short_day(one.start, zone, 'ja')}{one.start.astimezone(zone):%H:%M} {one.name}"


def named_by(text: str, planned: Sequence[UpcomingClass], zone: ZoneInfo) -> UpcomingClass | None:
    """The class whose button was pressed."""
    return next((one for one in planned if says(one, zone) == text), None)


def _to_choose_from(planned: Sequence[UpcomingClass], request: Request, scene: Scene) -> Answer:
    first = planned[0]
    samples = (scene.say("lesson.sample"),) if any(one.sample for one in planned) else ()
    lines = tuple(_mark(one, scene) + scene.say("lesson.talk.one", **_facts(one, scene)) + _whom(one, scene, "in_list") for one in planned)
    return Answer(
        action=request.action,
        headline=scene.say("lesson.talk.headline"),
        ids=request.ids,
        details=(*samples, *lines),
        choices=tuple(Choice(_label(one, scene), says(one, scene.town.timezone)) for one in planned),
        links=(Link(scene.say("lesson.talk.all"), first.url.rpartition("/")[0]),),
        phones=scene.phones((scene.town.help_contact,)),
        confidence=request.confidence,
        language=scene.language,
    )


def _as_the_town_says(request: Request, scene: Scene) -> Answer:
    faq = scene.town.faqs.get(FACTS)
    return Answer(
        action="lesson",
        headline=scene.own(faq.headline) if faq else scene.say("lesson.none"),
        ids=request.ids,
        details=_in_own_words(faq, scene) if faq else (),
        phones=scene.phones(faq.contacts if faq else (scene.town.help_contact,)),
        sources=(fact_source(scene.town, faq.source, faq.checked_on),) if faq else (),
        confidence=request.confidence,
        language=scene.language,
    )


def _in_own_words(faq: Faq, scene: Scene) -> tuple[str, ...]:
    lines = (faq.headline, *faq.details)
    return (*scene.only_japanese_where(lines), *map(scene.own, faq.details), *scene.drafted(lines))


def _facts(one: UpcomingClass, scene: Scene) -> dict[str, str]:
    day = class_day(one.start, scene.town.timezone, scene.language)
    return {
        "day": day,
        "hour": class_hour(one.start, scene.town.timezone, scene.language),
        "name": scene.named(one.name),
        "place": scene.named(one.place),
    }


def _only_by_form(one: UpcomingClass, where: Where) -> bool:
    return where == "group" or (where == "page" and one.told_later)


def _details(one: UpcomingClass, scene: Scene, where: Where) -> tuple[str, ...]:
    places = scene.say("lesson.places.free", free=one.free) if one.free else scene.say("lesson.places.full")
    news = "lesson.talk.no_name" if where != "page" else "lesson.talk.by_form" if one.told_later else "lesson.talk.no_news"
    whom = _whom(one, scene, "alone")
    return (*((scene.say("lesson.sample"),) if one.sample else ()), places, *((whom,) if whom else ()), scene.say(news))


def _whom(one: UpcomingClass, scene: Scene, where: Literal["alone", "in_list"]) -> str:
    """For whom it is, where it is not for everybody."""
    said = wanted_said(one.wanted, scene.say)
    if not said:
        return ""
    apart = " " if where == "in_list" and scene.language in ("en", "ko") else ""
    return apart + scene.say(f"lesson.talk.whom.{where}", conditions=said)


def _label(one: UpcomingClass, scene: Scene) -> str:
    label = f"{short_day(one.start, scene.town.timezone, scene.language)} {scene.own(one.name)}"
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def _short(other: OtherClass, scene: Scene) -> str:
    label = f"{short_day(other.start, scene.town.timezone, scene.language)} {scene.own(other.name)}"
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def _mark(one: UpcomingClass, scene: Scene) -> str:
    return f"【{scene.say('lesson.sample_mark')}】" if one.sample else ""
