"""One viewer's seat: the numbers its browser chose, what it still has to catch up on, and how well it receives."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .layers import LayerChooser, Path, Way
from .packets import Outgoing
from .peer import Peer
from .reports import Kind, Reports, read_reports

Numbers = tuple[int, int]
Passed = tuple[Kind, int, Outgoing]
"""Medium, layer and packet."""
"""The payload types of picture and sound, 0 for a medium not sent. Viewers with the same pair share every rewritten packet."""
CATCH_UP_BURST: Final = 12  # packets each hundredth of a second: about 10 Mbit/s, so that a phone's radio is not flooded
REPAIRS_PER_S: Final = 300
STRAIGHT: Final = Path()


@dataclass(slots=True)
class Reception:
    """How a viewer receives, for the staff page and the figures."""

    fraction_lost: float = 0.0
    jitter_ms: float = 0.0
    round_trip_ms: float = 0.0
    repaired: int = 0
    pictures_asked: int = 0


class Viewer:
    """A seat. `waiting` holds what must be sent before it joins the others; `way` and `chooser` are about the picture's layers,
    which are not chosen for one that is `held`.
    """

    def __init__(self, peer: Peer, numbers: Numbers, wants: Callable[[Viewer, Reports, float], None], layer: int = 0) -> None:
        self.peer, self.numbers = peer, numbers
        self.way, self.chooser = Way(layer), LayerChooser(layer)
        self.held = False
        self.waiting: deque[Passed] = deque()
        self.reception = Reception()
        self._repairs_left = REPAIRS_PER_S
        self._repairs_since = 0.0
        peer.on_reports = lambda packet, now: wants(self, read_reports(packet), now)

    def number(self, kind: Kind) -> int:
        return self.numbers[0] if kind == "video" else self.numbers[1]

    @property
    def group(self) -> tuple[Numbers, Path]:
        """Whoever has the same gets the same bytes, but for encryption."""
        return self.numbers, self.way.path

    def wait_for(self, packets: Sequence[Passed]) -> None:
        layer = self.way.path.layer
        self.waiting.extend(one for one in packets if self.number(one[0]) and (one[0] == "audio" or one[1] == layer))

    def next_waiting(self) -> Sequence[Passed]:
        """A little of what waits, to be sent now."""
        return [self.waiting.popleft() for _ in range(min(CATCH_UP_BURST, len(self.waiting)))]

    def repair(self, kind: Kind, packet: Outgoing, now: float, path: Path = STRAIGHT) -> None:
        """Send again, byte for byte the same. A flood of requests is served only so far."""
        if now - self._repairs_since >= 1.0:
            self._repairs_since, self._repairs_left = now, REPAIRS_PER_S
        if self._repairs_left and self.number(kind):
            self._repairs_left -= 1
            self.reception.repaired += 1
            self.peer.send_media(packet.written(self.number(kind), path.shift, path.ticks))

    def note(self, found: Reports, rates: Mapping[int, int], sent_at: Mapping[int, float], now: float, picture: int = 0) -> None:
        """Keep what the viewer's reports say. `sent_at` tells when the report it answers was sent, `picture` is the picture's SSRC."""
        lost = next((one.fraction_lost / 256 for one in found.receptions if one.ssrc == picture), None)
        self.chooser.note(lost, found.bandwidth, now)
        for one in found.receptions:
            if one.ssrc in rates:
                self.reception.fraction_lost = one.fraction_lost / 256
                self.reception.jitter_ms = 1000 * one.jitter / rates[one.ssrc]
            if one.last_report in sent_at:
                self.reception.round_trip_ms = max(0.0, 1000 * (now - sent_at[one.last_report] - one.delay / 65536))


def written(fresh: Sequence[Passed], numbers: Numbers, path: Path) -> Sequence[bytes]:
    """What a group gets of these packets, as it goes on the wire."""
    return list(_on_the_wire(fresh, numbers, path))


def _on_the_wire(fresh: Sequence[Passed], numbers: Numbers, path: Path) -> Iterator[bytes]:
    picture, sound = numbers
    for kind, layer, packet in fresh:
        if kind == "audio":
            if sound:
                yield packet.written(sound)
        elif picture and layer == path.layer and packet.index >= path.floor:
            yield packet.written(picture, path.shift, path.ticks)
