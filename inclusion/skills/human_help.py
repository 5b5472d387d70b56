"""Says no kindly and with a next step: emergencies first, then what we may not, cannot or do not know how to answer."""

from __future__ import annotations

from accessibility import Answer, Choice
from inclusion.knowledge import phones
from inclusion.municipalities import GuardRule, Town
from inclusion.understanding import Request

from .scene import Scene

LABEL_LENGTH = 20  # LINE's limit for a button; the shortest of all channels.


def answer(request: Request, scene: Scene) -> Answer:
    """The reply to a `refuse` request. A guard rule's reviewed text is said word for word."""
    rule = next((rule for rule in scene.town.guard if rule.name == request.guard), None)
    return _reviewed(rule, request, scene) if rule else _not_understood(request, scene)


def _reviewed(rule: GuardRule, request: Request, scene: Scene) -> Answer:
    return Answer(
        action="refuse",
        headline=rule.headline,
        ids=request.ids,
        details=rule.details,
        phones=phones(scene.town, rule.contacts),
        confidence=request.confidence,
        language=scene.language,
    )


def _not_understood(request: Request, scene: Scene) -> Answer:
    reason = request.ids[0].removeprefix("r.") if request.ids else "unknown"
    key = f"refuse.{reason}" if f"refuse.{reason}" in scene.town.messages.texts else "refuse.unknown"
    choices = tuple(choice for one in request.suggestions if (choice := _suggestion(one, scene.town)))
    details = [scene.say("waste.not_known", said=word) for word in request.unknown]
    return Answer(
        action="refuse",
        headline=scene.say(key),
        ids=request.ids,
        details=(*details, *([scene.say("refuse.did_you_mean")] if choices else ()), scene.say("refuse.next_step")),
        choices=choices,
        phones=phones(scene.town, (scene.town.help_contact,)),
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
