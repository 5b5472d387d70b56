"""The long event: many viewers for a long time; what the server weighs and costs is read at the start, all along, and at the end.

    python -m tests.streaming.soaking --minutes 30 --viewers 300
    python -m tests.streaming.soaking --minutes 30 --viewers 300 --kind slow --results long-event.jsonl     a quarter of the bits

Memory, open files, tasks and sessions must stand at the end where they stood after the first minute.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.benchmarks.streaming_fanout import PythonServer
from tests.benchmarks.streaming_viewers import Audience
from tests.servers import Server

SETTLED_S = 60.0
WINDOW_S = 30.0
JOIN_PATIENCE_S = 120.0
ALLOWED_GROWTH = 0.02


@dataclass(frozen=True, slots=True)
class Reading:
    """One window of `WINDOW_S`: `cpu_ms` is the server's CPU for one viewer-second, packets are what a viewer got a second."""

    minute: float
    memory_mb: float
    open_files: int
    tasks: int
    sessions: int
    cpu_ms: float
    least_packets: float
    middle_packets: float
    connected: int
    load: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """A whole run: the first reading after everybody had settled, and the last."""

    viewers: int
    minutes: float
    kind: str
    first: Reading
    last: Reading
    most_memory_mb: float
    never_starved: bool

    def complaints(self) -> list[str]:
        """What grew or fell away, in words; empty when the event went well."""
        found = []
        if self.last.memory_mb - self.first.memory_mb > ALLOWED_GROWTH * self.first.memory_mb + 2:
            found.append(f"Memory grew from {self.first.memory_mb:.1f} to {self.last.memory_mb:.1f} MB.")
        for name in ("open_files", "tasks", "sessions"):
            before, after = getattr(self.first, name), getattr(self.last, name)
            if after != before:
                found.append(f"There were {before} {name} at the start and {after} at the end.")
        if not self.never_starved:
            found.append("At some time a viewer got nothing for a whole window.")
        return found


class LongEvent:
    """A server of its own and viewers in this process."""

    def __init__(self, kind: str, viewers: int) -> None:
        self._server, self._audience = PythonServer(kind), Audience(bundled=True)
        self._kind, self._count, self._began = kind, viewers, time.monotonic()
        self._measured = Server(0, self._server.pid)

    def gather(self) -> int:
        """Let everybody in; gives how many are connected."""
        for _ in range(self._count):
            self._server.join(self._audience.newcomer())
            self._audience.listen(0.004)
        until = time.monotonic() + JOIN_PATIENCE_S
        while self._audience.connected < self._count and time.monotonic() < until:
            self._audience.listen(0.5)
        return self._audience.connected

    def run(self, minutes: float, settled_s: float = SETTLED_S) -> Outcome:
        self._audience.listen(settled_s)
        self._began = time.monotonic()
        readings = []
        for reading in self._readings(60 * minutes):
            print(json.dumps(asdict(reading)), flush=True)
            readings.append(reading)
        starved = any(reading.least_packets == 0 for reading in readings)
        most = max(reading.memory_mb for reading in readings)
        return Outcome(self._count, minutes, self._kind, readings[0], readings[-1], most, not starved)

    def close(self) -> None:
        self._server.close()
        self._audience.close()

    def _readings(self, seconds: float) -> Iterator[Reading]:
        while time.monotonic() - self._began < seconds:
            cpu, before = self._measured.cpu_seconds(), [viewer.packets for viewer in self._audience.viewers]
            passed = self._audience.listen(min(WINDOW_S, max(1.0, seconds)))
            cost = 1000 * (self._measured.cpu_seconds() - cpu) / passed / self._count
            got = sorted((viewer.packets - earlier) / passed for viewer, earlier in zip(self._audience.viewers, before, strict=True))
            yield self._reading(cost, got)

    def _reading(self, cost: float, got: list[float]) -> Reading:
        held = self._server.held()
        return Reading(
            minute=round((time.monotonic() - self._began) / 60, 2),
            memory_mb=round(self._measured.memory_mb(), 1),
            open_files=open_files(self._server.pid),
            tasks=held["tasks"],
            sessions=held["sessions"],
            cpu_ms=round(cost, 3),
            least_packets=round(got[0], 1),
            middle_packets=round(got[len(got) // 2], 1),
            connected=self._audience.connected,
            load=round(os.getloadavg()[0], 1),
        )


def open_files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--viewers", type=int, default=300)
    parser.add_argument("--kind", default="ours", choices=["ours", "slow", "plain", "whole"])
    parser.add_argument("--results", type=Path, help="add the outcome to this file as one line of JSON")
    asked = parser.parse_args(arguments)
    event = LongEvent(asked.kind, asked.viewers)
    try:
        print(f"{event.gather()} of {asked.viewers} connected", flush=True)
        outcome = event.run(asked.minutes)
    finally:
        event.close()
    line = json.dumps({**asdict(outcome), "complaints": outcome.complaints()})
    print(line)
    if asked.results:
        with asked.results.open("a", encoding="utf-8") as results:
            results.write(line + "\n")
    return int(bool(outcome.complaints()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
