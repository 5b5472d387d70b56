"""The festivals that have an answer, with their time of year, the next first; without it who asks for festivals would hear of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from accessibility import Answer, Choice
from inclusion.knowledge import fact_source
from inclusion.municipalities import Faq
from inclusion.understanding import Request

from .scene import Scene
from .today import today

ABOUT: Final = "f.fest_"
MONTHS: Final = 12
MONTH: Final = re.compile(r"(\d{1,2})月")


def several(request: Request) -> bool:
    """Whether more than one festival is asked about."""
    return request.action == "faq" and len(request.ids) > 1 and all(one.startswith(ABOUT) for one in request.ids)


def answer(request: Request, scene: Scene) -> Answer:
    """The reply to a `faq` request about several festivals: a line each, and a button to hear more of it."""
    faqs = sorted((scene.town.faqs[one] for one in request.ids), key=lambda faq: _months_until(faq, scene))
    lines = tuple(line for faq in faqs for line in _told(faq, scene))
    return Answer(
        action="faq",
        headline=scene.say("festival.several", town=scene.town.name),
        ids=request.ids,
        details=(*scene.only_japanese_where([faq.headline for faq in faqs]), *lines, *scene.drafted([faq.headline for faq in faqs])),
        choices=tuple(Choice(_name(faq, scene), faq.title) for faq in faqs),
        phones=tuple(dict.fromkeys(scene.phones([contact for faq in faqs for contact in faq.contacts]))),
        sources=tuple(dict.fromkeys(fact_source(scene.town, faq.source, faq.checked_on) for faq in faqs)),
        confidence=request.confidence,
        language=scene.language,
    )


def _told(faq: Faq, scene: Scene) -> Iterator[str]:
    yield scene.own(faq.headline)
    yield from today(faq, scene)


def _name(faq: Faq, scene: Scene) -> str:
    festival = scene.town.festivals.get(faq.id.removeprefix(ABOUT))
    return scene.own(festival.name if festival else faq.title)


def _months_until(faq: Faq, scene: Scene) -> int:
    """Until the festival comes round again; 0 in its own month."""
    festival, now = scene.town.festivals.get(faq.id.removeprefix(ABOUT)), scene.now.astimezone(scene.town.timezone)
    months = [int(one) for one in MONTH.findall(festival.season)] if festival else []
    return min(((month - now.month) % MONTHS for month in months), default=MONTHS)
