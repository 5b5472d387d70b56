"""Says yes or no first where somebody asked of which kind a thing is; without it 「扇風機って粗大ごみ？」 gets a fee and no answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from accessibility import Answer
from inclusion.municipalities import Town
from inclusion.understanding import Request
from inclusion.understanding.class_asked import class_named
from inclusion.understanding.normalising import fold_kana

from .scene import Scene

BULKY: Final = "bulky"
NOBODY_KNOWS: Final = "区の表にないもの"  # such a row says that nobody has confirmed the way


def with_yes_or_no(answer: Answer, request: Request, scene: Scene) -> Answer:
    """The same answer with yes or no in its first line, where one thing was named and its kind is known."""
    one = _one_thing(request, scene)
    if not request.asked_class or one is None or answer.action == "confirm":
        return answer
    said, kind = one
    asked = scene.say(f"waste.class.{request.asked_class}")
    yes = kind == request.asked_class
    if not yes and kind == BULKY:  # a small one may well be what was asked: only the class of the list is told
        first = scene.say("waste.class_but", said=said, kind=scene.say("waste.class.bulky"))
    else:
        first = scene.say("waste.class_yes" if yes else "waste.class_no", said=said, kind=asked)
    more = (scene.say("waste.class_least", cm=scene.town.bulky.min_cm),) if kind == BULKY else ()
    return replace(answer, headline=f"{first}{'' if scene.language == 'ja' else ' '}{answer.headline}", details=(*answer.details, *more))


def _one_thing(request: Request, scene: Scene) -> tuple[str, str] | None:
    """How the one thing is called and its kind ("" for one that is collected in another way); None where that is not known."""
    town = scene.town
    if request.question is not None and len(request.ids) == 1:
        return request.question.said or town.groups[request.question.group].name, BULKY
    if len(request.items) == 1 and len(request.ids) == 1:
        item = request.items[0]
        return item.said or town.items[item.id].said, BULKY
    if len(request.ids) != 1:
        return None
    return _by_the_table(request.ids[0], town)


def _by_the_table(one: str, town: Town) -> tuple[str, str] | None:
    policy, row = town.policies.get(one), town.sorting.get(one)
    if policy is not None:
        return None if policy.category == NOBODY_KNOWS else (policy.name, class_named(fold_kana(policy.category)))
    return (row.name, class_named(fold_kana(row.category))) if row is not None else None
