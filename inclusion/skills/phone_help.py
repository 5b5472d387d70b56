"""Explains the smartphone one action at a time; without it somebody stuck on the telephone would get a page of steps at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from accessibility import Answer, Choice
from inclusion.understanding import Request

from .scene import Scene

PHONES: Final = ("iphone", "android")
MOST_STEPS: Final = 9


def answer(request: Request, scene: Scene) -> Answer:
    """The step to do now; first which telephone it is, where that matters; at the end and when stuck, a class or a person."""
    topic = request.ids[0].removeprefix("h.")
    steps = _steps(topic, scene)
    if request.action == "confirm":
        return _is_it(request, topic, scene)
    if request.guard == "stuck":
        return _stuck(request, scene)
    if request.step > len(steps):
        return _finished(request, scene)
    if not scene.preferences.phone and any(len(ways) > 1 for ways in steps):
        return _which(request, topic, scene)
    return _step(request, topic, steps, scene)


def _steps(topic: str, scene: Scene) -> list[tuple[str, ...]]:
    """The message ids of each step: one, or one for each kind of telephone."""
    texts = scene.town.messages.texts
    found = []
    for number in range(1, MOST_STEPS + 1):
        key = f"phone.{topic}.{number}"
        ways = (key,) if key in texts else tuple(f"{key}.{phone}" for phone in PHONES if f"{key}.{phone}" in texts)
        if not ways:
            break
        found.append(ways)
    return found


def _step(request: Request, topic: str, steps: list[tuple[str, ...]], scene: Scene) -> Answer:
    ways = steps[request.step - 1]
    mine = next((one for one in ways if one.endswith(f".{scene.preferences.phone}")), ways[0])
    last = request.step == len(steps)
    details = [scene.say(f"phone.{topic}") + " " + scene.say("phone.step", step=request.step, steps=len(steps))]
    if len(ways) > 1:
        details.append(scene.say("phone.differs"))
    choices = [_choice("done" if last else "next", scene), _choice("stuck", scene)]
    if request.step > 1:
        choices.append(_choice("back", scene))
    return _answer(request, scene, scene.say(mine), details, choices)


def _is_it(request: Request, topic: str, scene: Scene) -> Answer:
    """The question back: one button pressed for the wrong reason costs more trust than one question."""
    choices = [Choice(words, words) for words in (scene.say("waste.yes"), scene.say("waste.no"))]
    asked = scene.say("faq.is_it_only", title=scene.say(f"phone.{topic}"))
    return replace(_answer(request, scene, asked, [], choices), action="confirm")


def _which(request: Request, topic: str, scene: Scene) -> Answer:
    choices = [Choice(scene.say(f"phone.{phone}"), scene.town.messages.say(f"phone.{phone}")) for phone in PHONES]
    return _answer(request, scene, scene.say("phone.which"), [scene.say("phone.which.more")], choices)


def _finished(request: Request, scene: Scene) -> Answer:
    choices = [_choice("class", scene), _choice("person", scene)]
    return _answer(request, scene, scene.say("phone.finished"), [scene.say("phone.finished.more")], choices)


def _stuck(request: Request, scene: Scene) -> Answer:
    choices = [_choice("back", scene), _choice("class", scene), _choice("person", scene)]
    return _answer(request, scene, scene.say("phone.stuck"), [scene.say("phone.stuck.more")], choices)


def _answer(request: Request, scene: Scene, headline: str, details: list[str], choices: list[Choice]) -> Answer:
    return Answer(
        action="faq",
        headline=headline,
        ids=request.ids[:1],
        details=tuple(details),
        choices=tuple(choices),
        phones=scene.phones((scene.town.help_contact,)) if request.guard == "stuck" else (),
        confidence=request.confidence,
        language=scene.language,
    )


def _choice(name: str, scene: Scene) -> Choice:
    return Choice(scene.say(f"phone.{name}_label"), scene.town.messages.say(f"phone.{name}_says"))
