"""What one viewer costs the server, repair memory, reports and pacing in place, beside Janus and aiortc's MediaRelay in the same run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any, Protocol

from tests.servers import ROOT, Server, python

from . import streaming_janus
from .streaming_viewers import Audience, LightViewer

WINDOW_S, SETTLE_S, JOIN_S = 8.0, 2.0, 0.004
COUNTS = tuple(int(count) for count in os.environ.get("STREAMING_VIEWERS", "50,200").split(","))
KINDS = os.environ.get("STREAMING_KINDS", "ours,ours+bundled,whole,plain,janus,janus+bundled").split(",")


class Measured(Protocol):
    """A server under measurement, in a process of its own."""

    @property
    def pid(self) -> int: ...
    def join(self, viewer: LightViewer) -> None: ...
    def close(self) -> None: ...


class PythonServer:
    """Ours in one of its ways, or the naive relay (see streaming_server)."""

    def __init__(self, kind: str) -> None:
        command = python("-m", "tests.benchmarks.streaming_server", kind)
        self._child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._child.stdin is not None and self._child.stdout is not None
        self._asking, self._answering = self._child.stdin, self._child.stdout

    @property
    def pid(self) -> int:
        return self._child.pid

    def join(self, viewer: LightViewer) -> None:
        viewer.connect(self._ask(viewer.description()))

    def held(self) -> dict[str, int]:
        """Tasks, sessions and viewers in the server's memory."""
        found: dict[str, int] = self._ask(None)
        return found

    def ask(self, protocol: str, act: str, room: str, viewer: LightViewer) -> None:
        """For another room than the benchmark's own, as viewer or publisher."""
        viewer.connect(self._ask([protocol, act, room, viewer.description()]))

    def _ask(self, question: object) -> Any:
        print(json.dumps(question), file=self._asking, flush=True)
        return json.loads(self._answering.readline())

    def close(self) -> None:
        self._child.kill()
        self._child.wait()
        self._asking.close()
        self._answering.close()


def run_with(kind: str, count: int, joins_alone: bool = False) -> Mapping[str, float]:
    """Server CPU seconds a second, its memory, the packets a viewer got a second, and CPU seconds while they joined.

    `kind` is ours, whole (messages not cut by the system), plain, slow (a fifth of the packets), quiet (ours with nothing to see), relay,
    janus or janus-slow; "+bundled" behind it gives viewers that take messages whole.
    """
    name, _, bundled = kind.partition("+")
    measured: Measured = streaming_janus.JanusServer(name == "janus-slow") if name.startswith("janus") else PythonServer(name)
    audience = Audience(bool(bundled))
    try:
        return _measured(measured, audience, count)
    finally:
        measured.close()
        audience.close()


def _measured(measured: Measured, audience: Audience, count: int) -> Mapping[str, float]:
    server = Server(0, measured.pid)
    time.sleep(3.0)
    memory, joining, began = server.memory_mb(), server.cpu_seconds(), time.monotonic()
    for _ in range(count):
        measured.join(audience.newcomer())
        audience.listen(JOIN_S)
    while audience.connected < count and time.monotonic() - began < 30:
        audience.listen(0.05)
    joining, joined_s = server.cpu_seconds() - joining, time.monotonic() - began
    audience.listen(SETTLE_S)
    before, cpu = audience.packets, server.cpu_seconds()
    seconds = audience.listen(WINDOW_S)
    figures = {"cores": (server.cpu_seconds() - cpu) / seconds, "memory_mb": server.memory_mb() - memory, "joining_cpu_s": joining}
    packets = (audience.packets - before) / seconds / max(count, 1)
    return {**figures, "packets": packets, "connected": audience.connected, "joined_s": joined_s}


def measure() -> Mapping[str, object]:
    """Milliseconds of server CPU for one viewer-second, net of the server with nobody watching. Each row is told as soon as it is there.

    Where STREAMING_KINDS names what to measure, only that is: neither aiortc's relay nor joins by themselves.
    """
    found: dict[str, object] = {}
    for kind in KINDS:
        if kind.startswith("janus") and not streaming_janus.available():
            found[kind] = "not installed"
            continue
        idle = run_with(kind, 0)["cores"]
        for count in COUNTS:
            found[f"{kind}_{count}"] = _row(run_with(kind, count), idle, count)
            print(f"{kind}_{count}", json.dumps(found[f"{kind}_{count}"]), file=sys.stderr, flush=True)
    if "STREAMING_KINDS" not in os.environ:
        found["media_relay_3"] = _row(run_with("relay", 3), run_with("relay", 0)["cores"], 3)
        found["joins"] = joins(200)
    return found


def joins(count: int) -> Mapping[str, float]:
    """What a join costs by itself: nothing is published but one whole picture."""
    figures = run_with("quiet", count)
    cpu_ms = 1000 * (figures["joining_cpu_s"] - run_with("quiet", 0)["cores"] * figures["joined_s"]) / count
    return {"cpu_ms": round(cpu_ms, 2), "a_second_a_core": round(1000 / cpu_ms), "connected": figures["connected"]}


def _row(figures: Mapping[str, float], idle: float, count: int) -> Mapping[str, float]:
    return {
        "cpu_ms_per_viewer_second": round(1000 * (figures["cores"] - idle) / count, 3),
        "packets_per_viewer_second": round(figures["packets"], 1),
        "kib_per_viewer": round(figures["memory_mb"] * 1e6 / 1024 / count),
        "connected": figures["connected"],
        "load": round(os.getloadavg()[0], 1),
    }
