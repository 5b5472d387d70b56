"""What is said when a family member may act for a learner; without it neither side would know how far the consent goes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from accessibility import Answer, Choice

from .class_standing import plain_line, sign_up
from .scene import Scene

EXTENTS: Final = ("see", "book", "cancel")  # each with those before it


def ask_extent(scene: Scene) -> Answer:
    """What the family may do, chosen by the learner before there is any code; the least comes first."""
    say = scene.town.messages.say
    choices = tuple(Choice(scene.say(f"lesson.talk.family.{one}"), say(f"lesson.talk.family.{one}.says")) for one in EXTENTS)
    return plain_line("lesson.talk.family.ask", scene, choices=choices)


def code_shown(code: str, scopes: Collection[str], scene: Scene) -> Answer:
    lines = (scene.say("lesson.talk.family.how"), *_granted(scopes, scene))
    return plain_line("lesson.talk.family.code", scene, lines, (_end(scene),), code=code)


def joined(scopes: Collection[str], scene: Scene) -> Answer:
    """To the family member."""
    mine = Choice(scene.say("lesson.talk.family.look"), scene.town.messages.say("lesson.talk.mine.says"))
    more = (scene.say("lesson.talk.family.joined.more"),) if "book" in scopes else ()
    choice = sign_up(scene) if "book" in scopes else mine
    return plain_line("lesson.talk.family.joined", scene, (*_granted(scopes, scene), *more), (choice,))


def code_used(scopes: Collection[str], scene: Scene) -> Answer:
    """To the learner, the moment somebody used the code."""
    return plain_line("lesson.talk.family.used", scene, _granted(scopes, scene), (_end(scene),))


def ended(somebody: bool, scene: Scene) -> Answer:
    return plain_line("lesson.talk.family.ended" if somebody else "lesson.talk.family.nobody", scene)


def taken_back(scene: Scene) -> Answer:
    """To the family member, the moment the learner ended it."""
    return plain_line("lesson.talk.family.taken_back", scene)


def given_back(scene: Scene) -> Answer:
    """To the learner, the moment the family member ended it."""
    return plain_line("lesson.talk.family.given_back", scene)


def _granted(scopes: Collection[str], scene: Scene) -> tuple[str, ...]:
    """A line for each thing they may do, and that there is nothing more."""
    lines = tuple(scene.say(f"lesson.talk.family.may.{one}") for one in EXTENTS if one in scopes)
    return lines if set(EXTENTS) <= set(scopes) else (*lines, scene.say("lesson.talk.family.no_more"))


def _end(scene: Scene) -> Choice:
    return Choice(scene.say("lesson.talk.family.end"), scene.town.messages.say("lesson.talk.family.end.says"))
