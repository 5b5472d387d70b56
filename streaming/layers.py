"""The same picture in several sizes: which of them fits a viewer's connection, and how its numbers go on from one size to the next.

Without it everybody would get the largest, and a weak connection would see it break.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from .packets import Outgoing, OutgoingStream

Rates = Mapping[int, float]
"""Bits a second of each layer that is being sent."""

TOO_MUCH: Final = 0.10  # lost: the layer does not fit (draft-ietf-rmcat-gcc-02, section 6)
CLEAN: Final = 0.05  # this much is mended by repeating
HOPELESS: Final = 0.25
DOWN_AFTER: Final = 2  # seconds in a row, so that one burst of radio noise changes nothing
STOP_AFTER: Final = 3
PATIENCE_S: Final = 5.0
MOST_PATIENCE_S: Final = 60.0
TRIAL_S: Final = 6.0  # a step up that fails within this time was a mistake: the next is tried half as soon
SETTLE_S: Final = 1.5  # after a change, reports still tell of before
SOUND_ONLY_S: Final = 10.0
FIRST_BITS_S: Final = 1_000_000.0  # what a newcomer is trusted with
ESTIMATE_LIVES_S: Final = 3.0
ROOM_ABOVE: Final = 1.4  # a browser believes in half as much again as comes, so less says: this is all
BELOW: Final = 0.85


def first_layer(rates: Rates) -> int:
    """Where a newcomer begins: the largest layer that nearly every connection carries."""
    fitting = [layer for layer, rate in rates.items() if rate <= FIRST_BITS_S]
    if fitting:
        return max(fitting, key=lambda layer: rates[layer])
    return min(rates, key=lambda layer: rates[layer], default=0)


class LayerRates:
    """What each layer costs, measured as it passes: the order in which a publisher names them promises nothing."""

    def __init__(self) -> None:
        self.rates: dict[int, float] = {}
        self._before: dict[int, int] = {}
        self._at = 0.0

    def measure(self, streams: Mapping[int, OutgoingStream], now: float) -> None:
        """Once a second. A layer nothing came of meanwhile is not there."""
        passed, self._at = now - self._at if self._at else 0.0, now
        grown = {layer: stream.octets - self._before.get(layer, 0) for layer, stream in streams.items()}
        self._before = {layer: stream.octets for layer, stream in streams.items()}
        if passed > 0:
            self.rates = {layer: self._smoothed(layer, 8 * octets / passed) for layer, octets in grown.items() if octets > 0}

    def _smoothed(self, layer: int, rate: float) -> float:
        return (self.rates.get(layer, rate) + rate) / 2


class LayerChooser:
    """One viewer's. `note` what its reports say, `tick` once a second; `layer` is what it gets now, None for the sound alone."""

    def __init__(self, layer: int | None) -> None:
        self.layer = layer
        self._patience, self._pause = PATIENCE_S, SOUND_ONLY_S
        self._clean_since = self._changed_at = 0.0
        self._went_up = False
        self._lost: float | None = None
        self._estimate, self._estimated_at = 0.0, -ESTIMATE_LIVES_S
        self._bad = 0

    @property
    def uneasy(self) -> bool:
        """Whether something may have to change though there is one layer only."""
        return self.layer is None or self._bad > 0 or (self._lost or 0.0) > TOO_MUCH or self._estimate > 0

    def note(self, lost: float | None, estimate: int, now: float) -> None:
        """`lost`: the part of the picture's packets. `estimate`: bits a second the viewer believes in (REMB), 0 for none."""
        if lost is not None:
            self._lost = max(lost, self._lost or 0.0)
        if estimate:
            self._estimate, self._estimated_at = float(estimate), now

    def changed(self, layer: int | None, now: float) -> None:
        """From now on this layer is sent."""
        self.layer, self._changed_at, self._clean_since, self._bad, self._lost = layer, now, now, 0, None

    def tick(self, rates: Rates, now: float) -> int | None:
        """The layer that should be sent."""
        lost, self._lost = self._lost, None
        if not rates:
            return self.layer
        if self.layer is None:
            return self._again(rates, now)
        if self.layer not in rates:
            return first_layer(rates)
        if now - self._changed_at < SETTLE_S:
            return self.layer
        if now - self._changed_at >= TRIAL_S and self._went_up:
            self._went_up, self._patience = False, PATIENCE_S
        if self._congested(lost, rates[self.layer], now):
            return self._down(lost or 0.0, rates, now)
        self._bad = self._bad if lost is None else 0
        if lost is not None and lost > CLEAN:
            self._clean_since = now
        return self._up(rates, now) if lost is not None else self.layer

    def _believed(self, now: float) -> float:
        return self._estimate if now - self._estimated_at < ESTIMATE_LIVES_S else 0.0

    def _congested(self, lost: float | None, rate: float, now: float) -> bool:
        believed = self._believed(now)
        return (lost is not None and lost > TOO_MUCH) or 0 < believed < BELOW * rate

    def _down(self, lost: float, rates: Rates, now: float) -> int | None:
        layer = self.layer
        assert layer is not None  # noqa: S101  # tick looked
        self._bad, self._clean_since = self._bad + 1, now
        if self._bad < (1 if self._went_up else DOWN_AFTER):
            return layer
        budget = self._believed(now) or rates[layer] * (1 - lost)
        below = {one: rate for one, rate in rates.items() if rate < rates[layer]}
        if below:
            if self._went_up:
                self._went_up, self._patience = False, min(2 * self._patience, MOST_PATIENCE_S)
            fitting = {one: rate for one, rate in below.items() if rate <= budget}
            return max(fitting, key=lambda one: fitting[one]) if fitting else min(below, key=lambda one: below[one])
        hopeless = lost > HOPELESS or 0 < self._believed(now) < rates[layer] / 2
        return None if hopeless and self._bad >= STOP_AFTER else layer

    def _up(self, rates: Rates, now: float) -> int | None:
        layer = self.layer
        assert layer is not None  # noqa: S101  # tick looked
        above = {one: rate for one, rate in rates.items() if rate > rates[layer]}
        if not above:
            return layer
        following = min(above, key=lambda one: above[one])
        believed = self._believed(now)
        if 0 < believed < ROOM_ABOVE * rates[layer]:
            return layer
        sure = believed >= ROOM_ABOVE * above[following] and self._patience == PATIENCE_S
        if now - self._clean_since < (2.0 if sure else self._patience):
            return layer
        self._went_up = True
        return following

    def _again(self, rates: Rates, now: float) -> int | None:
        """Sound only: the smallest picture is tried again after a while, each time later."""
        if now - self._changed_at < self._pause:
            return None
        self._pause = min(2 * self._pause, MOST_PATIENCE_S)
        return min(rates, key=lambda one: rates[one])


