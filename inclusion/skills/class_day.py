"""What is said on the day of a class and after it: arriving, opinions, help by one person; without it the talk ends at booking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from accessibility import Answer, Choice, Link

from .scene import Scene

DAY: Final = ("l.day",)
HELP: Final = ("l.help",)
LOOK: Final = "係の返事を見る"  # what the button on our page says
REVIEW: Final = ("l.review",)
FACES: Final = (5, 4, 3, 2, 1)


def welcome(name: str, scene: Scene) -> Answer:
    return Answer(
        "lesson", scene.say("lesson.day.welcome", name=scene.own(name)), DAY, (scene.say("lesson.day.enjoy"),), language=scene.language
    )


def family_here(name: str, scene: Scene) -> Answer:
    """To the family member who said it."""
    return Answer("lesson", scene.say("lesson.day.family_here", name=scene.own(name)), DAY, language=scene.language)


def which_code(scene: Scene) -> Answer:
    return Answer("lesson", scene.say("lesson.day.code"), DAY, (scene.say("lesson.day.code.more"),), language=scene.language)


def ask_satisfaction(name: str, scene: Scene) -> Answer:
    """The first tap of three."""
    choices = tuple(Choice(scene.say(f"lesson.opinion.{step}"), _says(scene, f"lesson.opinion.{step}.says")) for step in FACES)
    return Answer("lesson", scene.say("lesson.opinion.ask", name=scene.own(name)), DAY, choices=choices, language=scene.language)


def ask_pace(scene: Scene) -> Answer:
    return _tap(scene, "pace", ("slow", "right", "fast"))


def ask_again(scene: Scene) -> Answer:
    return _tap(scene, "again", ("yes", "no"))


def thanks(scene: Scene) -> Answer:
    return Answer("lesson", scene.say("lesson.opinion.thanks"), DAY, language=scene.language)


def nothing_to_ask(scene: Scene) -> Answer:
    return Answer("lesson", scene.say("lesson.opinion.none"), DAY, language=scene.language)


def queued(number: str, ahead: int, wait: timedelta | None, sees: bool | None, scene: Scene) -> Answer:
    """The place in the queue for help by one person. `sees`: with a picture, without, or (None) no pictures here."""
    minutes = None if wait is None else max(5, -(-round(wait.total_seconds()) // 300) * 5)
    told = scene.say("lesson.help.wait", minutes=minutes) if minutes else scene.say("lesson.help.nobody_yet")
    leave = Choice(scene.say("lesson.help.leave"), _says(scene, "lesson.help.leave.says"))
    lines = (scene.say("lesson.help.number", number=number), told, scene.say("lesson.help.seen" if sees else "lesson.help.keep"))
    picture = (Choice(scene.say("lesson.help.see"), _says(scene, "lesson.help.see.says")),) if sees is False else ()
    return Answer(
        action="lesson",
        headline=scene.say("lesson.help.queued", ahead=ahead) if ahead else scene.say("lesson.help.next"),
        ids=HELP,
        details=lines,
        choices=(*picture, leave),
        phones=scene.phones((scene.town.help_contact,)),
        language=scene.language,
    )


def ask_system(scene: Scene) -> Answer:
    """One question, so that somebody who knows this telephone can come."""
    kinds: Sequence[str] = ("iphone", "android", "unknown")
    choices = tuple(Choice(scene.say(f"lesson.help.{kind}"), _says(scene, f"lesson.help.{kind}.says")) for kind in kinds)
    return Answer("lesson", scene.say("lesson.help.which"), HELP, choices=choices, language=scene.language)


def ask_review(skill: str, scene: Scene) -> Answer:
    """Something shown in class is looked at again; each button says the skill, so that a late press is understood."""
    results = ("alone", "helped", "not_yet")
    says = {one: f"「{skill}」{_says(scene, f'lesson.review.{one}.says')}" for one in results}
    choices = tuple(Choice(scene.say(f"lesson.review.{one}"), says[one]) for one in results)
    said = scene.say("lesson.review.ask", skill=scene.own(skill))
    return Answer("lesson", said, REVIEW, (scene.say("lesson.review.no_shame"),), choices=choices, language=scene.language)


def reviewed(result: str, kept: bool, scene: Scene) -> Answer:
    """What was told of it, and what follows."""
    again = Choice(scene.say("practice.more"), _says(scene, "practice.more.says")) if result != "alone" else None
    said = scene.say("lesson.review.kept" if kept else f"lesson.review.{result}.more")
    return Answer("lesson", said, REVIEW, choices=(again,) if again else (), language=scene.language)


def room_open(address: str, scene: Scene) -> Answer:
    """The helper waits in a live room."""
    link = Link(scene.say("lesson.help.room.open"), address, microphone=True)
    return Answer(
        "lesson", scene.say("lesson.help.room"), HELP, (scene.say("lesson.help.room.more"),), links=(link,), language=scene.language
    )


def help_begins(number: str, scene: Scene) -> Answer:
    """It is this person's turn, at the desk or without a picture."""
    return Answer("lesson", scene.say("lesson.help.begins", number=number), HELP, language=scene.language)


