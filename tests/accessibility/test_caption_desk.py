"""Captions come from a process of their own: one that is slow, stuck or killed loses lines, and nobody else loses anything."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from accessibility.caption_desk import CaptionDesk, CaptionFeed, TimedCaption
from accessibility.captions import Captioner
from accessibility.engine_process import EngineProcess
from accessibility.hearing import RATE
from accessibility.hearing.streams import CaptionLines

from .hearing.loud_ears import LoudIsVoice, words_by_length

PIECE_S = 0.02
FACTORY = "tests.accessibility.hearing.loud_ears:open_engine"


class Room:
    """A desk over a real process, one room's feed, and what was told."""

    def __init__(self, engine: EngineProcess, rest_s: float = 60.0) -> None:
        self.desk = CaptionDesk(Captioner(engine, late_s=0.5), most_behind_s=4.0, rest_s=rest_s)
        self.told: list[TimedCaption] = []
        self.feed: CaptionFeed = self.desk.open(self.told.append)
        self.at = 100.0

    def hear(self, *stretches: tuple[float, float]) -> float:
        """Give sound of so many seconds and so loud; the longest time one piece took."""
        longest = 0.0
        for seconds, loudness in stretches:
            for _ in range(round(seconds / PIECE_S)):
                self.at += PIECE_S
                began = time.monotonic()
                self.feed.give(self.at, np.full(int(PIECE_S * RATE), loudness, np.float32))
                longest = max(longest, time.monotonic() - began)
        return longest

    def lines(self, count: int, patience_s: float = 10.0) -> list[TimedCaption]:
        until = time.monotonic() + patience_s
        while len(found := [one for one in self.told if one.done]) < count and time.monotonic() < until:
            time.sleep(0.02)
        return found


@pytest.fixture(scope="module")
def stuck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ears") / "stuck"


@pytest.fixture(scope="module")
def engine(stuck: Path) -> Iterator[EngineProcess]:
    made = EngineProcess("caption ears", FACTORY, {"stuck": str(stuck)})
    yield made
    made.stop()


@pytest.fixture
def room(engine: EngineProcess, stuck: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    opened = Room(engine)
    yield opened
    stuck.unlink(missing_ok=True)
    monkeypatch.setattr(engine, "stop", lambda: None)  # the next story goes on with it
    opened.desk.stop()


def test_words_come_with_the_days_time_only_grow_and_end_with_the_sound(room: Room) -> None:
    room.hear((0.5, 0), (2, 0.3), (1, 0))
    first = room.lines(1)[0]
    room.hear((1, 0.3))  # and then no sound at all: its line ends by itself
    assert [one.text for one in room.lines(2)] == ["ただいまから盆踊りを", "ただいまから"]
    assert first.start == pytest.approx(100.25, abs=0.35)
    assert first.end == pytest.approx(103.2, abs=0.5)
    assert all(after.text.startswith(before.text) for before, after in pairwise(room.told) if not before.done)


def test_a_stuck_engine_takes_no_time_from_who_gives_sound_and_is_started_anew(room: Room, stuck: Path) -> None:
    room.hear((0.5, 0.3))
    room.lines(1)
    before = room.desk.pid
    stuck.touch()
    assert room.hear((20, 0.3)) < 0.2
    assert room.feed.dropped_s > 10  # kept: no more than four seconds
    until = time.monotonic() + 10
    while room.desk.pid == before and time.monotonic() < until:
        time.sleep(0.02)
    stuck.unlink()
    room.hear((3, 0))
    room.told.clear()
    room.hear((1, 0.3), (1, 0))
    assert room.lines(1)[-1].text == "ただいまから"
    assert room.desk.pid != before


def test_an_engine_killed_in_the_middle_leaves_what_was_read_and_writes_on(room: Room) -> None:
    room.hear((2.4, 0.3))
    until = time.monotonic() + 10
    while not room.told and time.monotonic() < until:
        time.sleep(0.02)
    assert room.desk.pid is not None
    os.kill(room.desk.pid, signal.SIGKILL)
    time.sleep(0.1)
    room.hear((0.5, 0.3))
    assert room.lines(1)[0].text.startswith("ただいまから")
    for _ in range(100):  # a word until somebody hears one again
        room.told.clear()
        room.hear((1, 0.3), (1, 0))
        if room.lines(1, patience_s=0.3):
            break
    assert room.lines(1)[-1].text == "ただいまから"


def test_two_rooms_take_turns_and_one_that_is_closed_is_forgotten(room: Room) -> None:
    other: list[TimedCaption] = []
    feed = room.desk.open(other.append)
    for at in range(100):
        feed.give(200 + at * PIECE_S, np.full(int(PIECE_S * RATE), 0.3, np.float32))
    room.hear((1, 0.3), (1, 0))
    assert room.lines(1)
    until = time.monotonic() + 5
    while not any(one.done for one in other) and time.monotonic() < until:
        time.sleep(0.02)
    assert other[-1].text == "ただいまから盆踊りを"
    feed.close()
    feed.close()
    assert room.desk._feeds[0] is room.feed


def test_without_sound_the_process_gives_its_memory_back(engine: EngineProcess) -> None:
    room = Room(engine, rest_s=0.3)
    room.hear((0.5, 0.3))
    room.lines(1)
    until = time.monotonic() + 5
    while room.desk.pid is not None and time.monotonic() < until:
        time.sleep(0.02)
    assert room.desk.pid is None
    room.desk.stop()


def test_what_the_ears_are_not_sure_of_is_left_out() -> None:
    told = {}
    for confidence in (0.3, 0.9):
        lines = CaptionLines(LoudIsVoice(), words_by_length("なに", confidence=confidence))  # type: ignore[arg-type]  # a fake
        told[confidence] = [*lines.push(np.full(RATE, 0.3, np.float32)), *lines.finish()]
    assert [one["settled"] for one in told[0.9] if one["done"]] == ["なに"]
    assert not [one for one in told[0.3] if one["settled"] or one["pending"]]