class Path(NamedTuple):
    """How one layer's packets are numbered for somebody: added to index and timestamp. Packets before `floor` are not for them."""

    layer: int | None = 0
    shift: int = 0
    ticks: int = 0
    floor: int = 0


@dataclass(frozen=True, slots=True)
class _Walked:
    path: Path
    last: int


class Way:
    """The path somebody is on, and those before it, from which a lost packet may still be asked for."""

    def __init__(self, layer: int | None = 0) -> None:
        self.path = Path(layer)
        self.wanted: int | None = layer
        self._walked: deque[_Walked] = deque(maxlen=4)
        self._end = (-1, 0)

    def leave(self, sent: tuple[int, int]) -> None:
        """Nothing more of this layer; `sent` is the index and the timestamp of its last packet that went out."""
        if self.path.layer is not None:
            self._walked.append(_Walked(self.path, sent[0]))
            self._end = sent[0] + self.path.shift, (sent[1] + self.path.ticks) & 0xFFFFFFFF
        self.path = Path(None)

    def enter(self, layer: int, first: Outgoing) -> None:
        """Go on with a whole picture of this layer that begins with `first`: its number follows the last one, its time is later."""
        if self._end[0] < 0:
            self.path = Path(layer)
            return
        late = (self._end[1] + 1 - first.timestamp) & 0xFFFFFFFF
        self.path = Path(layer, self._end[0] + 1 - first.index, late if late < 0x80000000 else 0, first.index)

    def again(self, streams: Mapping[int, OutgoingStream], sequence: int) -> tuple[Outgoing, Path] | None:
        """The packet that went out under this 16-bit number, while it is remembered."""
        current = streams.get(self.path.layer) if self.path.layer is not None else None
        last = [_Walked(self.path, current.sent[0])] if current else []
        for walked in reversed([*self._walked, *last]):
            stream = streams.get(walked.path.layer) if walked.path.layer is not None else None
            found = stream.again((sequence - walked.path.shift) & 0xFFFF) if stream else None
            if found is not None and walked.path.floor <= found.index <= walked.last:
                return found, walked.path
        return None


def as_seen(packet: Outgoing, path: Path) -> Outgoing:
    """For listeners, who take one layer after the other as one stream."""
    if not path.shift and not path.ticks:
        return packet
    return replace(packet, index=packet.index + path.shift, timestamp=(packet.timestamp + path.ticks) & 0xFFFFFFFF)
