"""How somebody's application stands, said in the talk with what can be done next; without it people would have to open a page to know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accessibility import Answer, Choice, Link
from inclusion.classes.times import class_day, class_hour, short_day
from inclusion.classes.upcoming import OtherClass

from .scene import Scene

LONGEST_LABEL: Final = 40  # each channel cuts to its own length; a page and a bubble show it whole
TOLD_ACCESS: Final = ("step_free", "lift", "hearing_loop")
# What can be done in each state: the deed and the message of its button.
NEXT: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "confirmed": (("cancel", "lesson.talk.cancel"),),
    "won": (("cancel", "lesson.talk.cancel"),),
    "waitlisted": (("leave", "lesson.leave_queue"),),
    "reserve": (("leave", "lesson.leave_queue"),),
    "in_draw": (("cancel", "lesson.talk.cancel"),),
    "offered": (("accept", "lesson.accept"), ("decline", "lesson.decline")),
    "invited": (("accept", "lesson.accept"), ("decline", "lesson.decline")),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One application: the class, how it stands, its page. `says` is what the button of the class says, `buttons` what can follow."""

    name: str
    start: datetime
    place: str
    state: str
    receipt: str
    position: int | None
    until: datetime | None
    url: str
    says: str
    sample: bool
    buttons: Mapping[str, str]


def stands(one: Standing, scene: Scene, others: Sequence[OtherClass] = (), lead: str = "") -> Answer:
    """The standing of one application, what can be done, and (when it waits) the best other classes."""
    choices = [Choice(scene.say(message), one.buttons[deed]) for deed, message in NEXT.get(one.state, ()) if deed in one.buttons]
    lines = tuple(other_line(other, scene) for other in others)
    headline = _mark(one.sample, scene) + (lead or scene.say(f"lesson.talk.standing.{one.state}", **_standing_facts(one, scene)))
    return Answer(
        action="lesson",
        headline=headline,
        ids=("l.mine",),
        details=(*_about(one, scene), *((scene.say("lesson.talk.others"), *lines) if lines else ())),
        choices=(*choices, *(Choice(_label(other, scene), other.says) for other in others)),
        links=(Link(scene.say("lesson.talk.own_page"), one.url),) if one.url and one.state not in ("withdrawn",) else (),
        phones=scene.phones((scene.town.help_contact,)),
        language=scene.language,
    )


def other_line(other: OtherClass, scene: Scene) -> str:
    """Another class with the way there and how one gets in: 会場B 3階（段差なし、歩いて約25分）."""
    way = (scene.say("lesson.talk.away", minutes=other.minutes_away),) if other.minutes_away else ()
    more = scene.say("lesson.list_comma").join((*(scene.say(f"lesson.access.{one}") for one in other.access if one in TOLD_ACCESS), *way))
    place = scene.say("lesson.talk.place_more", place=scene.named(other.place), more=more) if more else scene.named(other.place)
    return scene.say("lesson.talk.one", **_facts(other.name, other.start, place, scene))


def list_of(found: Sequence[Standing], scene: Scene, deed: str = "") -> Answer:
    """All that stands; with `deed`, a choice of which one is meant."""
    if not found:
        return plain_line("lesson.talk.mine.none", scene, choices=(sign_up(scene),))
    lines = tuple(_mark(one.sample, scene) + scene.say(f"lesson.talk.mine.{one.state}", **_standing_facts(one, scene)) for one in found)
    choices = [Choice(_label(one, scene), one.buttons[deed] if deed else next(iter(one.buttons.values()), one.says)) for one in found]
    asked = scene.say("lesson.talk.mine.which" if deed else "lesson.talk.mine")
    labels = tuple(choices) if deed else _all_buttons(found, scene)
    return Answer("lesson", asked, ("l.mine",), lines, choices=labels, language=scene.language)


def sure(one: Standing, scene: Scene) -> Answer:
    """Asked once before a seat is given up: somebody else gets it at once."""
    said = scene.say("lesson.talk.sure", **_facts(one.name, one.start, scene.named(one.place), scene))
    yes = Choice(scene.say("lesson.talk.sure.yes"), one.buttons["really_cancel"])
    no = Choice(scene.say("lesson.talk.sure.no"), scene.town.messages.say("lesson.talk.mine.says"))
    return Answer("lesson", said, ("l.mine",), choices=(yes, no), language=scene.language)


