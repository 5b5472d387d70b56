"""What a long event must not do: grow. Short forms run with the suite, the long ones by `make soak`."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from streaming.handshake import Handshake, Keys
from streaming.peer import Peer
from streaming.rows import Row
from streaming.sessions import Session
from streaming.viewer import Viewer
from tests.benchmarks.streaming_fanout import PythonServer
from tests.benchmarks.streaming_viewers import Audience
from tests.servers import Server

from .browsers import Browser, World, on_the_air

MINUTES = float(os.environ.get("STREAMING_SOAK_MINUTES", "30"))
WATCHING = int(os.environ.get("STREAMING_SOAK_VIEWERS", "300"))
SETTLED_S = 60.0


@pytest.fixture(autouse=True)
def only_what_comes_from_now_on() -> Iterator[None]:
    """What other stories left in memory is passed over: counting through it took eight seconds a time."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def alive() -> dict[str, int]:
    gc.collect()
    kinds = (Session, Peer, Viewer, Handshake, Keys, Row)
    found = Counter(map(type, gc.get_objects()))
    return {kind.__name__: found[kind] for kind in kinds}


def visit(world: World, number: int) -> None:
    Browser(world, address=("198.51.100.50", number % 60_000 + 1)).join().delete()
    world.inboxes.clear()


def memory_kib() -> int:
    line = next(one for one in Path("/proc/self/status").read_text(encoding="ascii").splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1])


@pytest.mark.skipif(sys.platform != "linux", reason="Memory is read from /proc.")
@pytest.mark.parametrize("visits", [500, pytest.param(10_000, marks=pytest.mark.soak)])
def test_visits_leave_neither_objects_nor_sockets_nor_memory_behind(visits):
    world = World()
    on_the_air(world)
    for number in range(200):
        visit(world, number)
    before, files, memory = alive(), open_files(os.getpid()), memory_kib()
    for number in range(visits):
        visit(world, number)
    assert alive() == before
    assert open_files(os.getpid()) == files
    assert memory_kib() - memory < 4096


@pytest.mark.skipif(sys.platform != "linux", reason="Memory is read from /proc.")
def test_the_count_would_notice_a_visitor_who_stays():
    """Control to the story above."""
    world = World()
    on_the_air(world)
    before = alive()
    Browser(world).join()
    assert alive()["Peer"] == before["Peer"] + 1


@pytest.mark.soak
def test_a_long_event_with_three_hundred_viewers_does_not_grow():
    """As long as STREAMING_SOAK_MINUTES says: all see the picture to the end, and the server stays as it was after the first minute."""
    server, audience = PythonServer("ours"), Audience(bundled=True)
    try:
        for _ in range(WATCHING):
            server.join(audience.newcomer())
            audience.listen(0.004)
        audience.listen(SETTLED_S)
        assert audience.connected == WATCHING
        measured, ends = Server(0, server.pid), time.monotonic() + 60 * MINUTES
        memory, files = measured.memory_mb(), open_files(server.pid)
        while time.monotonic() < ends:
            before = [viewer.packets for viewer in audience.viewers]
            seconds = audience.listen(20)
            got = sorted((viewer.packets - earlier) / seconds for viewer, earlier in zip(audience.viewers, before, strict=True))
            print(
                f"{measured.memory_mb():.1f} MB, {open_files(server.pid)} files, least served: {got[0]:.0f} packets a second",
                flush=True,
            )
            assert got[0] > 0
        assert measured.memory_mb() - memory < 0.02 * memory + 2
        assert open_files(server.pid) == files
    finally:
        server.close()
        audience.close()


def open_files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
