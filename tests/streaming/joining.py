"""Many who come and go: what a real server holds must not grow with the number of those who have been there.

    python -m tests.streaming.joining --joins 10000

Everybody comes over UDP with ICE and DTLS of their own, gets the picture, and leaves as a closed page does, with DTLS' goodbye.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from tests.benchmarks.streaming_fanout import PythonServer
from tests.benchmarks.streaming_viewers import Audience
from tests.servers import Server

from .soaking import open_files

AT_ONCE = 50
PATIENCE_S = 60.0
READINGS = 20
ALLOWED_BYTES = 256.0  # of resident memory for each who came; one viewer kept by mistake would be 130,000


@dataclass(frozen=True, slots=True)
class Held:
    """What the server held when nobody was there, after so many had come."""

    joins: int
    memory_mb: float
    open_files: int
    tasks: int
    sessions: int


class Door:
    """A server that shows a little picture, and people who come and go in batches."""

    def __init__(self) -> None:
        self._server, self._came = PythonServer("slow"), 0
        self._measured = Server(0, self._server.pid)

    def let_in(self, count: int) -> Held:
        for _ in range(count // AT_ONCE):
            self._batch()
        return self.held()

    def held(self) -> Held:
        until = time.monotonic() + PATIENCE_S
        while (held := self._server.held())["sessions"] and time.monotonic() < until:
            time.sleep(0.2)
        memory = round(self._measured.memory_mb(), 2)
        return Held(self._came, memory, open_files(self._server.pid), held["tasks"], held["sessions"])

    def close(self) -> None:
        self._server.close()

    def _batch(self) -> None:
        audience, until = Audience(bundled=True), time.monotonic() + PATIENCE_S
        for _ in range(AT_ONCE):
            self._server.join(audience.newcomer())
            audience.listen(0.002)
        while min(viewer.packets for viewer in audience.viewers) < 2 and time.monotonic() < until:
            audience.listen(0.05)
        assert audience.connected == AT_ONCE
        for viewer in audience.viewers:
            viewer.leave()
        audience.close()
        self._came += AT_ONCE


def slope(points: Sequence[tuple[float, float]]) -> float:
    """How much the second number grows with the first (least squares)."""
    middle_x, middle_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread


def growth(readings: Sequence[Held]) -> float:
    """Bytes of memory for each who came, over the second half: a process takes a while until it has all it needs."""
    return slope([(one.joins, 1e6 * one.memory_mb) for one in readings[len(readings) // 2 :]])


def complaints(readings: Sequence[Held]) -> list[str]:
    first, last, found = readings[0], readings[-1], []
    if growth(readings) > ALLOWED_BYTES:
        found.append(f"Memory grows by {growth(readings):.0f} bytes with each who comes.")
    counts = {name: (getattr(first, name), getattr(last, name)) for name in ("open_files", "tasks", "sessions")}
    changed = [
        f"There were {before} {name} at the start and {after} at the end." for name, (before, after) in counts.items() if before != after
    ]
    return [*found, *changed]


def many(joins: int) -> Sequence[Held]:
    door, readings = Door(), []
    try:
        for _ in range(READINGS):
            readings.append(door.let_in(joins // READINGS))
            print(json.dumps(asdict(readings[-1])), flush=True)
    finally:
        door.close()
    return readings


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--joins", type=int, default=10_000)
    readings = many(parser.parse_args(arguments).joins)
    print(f"{growth(readings):.0f} bytes for each who came; {complaints(readings) or 'nothing stayed behind'}")
    return int(bool(complaints(readings)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
