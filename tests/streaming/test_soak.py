"""What a long event must not do: grow. Short forms run with the suite, the long ones by `make soak`."""

from __future__ import annotations

import gc
import os
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import pytest

from streaming.handshake import Handshake, Keys
from streaming.peer import Peer
from streaming.rows import Row
from streaming.sessions import Session
from streaming.viewer import Viewer
from tests.servers import ROOT

from .browsers import Browser, World, on_the_air
from .joining import Held, complaints, many
from .soaking import LongEvent, Outcome, Reading, open_files

MINUTES = float(os.environ.get("STREAMING_SOAK_MINUTES", "30"))
WATCHING = int(os.environ.get("STREAMING_SOAK_VIEWERS", "300"))
VISITS, STEP = 160, 20


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
@pytest.mark.parametrize("visits", [200, pytest.param(10_000, marks=pytest.mark.soak)])
def test_visits_leave_neither_objects_nor_sockets_nor_memory_behind(visits):
    world = World()
    on_the_air(world)
    for number in range(100):
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


@pytest.mark.parametrize(("kept", "grows"), [(0, False), (256, True)], ids=["as it is", "control: something is kept"])
def test_memory_does_not_follow_the_number_of_visits(kept, grows, monkeypatch):
    """With a quarter of a kilobyte kept of each visit it would be noticed."""
    monkeypatch.syspath_prepend(ROOT)  # the new process looks for this module there, however pytest was started
    with ProcessPoolExecutor(1, get_context("spawn")) as alone:
        points = alone.submit(held_after_visits, kept).result()
    assert (steadily(points[1:]) > 128) == grows, points


def held_after_visits(kept: int) -> list[tuple[float, float]]:
    """What Python holds, by the byte, in a process of its own: what other stories left running would be counted as ours."""
    world, leaked, points = World(), [], []
    on_the_air(world)
    for number in range(40):
        visit(world, number)
    tracemalloc.start()
    for number in range(VISITS):
        visit(world, number)
        leaked.append(bytes(kept))
        if number % STEP == STEP - 1:
            gc.collect()
            points.append((float(number), float(tracemalloc.get_traced_memory()[0])))
    return points


def steadily(points: list[tuple[float, float]]) -> float:
    """Bytes a visit: the median of all pairwise slopes (Theil and Sen), unmoved by a reading that holds more for once."""
    return median((later - value) / (after - at) for (at, value), (after, later) in combinations(points, 2))


@pytest.mark.soak
def test_ten_thousand_come_and_go_by_a_real_server():
    """Memory, open files, tasks and sessions, read when nobody is there."""
    assert complaints(many(10_000)) == []


def test_a_leak_in_memory_files_tasks_or_sessions_would_be_told():
    """Control to the story above."""
    sound = [Held(500 * number, 93.0 + 0.01 * (number % 2), 7, 3, 0) for number in range(20)]
    assert complaints(sound) == []
    for leaking in (lambda one: replace(one, memory_mb=93 + one.joins * 0.001), lambda one: replace(one, tasks=3 + one.joins)):
        assert len(complaints([leaking(one) for one in sound])) == 1
    assert len(complaints([replace(one, open_files=7 + one.joins, sessions=one.joins) for one in sound])) == 2


@pytest.mark.soak
def test_a_long_event_with_three_hundred_viewers_does_not_grow():
    """As long as STREAMING_SOAK_MINUTES says: all see the picture to the end, and the server stays as it was after the first minute."""
    event = LongEvent("ours", WATCHING)
    try:
        assert event.gather() == WATCHING
        assert event.run(MINUTES).complaints() == []
    finally:
        event.close()


def test_a_long_event_that_grew_or_starved_would_be_told():
    """Control to the story above."""
    first = Reading(0.5, 118.0, 7, 3, 300, 0.3, 31.0, 31.0, 300, 9.0)
    event = Outcome(300, 30.0, "ours", first, first, 118.0, True)
    assert event.complaints() == []
    assert len(replace(event, last=replace(first, memory_mb=123.0)).complaints()) == 1
    assert len(replace(event, last=replace(first, tasks=4, sessions=299), never_starved=False).complaints()) == 3
