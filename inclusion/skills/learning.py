"""What we say when we did not help: sorry, and a word once we can; without it somebody misunderstood would only be left alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from accessibility import Answer, Choice

from .scene import Scene

LABEL_LENGTH = 20


def not_helped(scene: Scene, near: Sequence[str] = ()) -> Answer:
    """Somebody said that the last answer was not it. `near` are names of what may have been meant; a person can always be asked."""
    choices = [Choice(_label(name), name) for name in near]
    person = Choice(scene.say("phone.person_label"), scene.town.messages.say("phone.person_says"))
    return Answer(
        action="refuse",
        headline=scene.say("learning.not_helped"),
        ids=("r.unknown",),
        details=(scene.say("learning.near" if choices else "refuse.next_step"),),
        choices=(*choices, person),
        phones=scene.phones((scene.town.help_contact,)),
        language=scene.language,
    )


def offering(answer: Answer, scene: Scene) -> Answer:
    """The same answer with one button more: tell me when you know."""
    tell = Choice(scene.say("learning.tell_label"), scene.town.messages.say("learning.tell_says"))
    return replace(answer, choices=(*answer.choices, tell))


def will_tell(scene: Scene) -> Answer:
    return Answer(
        "settings", scene.say("learning.will_tell"), ("s.tell_me",), (scene.say("learning.will_tell_more"),), language=scene.language
    )


def nothing_to_tell(scene: Scene) -> Answer:
    return Answer("settings", scene.say("learning.nothing_to_tell"), ("s.tell_me",), language=scene.language)


def can_answer_now(name: str) -> Callable[[Scene], Answer]:
    """Only that we can, and of which matter; never what somebody once asked."""

    def skill(scene: Scene) -> Answer:
        said = scene.say("learning.can_answer", name=name)
        return Answer(
            "settings", said, ("s.tell_me",), (scene.say("learning.press"),), choices=(Choice(_label(name), name),), language=scene.language
        )

    return skill


def _label(name: str) -> str:
    return name if len(name) <= LABEL_LENGTH else name[: LABEL_LENGTH - 1] + "…"
