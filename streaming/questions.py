"""What people at home ask the host, typed or spoken, until it is answered; without it only who has the floor could ask.

A spoken question waits beside its asker (`Spoken`) until the words that were heard are confirmed. Its sound is kept nowhere else, and is
gone with the question, with its asker, and with the event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .errors import NotAllowed, TooManyQuestions

LONGEST_QUESTION: Final = 200
MOST_OF_ONE: Final = 10
MOST_WAITING: Final = 300
MOST_SOUNDS_OF_ONE: Final = 3
MOST_SOUNDS: Final = 60  # half a minute each: some 10 MB a room
MOST_UNCONFIRMED: Final = 60
BETWEEN_SPOKEN_S: Final = 4.0
UNCONFIRMED_LIVES_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class Question:
    """`text` was typed, or heard by the ears (`heard`) and confirmed by who asked; "" for a voice that nobody wrote down. `sound`: to be
    played to the host, where the asker agreed.
    """

    number: int
    seat: int
    text: str
    at: float
    heard: bool = False
    sound: bytes = b""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Said aloud and not sent yet. `text` is what the ears are sure of, "" where they are not."""

    number: int
    text: str
    sound: bytes
    at: float


class Questions:
    """One room's, in the order they were asked. People are seat numbers."""

    def __init__(self) -> None:
        self._waiting: list[Question] = []
        self._unconfirmed: dict[int, Spoken] = {}
        self._spoke_at: dict[int, float] = {}
        self._number = 0

    def __iter__(self) -> Iterator[Question]:
        return iter(self._waiting)

    def of(self, seat: int) -> int:
        """How many of this person wait for an answer."""
        return sum(one.seat == seat for one in self._waiting)

    def ask(self, seat: int, text: str, now: float) -> Question:
        """Raises TooManyQuestions, also for one that is empty or far too long."""
        said = " ".join(text.split())
        if not said or len(said) > LONGEST_QUESTION:
            raise TooManyQuestions()
        return self._put(Question(self._next(), seat, said, now))

    def may_speak(self, seat: int, now: float) -> None:
        """To be called before anybody listens. Raises TooManyQuestions where this person spoke a moment ago, or too many wait."""
        before = self._spoke_at.get(seat)
        if before is not None and now - before < BETWEEN_SPOKEN_S:
            raise TooManyQuestions(retry_after_s=int(BETWEEN_SPOKEN_S))
        self._make_sure_of_room(seat)
        self._spoke_at[seat] = now

    def spoken(self, seat: int, text: str, sound: bytes, now: float) -> Spoken:
        """To be confirmed by who asked. It takes the place of what the same person said before and did not send; where too many wait, of
        what waited longest: one visitor with many tickets would stop everybody's questions for minutes.
        """
        said = " ".join(text.split())
        self._unconfirmed.pop(seat, None)
        while len(self._unconfirmed) >= MOST_UNCONFIRMED:
            del self._unconfirmed[next(iter(self._unconfirmed))]
        self._unconfirmed[seat] = Spoken(self._next(), said if len(said) <= LONGEST_QUESTION else "", sound, now)
        return self._unconfirmed[seat]

    def confirm(self, seat: int, number: int, with_sound: bool, now: float) -> Question:
        """What was heard is right, or the voice shall go without words. Raises NotAllowed where nothing of the kind waits, or where there
        are neither words nor leave to play the sound; TooManyQuestions.
        """
        said = self._unconfirmed.get(seat)
        if said is None or said.number != number or not (said.text or with_sound):
            raise NotAllowed()
        if with_sound and (self._sounds(seat) >= MOST_SOUNDS_OF_ONE or self._sounds() >= MOST_SOUNDS):
            raise TooManyQuestions()
        question = self._put(Question(number, seat, said.text, now, bool(said.text), said.sound if with_sound else b""))
        del self._unconfirmed[seat]
        return question

    def withdraw(self, seat: int) -> None:
        """What was said is not sent."""
        self._unconfirmed.pop(seat, None)

    def sound(self, number: int) -> bytes:
        """b"" where there is none, or no such question any more."""
        return next((one.sound for one in self._waiting if one.number == number), b"")

    def answered(self, number: int) -> None:
        self._waiting = [one for one in self._waiting if one.number != number]

    def forget(self, seat: int) -> None:
        """Everything of one person."""
        self._waiting = [one for one in self._waiting if one.seat != seat]
        self._unconfirmed.pop(seat, None)
        self._spoke_at.pop(seat, None)

    def end(self) -> None:
        """The event is over: written questions may still be read, voices are gone."""
        self._waiting = [Question(one.number, one.seat, one.text, one.at, one.heard) for one in self._waiting if one.text]
        self._unconfirmed.clear()

    def tick(self, now: float) -> None:
        """What nobody confirms is not kept."""
        self._unconfirmed = {seat: one for seat, one in self._unconfirmed.items() if now - one.at < UNCONFIRMED_LIVES_S}

    def _put(self, question: Question) -> Question:
        self._make_sure_of_room(question.seat)
        self._waiting.append(question)
        return question

    def _make_sure_of_room(self, seat: int) -> None:
        if self.of(seat) >= MOST_OF_ONE or len(self._waiting) >= MOST_WAITING:
            raise TooManyQuestions()

    def _sounds(self, seat: int | None = None) -> int:
        return sum(bool(one.sound) and seat in (None, one.seat) for one in self._waiting)

    def _next(self) -> int:
        self._number += 1
        return self._number