def plain_line(
    message_id: str, scene: Scene, details: tuple[str, ...] = (), choices: tuple[Choice, ...] = (), links: tuple[Link, ...] = (),
    **fills: object,
) -> Answer:  # fmt: skip
    """One fixed sentence about classes."""
    return Answer("lesson", scene.say(message_id, **fills), ("l.mine",), details, choices=choices, links=links, language=scene.language)


def meets(conditions: str, says: str, scene: Scene) -> Answer:
    """A class for some people: whether the person is one of them, asked with two buttons."""
    yes = Choice(scene.say("lesson.talk.meets.yes"), says)
    no = Choice(scene.say("lesson.talk.meets.no"), scene.town.messages.say("lesson.talk.sign_up.says"))
    said = scene.say("lesson.talk.meets", conditions=conditions)
    return Answer("lesson", said, ("l.mine",), choices=(yes, no), language=scene.language)


def with_link(message_id: str, url: str, scene: Scene) -> Answer:
    link = Link(scene.say(f"{message_id}.open"), url)
    return plain_line(message_id, scene, (scene.say(f"{message_id}.more"),), links=(link,))


def to_a_stranger(wished: str, channel: str, public_url: str) -> Callable[[Scene], Answer]:
    """One's own classes (`mine`) or record for somebody met with these very words, of whom nothing is kept. On our page the page itself
    is the answer: it may know the browser by a class booked without a chat."""
    page = f"{public_url.rstrip('/')}/mine"
    if channel != "web":
        return lambda scene: list_of((), scene) if wished == "mine" else plain_line("lesson.talk.record.none", scene)
    return lambda scene: plain_line("lesson.talk.record", scene, links=(Link(scene.say("lesson.talk.record.open"), page),))


def refused(said: str, scene: Scene) -> Answer:
    """A refusal of the class programme, with a number to call."""
    return Answer("lesson", said, ("l.mine",), phones=scene.phones((scene.town.help_contact,)), language=scene.language)


def heard(text: str, scene: Scene) -> Answer:
    """Half-heard words are put as a question: nobody loses a seat because of a noise."""
    yes = Choice(scene.say("lesson.talk.heard.yes"), text)
    no = Choice(scene.say("lesson.talk.heard.no"), scene.town.messages.say("lesson.talk.mine.says"))
    return Answer("lesson", scene.say("lesson.talk.heard", said=text), ("l.mine",), choices=(yes, no), language=scene.language)


def sign_up(scene: Scene) -> Choice:
    return Choice(scene.say("lesson.talk.sign_up"), scene.town.messages.say("lesson.talk.sign_up.says"))


def _all_buttons(found: Sequence[Standing], scene: Scene) -> tuple[Choice, ...]:
    """What can be done next with each; with several classes the day tells which."""
    several = len(found) > 1
    buttons = []
    for one in found:
        for deed, message in NEXT.get(one.state, ()):
            if deed in one.buttons:
                day = f"{short_day(one.start, scene.town.timezone, scene.language)} " if several else ""
                buttons.append(Choice((day + scene.say(message))[:LONGEST_LABEL], one.buttons[deed]))
    return tuple(buttons[:4])


def _about(one: Standing, scene: Scene) -> tuple[str, ...]:
    facts = _standing_facts(one, scene)
    where = scene.say("lesson.talk.one", **facts)
    following = f"lesson.talk.next.{one.state}"
    theirs = all(deed in one.buttons for deed, _ in NEXT.get(one.state, ()))  # family is not told of buttons it does not have
    after = scene.say(following, **facts) if theirs and following in scene.town.messages.texts else ""
    receipt = scene.say("lesson.talk.receipt", receipt=one.receipt) if one.state not in ("withdrawn", "lost") else ""
    return tuple(line for line in (where, receipt, after) if line)


def _standing_facts(one: Standing, scene: Scene) -> dict[str, object]:
    zone, language = scene.town.timezone, scene.language
    until = f"{class_day(one.until, zone, language)} {class_hour(one.until, zone, language)}" if one.until else ""
    return {**_facts(one.name, one.start, scene.named(one.place), scene), "position": one.position or 0, "until": until}


def _facts(name: str, start: datetime, place: str, scene: Scene) -> dict[str, object]:
    zone, language = scene.town.timezone, scene.language
    return {"day": class_day(start, zone, language), "hour": class_hour(start, zone, language), "name": scene.named(name), "place": place}


def _label(one: Standing | OtherClass, scene: Scene) -> str:
    label = f"{short_day(one.start, scene.town.timezone, scene.language)} {scene.own(one.name)}"
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def _mark(sample: bool, scene: Scene) -> str:
    return f"【{scene.say('lesson.sample_mark')}】" if sample else ""
