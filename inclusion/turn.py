"""One turn of a conversation, from words to a rendered answer: the table of contents of the system.

Message → Request → Answer → Rendered. Channels differ only before and after this file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from accessibility import Action, Answer, Choice, Preferences, Rendered, Source, render
from inclusion.classes.upcoming import Upcoming, nothing_planned
from inclusion.live.upcoming import LiveOnNow, no_programme
from inclusion.municipalities import Town
from inclusion.skills import Scene, classes, festivals, human_help, live_events, phone_help, settings_talk, town_office, waste
from inclusion.understanding import Request, Talk, Understanding
from inclusion.understanding.advice import Adviser, advised
from inclusion.understanding.confidence import Channel

SKILLS: Final[Mapping[Action, Callable[[Request, Scene], Answer]]] = {
    "answer": waste.answer,
    "confirm": waste.answer,
    "clarify": waste.answer,
    "policy": waste.answer,
    "faq": town_office.answer,
    "refuse": human_help.answer,
    "lesson": classes.answer,
    "live": live_events.answer,
    "settings": settings_talk.answer,
}


@dataclass(frozen=True, slots=True)
class Memory:
    """What is kept of a person between turns: the talk, the preferences and the last answer (for "once more").

    `asked` is the request that `last` answers, where a skill can answer it again in another language.
    """

    talk: Talk = field(default_factory=Talk)
    preferences: Preferences = field(default_factory=Preferences)
    last: Answer | None = None
    asked: Request | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """`said` are the words that were answered, where they were heard or typed on our page."""

    request: Request
    answer: Answer
    rendered: Rendered
    memory: Memory
    said: str = ""


def take_turn(
    text: str,
    memory: Memory,
    town: Town,
    understanding: Understanding,
    now: datetime,
    upcoming: Upcoming = nothing_planned,
    sure: bool = True,
    live: LiveOnNow = no_programme,
    adviser: Adviser | None = None,
    channel: Channel = "typed",
) -> Turn:
    """Understand `text`, answer it, render the answer for this person, and remember. Plain and without side effects; fast but
    for an `adviser`.

    `sure` is False for words that were only half heard: they are answered with "is that what you mean?".
    """
    understood = understanding.understand(text, memory.talk, now, sure, channel)
    request, talk = advised(understood, text, memory.talk, understanding, adviser)
    changes = settings_talk.changes(request, memory.preferences)
    preferences = memory.preferences.with_changes(**changes)
    scene = Scene(town, preferences, changes.get("language") or _language(request, preferences), now, memory.last, upcoming, live)
    if request.action == "settings":
        scene = replace(scene, last=_last_in(scene, memory))
    answer = _skill(request, scene)(request, scene)
    last, asked = (scene.last, memory.asked) if request.action == "settings" else (answer, request)
    notes = [_source_note(source, last or answer, scene) for source in answer.sources]
    rendered = render(answer, preferences, tuple(dict.fromkeys(notes)))
    return Turn(request, answer, rendered, replace(memory, talk=talk, preferences=preferences, last=last, asked=asked))


def greet(memory: Memory, town: Town, now: datetime, again: bool = False) -> Turn:
    """The first words to someone who has just added us (`again`: come back to us): what we are for, in three large buttons."""
    scene = Scene(town, memory.preferences, memory.preferences.language, now)
    choices = tuple(Choice(scene.say(f"greeting.label_{n}"), town.messages.say(f"greeting.says_{n}")) for n in (1, 2, 3))
    return _spoken_first("greeting.again" if again else "greeting.hello", "greeting.how", choices, memory, scene)


def say_kindly(message_id: str, memory: Memory, town: Town, now: datetime) -> Turn:
    """A fixed sentence for something that is not a question (a picture, a sticker, trouble on our side), with a number to call."""
    scene = Scene(town, memory.preferences, memory.preferences.language, now)
    known = message_id if message_id in town.messages.texts else "channel.unknown"
    return _spoken_first(known, "channel.or_call", (), memory, scene)


def not_heard(why: str, memory: Memory, town: Town, now: datetime) -> Turn:
    """The kind sentence for a recording in which nothing could be heard (`why` is a HearingError's code), and what to do now."""
    scene = Scene(town, memory.preferences, _spoken(memory), now)
    known = why if f"web.error.{why}" in town.messages.texts else "not_heard"
    return _spoken_first(f"web.error.{known}", f"web.error.{known}.next", (), memory, scene)


def heard_as(turn: Turn, town: Town) -> Turn:
    """The same turn with what was heard above the answer: people must see it before they trust the answer."""
    if not turn.said:
        return turn
    line = town.messages.say("voice.heard", turn.rendered.language, turn.rendered.easy, said=turn.said)
    return replace(turn, rendered=replace(turn.rendered, heard=line, text=f"{line}\n{turn.rendered.text}"))


def tell(skill: Callable[[Scene], Answer], memory: Memory, town: Town, now: datetime) -> Turn:
    """A turn whose answer depends on what happened and not on what was said (somebody takes over, two screens are joined)."""
    scene = Scene(town, memory.preferences, _spoken(memory), now, memory.last)
    answer = skill(scene)
    return Turn(Request(answer.action, answer.ids, language=scene.language), answer, render(answer, memory.preferences), memory)


def _spoken(memory: Memory) -> str:
    """The chosen language; else the one of the talk so far, where we have words in it."""
    return memory.preferences.language if memory.preferences.language != "ja" else memory.talk.language


def _spoken_first(headline: str, detail: str, choices: tuple[Choice, ...], memory: Memory, scene: Scene) -> Turn:
    request = Request(action="refuse", ids=("r.chitchat",), language=scene.language)
    help_phones = scene.phones((scene.town.help_contact,))
    said = scene.say(headline, town=scene.town.name)
    answer = Answer("refuse", said, request.ids, (scene.say(detail),), choices=choices, phones=help_phones, language=scene.language)
    return Turn(request, answer, render(answer, memory.preferences), memory)


def _last_in(scene: Scene, memory: Memory) -> Answer | None:
    """The last answer in the scene's language: given anew where it was given in another one, or in harder or easier words."""
    last, asked = scene.last, memory.asked
    if last is None or asked is None:
        return last
    if last.language == scene.language and scene.preferences.easy == memory.preferences.easy:
        return last
    asked = asked.in_our_words() if scene.language == "ja" != asked.language else asked
    return _skill(asked, scene)(asked, scene)


def _skill(request: Request, scene: Scene) -> Callable[[Request, Scene], Answer]:
    """What is only confirmed is still answered by the skill that knows it; planned classes say more than the town's page about them."""
    if request.action == "confirm" and any(one in scene.town.faqs for one in request.ids):
        return town_office.answer
    if request.action == "faq" and request.ids and set(request.ids) <= set(classes.TIMETABLE) and scene.upcoming(scene.now):
        return classes.answer
    if festivals.several(request):
        return festivals.answer
    if request.ids and request.ids[0].startswith("h."):
        return phone_help.answer
    return SKILLS[request.action]


def _language(request: Request, preferences: Preferences) -> str:
    """The language someone chose wins; until then we answer in the one they write."""
    return preferences.language if preferences.language != "ja" else request.language


def _source_note(source: Source, answer: Answer, scene: Scene) -> str:
    """Where it comes from and when it was checked; what nobody has compared yet says with what: the table of fees, or the page."""
    unverified = "source.unverified" if answer.fees or answer.action == "clarify" else "source.unverified_fact"
    key = "source.checked" if source.verified else unverified
    return scene.say(key if source.checked_on else "source.undated", title=source.title, day=source.checked_on)
