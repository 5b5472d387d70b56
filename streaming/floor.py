"""Who is here, whose hand is up, who speaks, what was asked; without it a festival at home would be television.

Plain calls and no clock: the web shows each person a `view` after every change. People are seat numbers here; nobody gives a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from .errors import FloorTaken, HouseFull, NotAllowed, SeatRemoved
from .questions import Question, Questions, Spoken

Mode = Literal["festival", "class", "pair"]
"""festival: one speaks at a time, everybody hears. class: learners who agree are also seen by the teacher. pair: two, both ways."""

CLAPS_PER_S: Final = 8
GONE_S: Final = 60.0


@dataclass(slots=True, eq=False)
class Seat:
    """One person. `live` and `screen` say what it sends just now; `turns` counts how often it was thanked."""

    number: int
    person: str
    host: bool = False
    here: int = 0
    last_here: float = 0.0
    hand_at: float | None = None
    agreed: bool = False
    live: bool = False
    screen: bool = False
    turns: int = 0
    clapped_at: float = 0.0
    clapped: int = 0


class Floor:
    """One room's people. Every change calls `changed`."""

    def __init__(self, mode: Mode = "festival", capacity: int = 0, changed: Callable[[], None] = lambda: None) -> None:
        self.mode, self.capacity, self.changed = mode, capacity, changed
        self.seats: dict[str, Seat] = {}
        self.questions = Questions()
        self.removed: set[str] = set()
        self.speaker: Seat | None = None
        self.given_at = 0.0
        self.claps = 0
        self.closed = False
        self._numbers = 0

    def sit(self, person: str, host: bool, now: float) -> Seat:
        """The person's seat, the same as before for who comes back. Raises SeatRemoved or HouseFull."""
        if person in self.removed:
            raise SeatRemoved()
        seat = self.seats.get(person)
        if seat is None:
            if self.capacity and not host and sum(not one.host for one in self._present(now)) >= self.capacity:
                raise HouseFull(retry_after_s=15)
            self._numbers += 1
            seat = self.seats[person] = Seat(self._numbers, person, host, last_here=now)
            self.changed()
        seat.host = seat.host or host
        return seat

    def came(self, seat: Seat, now: float) -> None:
        seat.here, seat.last_here = seat.here + 1, now
        self.changed()

    def went(self, seat: Seat, now: float) -> None:
        seat.here, seat.last_here = max(seat.here - 1, 0), now
        self.changed()

    def raise_hand(self, seat: Seat, now: float) -> None:
        self._make_sure_it_goes_on()
        if seat.hand_at is None and seat is not self.speaker:
            seat.hand_at = now
            self.changed()

    def lower_hand(self, seat: Seat) -> None:
        seat.hand_at = None
        self.changed()

    def hands(self) -> list[Seat]:
        """Who waits, the longest waiting first."""
        up = [seat for seat in self.seats.values() if seat.hand_at is not None]
        return sorted(up, key=lambda seat: (seat.hand_at or 0.0, seat.number))

    def give(self, number: int, now: float) -> None:
        """The host gives somebody the floor. Raises FloorTaken while another has it, NotAllowed for an empty seat."""
        seat = self.seat_of(number)
        if self.speaker is not None and self.speaker is not seat:
            raise FloorTaken()
        seat.hand_at, self.speaker, self.given_at = None, seat, now
        self.changed()

    def begin(self, seat: Seat, screen: bool | None = None) -> None:
        """The person has seen himself and is live now (or shows, or hides, his screen). Raises NotAllowed without a right to."""
        if not self.may_send(seat):
            raise NotAllowed()
        if screen is None:
            seat.live = True
        else:
            seat.screen = screen
        self.changed()

    def thank(self) -> Seat | None:
        """The turn is over; whoever spoke is thanked and returns to watching."""
        seat, self.speaker = self.speaker, None
        if seat is not None:
            seat.turns += 1
            seat.live = seat.live and self.may_send(seat)
            self.changed()
        return seat

    def silence(self, number: int) -> Seat:
        """Take the voice away at once, without ceremony."""
        seat = self.seat_of(number)
        if self.speaker is seat:
            self.speaker = None
        seat.live = seat.screen = seat.agreed = False
        self.changed()
        return seat

    def remove(self, number: int) -> Seat:
        """Send somebody out; the same ticket does not come in again."""
        seat = self.silence(number)
        self.removed.add(seat.person)
        self.seats.pop(seat.person, None)
        self.questions.forget(number)
        self.changed()
        return seat

    def close(self) -> None:
        """The event is over."""
        self.closed, self.speaker = True, None
        self.questions.end()
        for seat in self.seats.values():
            seat.hand_at, seat.live, seat.screen = None, False, False
        self.changed()

    def agree(self, seat: Seat, agrees: bool) -> None:
        """A learner lets the teacher see him, or no longer."""
        seat.agreed = agrees and self.mode == "class"
        seat.live = seat.live and self.may_send(seat)
        self.changed()

    def clap(self, seat: Seat, now: float) -> None:
        """拍手. More than a few a second from one person count as a few."""
        if now - seat.clapped_at >= 1.0:
            seat.clapped_at, seat.clapped = now, 0
        if seat.clapped < CLAPS_PER_S:
            seat.clapped += 1
            self.claps += 1
            self.changed()

    def ask(self, seat: Seat, text: str, now: float) -> Question:
        """A typed question for the host. Raises TooManyQuestions, and NotAllowed when the event is over."""
        self._make_sure_it_goes_on()
        question = self.questions.ask(seat.number, text, now)
        self.changed()
        return question

    def may_speak_a_question(self, seat: Seat, now: float) -> None:
        """Raises as `ask` does. To be called before anybody listens to a recording."""
        self._make_sure_it_goes_on()
        self.questions.may_speak(seat.number, now)

    def spoken(self, seat: Seat, text: str, sound: bytes, now: float) -> Spoken:
        """What somebody said and the ears heard; only who said it is shown it until it is confirmed. Raises SeatRemoved for whom the host
        sent out meanwhile: nothing of theirs is kept.
        """
        self._make_sure_it_goes_on()
        if seat.person in self.removed:
            raise SeatRemoved()
        return self.questions.spoken(seat.number, text, sound, now)

    def confirm(self, seat: Seat, number: int, with_sound: bool, now: float) -> Question:
        """It goes to the host. Raises as `ask` does."""
        self._make_sure_it_goes_on()
        question = self.questions.confirm(seat.number, number, with_sound, now)
        self.changed()
        return question

    def withdraw(self, seat: Seat) -> None:
        """What was said is not sent."""
        self.questions.withdraw(seat.number)

    def answered(self, number: int) -> None:
        self.questions.answered(number)
        self.changed()

    def tick(self, now: float) -> None:
        """Who left without a word does not keep a hand up or the floor."""
        self.questions.tick(now)
        for seat in list(self.seats.values()):
            if seat.here or now - seat.last_here < GONE_S:
                continue
            if seat is self.speaker:
                self.thank()
            if seat.hand_at is not None or seat.live or seat.screen:
                seat.hand_at, seat.live, seat.screen = None, False, False
                self.changed()

    def may_send(self, seat: Seat) -> bool:
        if self.closed:
            return False
        return seat is self.speaker or self.mode == "pair" or (self.mode == "class" and seat.agreed)

    def seen_by(self, seat: Seat) -> Iterator[Seat]:
        """Whose voice and picture this person receives beside the stage's own."""
        for other in self.seats.values():
            shown = other is self.speaker or self.mode == "pair" or (seat.host and self.mode == "class")
            if other is not seat and shown and (other.live or other.screen):
                yield other

    def seat_of(self, number: int) -> Seat:
        seat = next((one for one in self.seats.values() if one.number == number), None)
        if seat is None:
            raise NotAllowed()
        return seat

    @property
    def joined(self) -> int:
        """How many people have been here so far."""
        return self._numbers

    def people(self, now: float) -> int:
        return sum(not seat.host for seat in self._present(now))

    def _make_sure_it_goes_on(self) -> None:
        if self.closed:
            raise NotAllowed()

    def _present(self, now: float) -> list[Seat]:
        return [seat for seat in self.seats.values() if seat.here or now - seat.last_here < GONE_S]
