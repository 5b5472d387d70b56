"""What the practice partner says: one action a message, in the same words each time; without it practising would need a person."""

from __future__ import annotations

from accessibility import Answer, Choice

from .scene import Scene

PRACTICE = ("l.practice",)
DRILL = ("l.drill",)
KINDS = ("photo", "voice", "place", "sticker", "words")


def offered(scene: Scene, on_page: bool) -> Answer:
    """What can be practised. Our page takes only words, so the others are for a chat."""
    kinds = ("words",) if on_page else KINDS
    choices = tuple(_choice(scene, f"practice.{kind}") for kind in kinds)
    return _said("practice.offered", scene, PRACTICE, choices=(*choices, _choice(scene, "practice.drill")))


def screen(name: str, step: int, scene: Scene, *, again: bool = False, first: bool = False) -> Answer:
    """What is seen, then the one thing to do."""
    lead = "practice.begin" if first else "practice.again" if again else "practice.good"
    see = scene.say(f"practice.{name}.{step}.see")
    buttons = (_choice(scene, "practice.did"), _choice(scene, "practice.stuck"), _choice(scene, "practice.stop"))
    return Answer(
        "lesson", scene.say(f"practice.{name}.{step}"), PRACTICE, (see, scene.say(lead)), choices=buttons, language=scene.language
    )


def other_way(name: str, scene: Scene) -> Answer:
    """After three tries another way, and a person: never the same words a fourth time."""
    helped = Choice(scene.say("practice.person"), scene.town.messages.say("practice.person.says"))
    return _said(f"practice.{name}.other", scene, PRACTICE, (scene.say("practice.other"),), (helped, _choice(scene, "practice.stop")))


def finished(name: str, scene: Scene) -> Answer:
    return _said(f"practice.{name}.done", scene, PRACTICE, (scene.say("practice.later"),), (_choice(scene, "practice.more"),))


def stopped(scene: Scene) -> Answer:
    return _said("practice.stopped", scene, PRACTICE, choices=(_choice(scene, "practice.more"),))


def ask_consent(scene: Scene) -> Answer:
    """Nothing is tested before somebody agreed to it."""
    details = (scene.say("drill.consent.what"), scene.say("drill.consent.end"))
    return _said("drill.consent", scene, DRILL, details, (_choice(scene, "drill.agree"), _choice(scene, "practice.stop")))


def drill(name: str, scene: Scene) -> Answer:
    """Marked as an exercise, without any link, and from nobody who exists; leaving is always one of the buttons."""
    choices = tuple(_choice(scene, f"drill.{one}") for one in ("open", "ask", "leave", "end"))
    return _said(f"drill.{name}", scene, DRILL, (scene.say("drill.mark"),), choices)


def debrief(name: str, safe: bool, scene: Scene) -> Answer:
    """At once, and unmistakably: what it was, what gave it away, whom to call."""
    details = (scene.say("drill.was"), scene.say(f"drill.{name}.sign"), scene.say("drill.call"))
    return _said(
        "drill.safe" if safe else "drill.caught", scene, DRILL, details, (_choice(scene, "practice.drill"), _choice(scene, "drill.end"))
    )


def withdrawn(scene: Scene) -> Answer:
    return _said("drill.withdrawn", scene, DRILL)


def _choice(scene: Scene, message_id: str) -> Choice:
    return Choice(scene.say(message_id), scene.town.messages.say(f"{message_id}.says"))


def _said(message_id: str, scene: Scene, ids: tuple[str, ...], details: tuple[str, ...] = (), choices: tuple[Choice, ...] = ()) -> Answer:
    return Answer("lesson", scene.say(message_id), ids, details, choices=choices, language=scene.language)
