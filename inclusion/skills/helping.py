"""What is said to volunteers in their chat: requests with two buttons, thanks, and planning a class; never anybody's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from accessibility import Answer, Choice
from inclusion.classes.times import short_day

from .scene import Scene

Skill = Callable[[Scene], Answer]
HELP_OUT: Final = "l.helper"
LONGEST_LABEL: Final = 40  # each channel cuts to its own length; a page and a bubble show it whole
YES, NO, STEP_IN, NOT_THIS_TIME = "出られます", "出られません", "代わりに出ます", "今回は出られません"
WANT_COVER, AFTER_ALL, OPEN_CLASS = "代わりをお願いします", "やっぱり出られます", "教室を開く"
TAKE_BACK: Final = "お休みを取り消す"
ASKING: Final[Mapping[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "asked": (("helper.yes", YES), ("helper.no", NO)),
    "cover_asked": (("helper.step_in", STEP_IN), ("helper.not_this_time", NOT_THIS_TIME)),
}


@dataclass(frozen=True, slots=True)
class TalkedOf:
    """One class as a talk with a volunteer needs it. `facts` fill the sentences; `place` (venue and room) and `others` (the co-helpers
    this volunteer named) are what a class that is being planned keeps from one button to the next.
    """

    start: datetime
    name: str
    facts: Mapping[str, str]
    sample: bool = False
    place: str = ""
    others: tuple[str, ...] = ()

    def says(self, zone: ZoneInfo) -> str:
        """The words that find the class again: 12/2（水）10:00 電話とカメラ."""
        return f"{short_day(self.start, zone, 'ja')}{self.start.astimezone(zone):%H:%M} {self.name}"


def noticed(kind: str, of: TalkedOf, scene: Scene) -> Answer:
    """Something the volunteer must hear of; a question brings its two buttons."""
    pressed = ASKING.get(kind, ())
    choices = tuple(Choice(scene.say(label), f"{of.says(scene.town.timezone)} {words}") for label, words in pressed)
    return _answer(_mark(of, scene) + scene.say(f"helper.notice.{kind}", **of.facts), scene, choices=choices)


def said(message_id: str, of: TalkedOf, scene: Scene, more: str = "", undo: tuple[str, str] | None = None) -> Answer:
    """The answer to a yes, a no or a wish for cover."""
    choices = (Choice(scene.say(undo[0]), f"{of.says(scene.town.timezone)} {undo[1]}"),) if undo else ()
    return _answer(_mark(of, scene) + scene.say(message_id, **of.facts), scene, (scene.say(more),) if more else (), choices)


def which(message_id: str, several: Sequence[TalkedOf], words: str, scene: Scene) -> Answer:
    """A list of classes; each is a button that says the rest of the sentence."""
    choices = tuple(Choice(_label(one, scene), f"{one.says(scene.town.timezone)} {words}") for one in several[:4])
    return _answer(scene.say(message_id), scene, tuple(scene.say("helper.one", **one.facts) for one in several), choices if words else ())


def nothing(message_id: str, scene: Scene, more: str = "") -> Answer:
    return _answer(scene.say(message_id), scene, (scene.say(more),) if more else ())


def told(message_id: str, scene: Scene, **fills: str) -> Answer:
    return _answer(scene.say(message_id, **fills), scene)


def noted_away(days: str, said_days: str, promised: Sequence[TalkedOf], scene: Scene) -> Answer:
    """Days away are noted. Classes promised for them come first: each with the button that asks for cover."""
    zone = scene.town.timezone
    lines = (scene.say("helper.said.away.promised"), *(scene.say("helper.one", **one.facts) for one in promised)) if promised else ()
    cover = tuple(Choice(_label(one, scene), f"{one.says(zone)} {WANT_COVER}") for one in promised[:3])
    return _answer(scene.say("helper.said.away", days=days), scene, lines, (*cover, _take_back(scene.say("helper.away.back"), said_days)))


def which_days(several: Sequence[tuple[str, str]], scene: Scene) -> Answer:
    """Days away to choose from: as they are read, and the words that find them again."""
    choices = tuple(_take_back(_short(days), said) for days, said in several[:4])
    return _answer(scene.say("helper.said.which_away"), scene, tuple(days for days, _ in several), choices)


def choose_course(names: Sequence[str], scene: Scene) -> Answer:
    choices = tuple(Choice(_short(name), f"{OPEN_CLASS} {name}") for name in names[:4])
    return _answer(scene.say("helper.plan.which"), scene, choices=choices)


def choose_time(name: str, clashes: Sequence[str], free: Sequence[TalkedOf], scene: Scene) -> Answer:
    """Free times as buttons; with `clashes` first everything that stood in the way."""
    headline = scene.say("helper.plan.clash") if clashes else scene.say("helper.plan.when", name=name)
    offered = scene.say("helper.plan.free" if clashes and free else "helper.plan.when.more" if free else "helper.plan.none_free", name=name)
    zone = scene.town.timezone
    rooms = {one.place for one in free}
    labels = [_time(one, scene) + (f" {one.place.rpartition(' ')[2]}" if len(rooms) > 1 else "") for one in free]
    choices = tuple(Choice(_short(label), _planning(one, zone)) for label, one in zip(labels, free, strict=True))
    return _answer(headline, scene, (*clashes, offered), choices)


def choose_room(named: str, rooms: Sequence[TalkedOf], dated: bool, scene: Scene) -> Answer:
    """A room that is none of ours: the same class in each of those there are."""
    choices = tuple(Choice(_short(one.place), _planning(one, scene.town.timezone, dated)) for one in rooms[:4])
    return _answer(scene.say("helper.plan.no_room", room=named), scene, choices=choices)


def who_is_it(nobody: Sequence[str], several: Sequence[str], of: TalkedOf, dated: bool, scene: Scene) -> Answer:
    """Names of co-helpers that mean nobody, or more than one; the rest of what was said stays in the button."""
    lines = [scene.say("helper.plan.nobody", who=one) for one in nobody] + [scene.say("helper.plan.several", who=one) for one in several]
    without = Choice(scene.say("helper.plan.without"), _planning(of, scene.town.timezone, dated))
    return _answer(lines[0], scene, (*lines[1:], scene.say("helper.plan.whole_name")), (without,))


def planned(of: TalkedOf, scene: Scene, times: int = 4) -> Answer:
    again = f"{_planning(of, scene.town.timezone)} {times}回"
    told = tuple(scene.say("helper.plan.with", who=one) for one in of.others)
    series = Choice(scene.say("helper.plan.series", times=times), again)
    return _answer(scene.say("helper.plan.done", **of.facts), scene, told, choices=(series,))


def copied(name: str, made: int, left_out: Sequence[str], scene: Scene) -> Answer:
    return _answer(scene.say("helper.plan.copied", name=name, made=made), scene, tuple(left_out))


def _take_back(label: str, said_days: str) -> Choice:
    return Choice(label, f"{said_days}の{TAKE_BACK}")


def _planning(of: TalkedOf, zone: ZoneInfo, dated: bool = True) -> str:
    """Everything chosen so far as one sentence: 教室を開く 地図の使い方 12/8（火）10:00 区民館 会議室 鈴木 花子さんと."""
    when = [_said_time(of, zone)] if dated else []
    people = ["、".join(f"{one}さん" for one in of.others) + "と"] if of.others else []
    return " ".join([OPEN_CLASS, of.name, *when, *([of.place] if of.place else []), *people])


def _said_time(one: TalkedOf, zone: ZoneInfo) -> str:
    return f"{short_day(one.start, zone, 'ja')}{one.start.astimezone(zone):%H:%M}"


def _time(one: TalkedOf, scene: Scene) -> str:
    return f"{short_day(one.start, scene.town.timezone, scene.language)} {one.start.astimezone(scene.town.timezone):%H:%M}"


def _label(one: TalkedOf, scene: Scene) -> str:
    return _short(f"{short_day(one.start, scene.town.timezone, scene.language)} {scene.own(one.name)}")


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def _mark(of: TalkedOf, scene: Scene) -> str:
    return f"【{scene.say('lesson.sample_mark')}】" if of.sample else ""


def _answer(headline: str, scene: Scene, details: tuple[str, ...] = (), choices: tuple[Choice, ...] = ()) -> Answer:
    office = scene.phones((scene.town.help_contact,))
    return Answer("lesson", headline, (HELP_OUT,), details, choices=choices, phones=office, language=scene.language)
