"""Recognises wishes to do something rather than know something: larger letters, a class, the live picture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from accessibility import Action

from .faqs import Guess
from .patterns import Patterns
from .sentence import Sentence

WORDS = Patterns("wishes")
SETTINGS: Mapping[str, re.Pattern[str]] = {name: WORDS.whole(name, "ending") for name in WORDS.names if name.startswith("s.")}
LIVE = WORDS("live")
SIGN_UP = WORDS("sign_up")
SIGN_UP_ASKED = WORDS("sign_up_asked")
MY_LESSON = WORDS("my_lesson")
WISHED = 0.32
START_OVER = "s.start_over"
LANGUAGES = frozenset({"s.english", "s.korean", "s.chinese", "s.japanese", "s.easy"})
LANGUAGE_WISHED = 0.6  # who only names a language (an English dictionary, whether one can ask in Korean) does not change ours
CLEARLY = 0.1
ACTIONS: Mapping[str, Action] = {"s": "settings", "l": "lesson", "v": "live"}
OPENING = WORDS("opening")
SPACE_BETWEEN_KANA = re.compile(r"(?<=[^a-z0-9]) (?=[^a-z0-9])")
BECAUSE = WORDS("because")
OPPOSITES = Patterns("opposites")
DIRECTIONS: Mapping[str, re.Pattern[str]] = {name: OPPOSITES(name) for name in OPPOSITES.names}  # the first that fits is meant


@dataclass(frozen=True, slots=True)
class Wish:
    """Something to do: the action and the ids that say what."""

    action: Action
    ids: tuple[str, ...]


def setting(sentence: Sentence) -> Wish | None:
    """A wish about how we talk; only when the whole sentence is one."""
    plain = OPENING.sub("", SPACE_BETWEEN_KANA.sub("", sentence.folded))
    found = next((found for said in (plain, BECAUSE.sub("", plain)) if (found := _settings_in(said))), ())
    return Wish("settings", _most_wanted(tuple(_in_its_direction(name, sentence) for name in found))) if found else None


def _settings_in(said: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in SETTINGS.items() if pattern.fullmatch(said))


def live(sentence: Sentence) -> Wish | None:
    """A wish to watch something live."""
    return Wish("live", ("v.watch",)) if LIVE.search(sentence.folded) else None


def lesson(sentence: Sentence) -> Wish | None:
    """A clear wish to join a class now; questions about classes are FAQ."""
    if SIGN_UP.search(sentence.folded) and not SIGN_UP_ASKED.search(sentence.folded):
        return Wish("lesson", ("l.signup",))
    return Wish("lesson", ("l.mine",)) if MY_LESSON.search(sentence.folded) else None


def learnt_wish(guess: Guess, sentence: Sentence) -> Wish | None:
    """A wish in words no pattern knows, where the learnt model is sure of it and of nothing else."""
    others = max(guess.score, guess.thing, guess.elsewhere, guess.refused)
    least = LANGUAGE_WISHED if guess.wish in LANGUAGES else WISHED
    if not guess.wish or guess.wished < least or guess.wished < others + CLEARLY:
        return None
    return Wish(ACTIONS[guess.wish[0]], (_in_its_direction(guess.wish, sentence),))


def _in_its_direction(wish: str, sentence: Sentence) -> str:
    """Which of two opposites is meant: 声が大きすぎる is made of the words of `s.louder`; words alone tell no direction."""
    if wish not in DIRECTIONS:
        return wish
    return next((name for name, pattern in DIRECTIONS.items() if pattern.search(sentence.folded)), wish)


def _most_wanted(found: tuple[str, ...]) -> tuple[str, ...]:
    """もう一度ゆっくり is both; otherwise the first that fits is enough."""
    both = tuple(name for name in found if name in ("s.repeat", "s.slower"))
    return both if len(both) > 1 else found[:1]
