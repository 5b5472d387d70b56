"""The sample festival's own host: gives the floor and thanks; without it a newcomer who tries raising a hand would wait for nobody."""

from __future__ import annotations

from typing import Final

from .floor import Floor

GIVES_AFTER_S: Final = 3.0
LISTENS_S: Final = 30.0
WAITS_S: Final = 120.0
LEFT_S: Final = 10.0  # a page that is loaded anew is back before
ANSWERS_AFTER_S: Final = 4.0


class SampleHost:
    """Call `tick` once a second."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._live_since: float | None = None

    def tick(self, now: float) -> None:
        floor, hands = self._floor, [seat for seat in self._floor.hands() if seat.here]
        for question in [one for one in floor.questions if now - one.at > ANSWERS_AFTER_S]:
            floor.answered(question.number)
        if floor.speaker is None:
            self._live_since = None
            if hands and now - (hands[0].hand_at or now) >= GIVES_AFTER_S:
                floor.give(hands[0].number, now)
            return
        if floor.speaker.live and self._live_since is None:
            self._live_since = now
        began, left = self._live_since, not floor.speaker.here and now - floor.speaker.last_here > LEFT_S
        if left or (began is not None and now - began > LISTENS_S) or (began is None and now - floor.given_at > WAITS_S):
            floor.thank()
