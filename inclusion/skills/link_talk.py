"""What is said when someone joins two screens or parts them again; without it a six-digit number would stand there unexplained."""

from __future__ import annotations

from accessibility import Answer, Choice

from .scene import Scene

LINK = "s.link"


def code_shown(code: str, scene: Scene) -> Answer:
    """The code in two groups of three: it is read aloud and copied by hand."""
    said = scene.say("link.code", code=f"{code[:3]} {code[3:]}")
    return Answer("settings", said, (LINK,), (scene.say("link.code_how"), scene.say("link.code_secret")), language=scene.language)


def linked(scene: Scene) -> Answer:
    return _with_way_back("link.done", scene, (scene.say("link.done_more"),))


def noticed(scene: Scene) -> Answer:
    """Told in the chat that showed the code, in case somebody else used it."""
    return _with_way_back("link.notice", scene)


def refused(message_id: str, scene: Scene) -> Answer:
    """link.wrong, link.too_many, link.same_place, link.left or link.nothing."""
    return Answer("settings", scene.say(message_id), (LINK,), language=scene.language)


def _with_way_back(message_id: str, scene: Scene, details: tuple[str, ...] = ()) -> Answer:
    undo = Choice(scene.say("link.unlink_label"), scene.town.messages.say("link.unlink_says"))
    return Answer("settings", scene.say(message_id), (LINK,), details, choices=(undo,), language=scene.language)