def chat_begins(number: str, scene: Scene) -> Answer:
    """It is this person's turn, in the chat itself."""
    return Answer("lesson", scene.say("lesson.help.chat.begins", number=number), HELP, _chat_rules(scene), language=scene.language)


def helpers_words(words: Sequence[str], scene: Scene) -> Answer:
    """On our page: what the helper wrote since the last look."""
    said = "\n".join(words) or scene.say("lesson.help.chat.passed_on")
    look, end = (
        Choice(scene.say("lesson.help.chat.look"), LOOK),
        Choice(scene.say("lesson.help.chat.end"), _says(scene, "lesson.help.chat.end.says")),
    )
    return Answer("lesson", said, HELP, choices=(look, end), language=scene.language)


def words_only(scene: Scene) -> Answer:
    return Answer("lesson", scene.say("lesson.help.chat.words_only"), HELP, language=scene.language)


def chat_over(scene: Scene) -> Answer:
    """Either side ended it; one press asks again."""
    again = Choice(scene.say("lesson.help.ask_again"), _says(scene, "lesson.help.ask_again.says"))
    return Answer("lesson", scene.say("lesson.help.chat.over"), HELP, choices=(again,), language=scene.language)


def chat_carried(scene: Scene) -> Answer:
    """The desk closes in the middle of it: the place is kept."""
    return Answer("lesson", scene.say("lesson.help.chat.carried"), HELP, language=scene.language)


def _chat_rules(scene: Scene) -> tuple[str, ...]:
    return (scene.say("lesson.help.chat.how"), scene.say("lesson.help.chat.how_to_end"))


def help_over(scene: Scene) -> Answer:
    """Help that nobody ended was ended; one press asks again."""
    again = Choice(scene.say("lesson.help.ask_again"), _says(scene, "lesson.help.ask_again.says"))
    return Answer("lesson", scene.say("lesson.help.over"), HELP, choices=(again,), language=scene.language)


def taken_out(scene: Scene) -> Answer:
    """The helpers ended a wait; one press asks again."""
    again = Choice(scene.say("lesson.help.ask_again"), _says(scene, "lesson.help.ask_again.says"))
    return Answer("lesson", scene.say("lesson.help.left"), HELP, choices=(again,), language=scene.language)


def joined(name: str, address: str, scene: Scene) -> Answer:
    """Somebody joins from home: noted as here, with the door."""
    link = Link(scene.say("lesson.join.open"), address, microphone="/live/" in address)
    return Answer(
        "lesson",
        scene.say("lesson.day.welcome", name=scene.own(name)),
        DAY,
        (scene.say("lesson.join.noted"),),
        links=(link,),
        language=scene.language,
    )


def left(was_waiting: bool, scene: Scene) -> Answer:
    said = scene.say("lesson.help.left" if was_waiting else "lesson.help.not_waiting")
    return Answer("lesson", said, HELP, language=scene.language)


def _tap(scene: Scene, asked: str, answers: tuple[str, ...]) -> Answer:
    choices = tuple(Choice(scene.say(f"lesson.opinion.{one}"), _says(scene, f"lesson.opinion.{one}.says")) for one in answers)
    return Answer("lesson", scene.say(f"lesson.opinion.{asked}"), DAY, choices=choices, language=scene.language)


def _says(scene: Scene, message_id: str) -> str:
    return scene.town.messages.say(message_id)
