"""Answers what residents ask of the office: the FAQ, with its source, and kindly where the town has no fact yet."""

from __future__ import annotations

from accessibility import Answer, Choice, Link
from inclusion.knowledge import fact_source
from inclusion.municipalities import Faq
from inclusion.understanding import Request

from .scene import Scene
from .today import today


def answer(request: Request, scene: Scene) -> Answer:
    """The reply to a `faq` request, or to a `confirm` of one; several ids are answered in order under the first one's headline."""
    faqs = [scene.town.faqs[one] for one in request.ids if one in scene.town.faqs]
    first, *more = faqs
    lines = [*first.details, *(line for faq in more for line in (faq.headline, *faq.details))]
    return Answer(
        action=request.action,
        headline=scene.own(first.headline) if request.action == "faq" else _is_it(first, scene) + scene.own(first.headline),
        ids=request.ids,
        details=(
            *scene.only_japanese_where([first.headline, *lines]),
            *(line for faq in faqs for line in today(faq, scene)),
            *map(scene.own, lines),
            *scene.drafted([first.headline, *lines]),
        ),
        choices=_yes_or_no(request, scene),
        phones=tuple(dict.fromkeys(scene.phones([contact for faq in faqs for contact in faq.contacts]))),
        links=tuple(Link(label, url) for faq in faqs for label, url in faq.links),
        sources=tuple(dict.fromkeys(fact_source(scene.town, faq.source, faq.checked_on) for faq in faqs)),
        confidence=request.confidence,
        language=scene.language,
    )


def _is_it(faq: Faq, scene: Scene) -> str:
    """The question back. Where the title is not translated its answer says enough."""
    title = scene.town.own_words(faq.title, scene.language, scene.preferences.easy)
    return scene.say("faq.is_it", title=(title or faq.title).rstrip("。？?"))


def _yes_or_no(request: Request, scene: Scene) -> tuple[Choice, ...]:
    if request.action != "confirm":
        return ()
    return tuple(Choice(words, words) for words in (scene.say("waste.yes"), scene.say("waste.no")))
