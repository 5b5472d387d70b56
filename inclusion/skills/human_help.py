"""Says no kindly and with a next step: emergencies first, then what we may not, cannot or do not know how to answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from accessibility import Answer, Choice, Link
from inclusion.knowledge import phones
from inclusion.municipalities import GuardRule, Town
from inclusion.understanding import Request
from inclusion.written import slot_words

from .scene import Scene

URGENT = frozenset({"r.emergency", "r.fraud"})
OPERATOR = "r.operator"
GO_ON = "go_on"  # somebody only said that a question will come
Skill = Callable[[Scene], Answer]
LABEL_LENGTH = 20  # LINE's limit for a button; the shortest of all channels.


def answer(request: Request, scene: Scene) -> Answer:
    """The reply to a `refuse` request. A guard rule's reviewed text is said word for word."""
    rule = next((rule for rule in scene.town.guard if rule.name == request.guard), None)
    return _reviewed(rule, request, scene) if rule else _not_understood(request, scene)


def connecting(scene: Scene) -> Answer:
    """Somebody sits at the desk: wait here, nothing has to be said again."""
    details = [scene.say(one) for one in ("help.connecting_more", "help.hurry", "help.no_numbers")]
    return _handover(scene, "help.connecting", details, (_back(scene),))


def passed_on(scene: Scene) -> Answer:
    """While somebody waits for the first reply, each further word is acknowledged."""
    return Answer("refuse", scene.say("help.passed_on"), (OPERATOR,), choices=(_back(scene),), language=scene.language)


def back_again(message_id: str, scene: Scene) -> Answer:
    """The bot speaks again, and says why."""
    return Answer("refuse", scene.say(message_id), (OPERATOR,), language=scene.language)


def offer_call_back(message_id: str, slots: Sequence[datetime], scene: Scene) -> Answer:
    """Nobody can answer now: a few times to be called back, as large buttons."""
    return _handover(scene, message_id, [scene.say("help.choose_slot")] if slots else [], [_slot(slot, scene) for slot in slots])


def slot_taken(slot: datetime, page: str, scene: Scene) -> Answer:
    """The number itself is typed on our own page, never in the chat."""
    said = scene.say("help.slot_taken", **slot_words(slot, scene.language))
    link = Link(scene.say("help.page_link"), page)
    return Answer("refuse", said, (OPERATOR,), (scene.say("help.no_numbers"),), links=(link,), language=scene.language)


def call_back_by_page(page: str, reviewed: Answer, scene: Scene) -> Answer:
    """On our own page nobody waits for a reply: the reviewed text, and a page where a time and a number can be left."""
    return replace(reviewed, links=(*reviewed.links, Link(scene.say("help.page.title"), page)))


def _handover(scene: Scene, headline: str, details: Sequence[str], choices: Sequence[Choice]) -> Answer:
    return Answer(
        action="refuse",
        headline=scene.say(headline),
        ids=(OPERATOR,),
        details=tuple(details),
        choices=tuple(choices),
        phones=scene.phones((scene.town.help_contact,)),
        language=scene.language,
    )


def _back(scene: Scene) -> Choice:
    return Choice(scene.say("help.back_label"), scene.town.messages.say("help.back_says"))


def _slot(slot: datetime, scene: Scene) -> Choice:
    says = scene.town.messages.say("help.slot_says", month=slot.month, day=slot.day, hour=slot.hour)
    return Choice(scene.say("help.slot_label", **slot_words(slot, scene.language)), says)


def _reviewed(rule: GuardRule, request: Request, scene: Scene) -> Answer:
    return Answer(
        action="refuse",
        headline=rule.headline,
        ids=request.ids,
        details=(*_numbers_in_english(rule, scene), *rule.details),
        phones=phones(scene.town, rule.contacts) if rule.id in URGENT else scene.phones(rule.contacts),
        confidence=request.confidence,
        language=scene.language,
    )


def _numbers_in_english(rule: GuardRule, scene: Scene) -> tuple[str, ...]:
    """Who does not read Japanese gets the two numbers in English, whatever her language: the other translations are drafts."""
    return () if scene.language == "ja" or rule.id not in URGENT else (scene.town.messages.say("danger.numbers", "en"),)


def _not_understood(request: Request, scene: Scene) -> Answer:
    reasons = (request.guard, request.ids[0].removeprefix("r.") if request.ids else "")
    key = next((f"refuse.{one}" for one in reasons if f"refuse.{one}" in scene.town.messages.texts), "refuse.unknown")
    choices = tuple(choice for one in request.suggestions if (choice := _suggestion(one, scene.town)))
    details = [scene.say("waste.not_known", said=word) for word in request.unknown]
    next_step = () if request.guard == GO_ON else (scene.say("refuse.next_step"),)
    return Answer(
        action="refuse",
        headline=scene.say(key),
        ids=request.ids,
        details=(*details, *([scene.say("refuse.did_you_mean")] if choices else ()), *next_step),
        choices=choices,
        phones=scene.phones((scene.town.help_contact,)),
        confidence=request.confidence,
        language=scene.language,
    )


def _suggestion(one: str, town: Town) -> Choice | None:
    if one in town.items:
        name = town.items[one].said
    elif one in town.groups:
        name = town.groups[one].name
    elif one in town.policies:
        name = town.policies[one].name
    elif one in town.faqs:
        name = town.faqs[one].title
    else:
        return None
    return Choice(name if len(name) <= LABEL_LENGTH else name[: LABEL_LENGTH - 1] + "…", name)
