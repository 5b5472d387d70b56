"""Captions whose engine is stuck: packets go on, residents' questions are answered; and two controls that show what would happen else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise

import numpy as np
import pytest

from accessibility.caption_desk import CaptionDesk
from accessibility.captions import Captioner
from accessibility.engine_process import EngineError, EngineProcess
from accessibility.hearing import HearingError
from inclusion.web.live.captions import RoomCaptions
from streaming import CaptionLog, House
from streaming.telegraph import Sound
from streaming.telephone import Hearing, Mouth, Samples

FACTORY = "tests.accessibility.hearing.loud_ears:open_engine"
STUCK_S = 2.0
ENTIRE = 3 * STUCK_S / 4  # a gap or an answer this long was held up by the stuck engine


@pytest.fixture(scope="module")
def stuck_ears(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """They answer questions, but never sound."""
    stuck = tmp_path_factory.mktemp("ears") / "stuck"
    stuck.touch()
    engine = EngineProcess("caption ears", FACTORY, {"stuck": str(stuck)})
    yield engine
    engine.stop()


@pytest.fixture(scope="module")
def residents_ears() -> Iterator[EngineProcess]:
    engine = EngineProcess("ears", FACTORY, {"stuck": "/nowhere/stuck"})
    yield engine
    engine.stop()


async def longest_gap(on_sound: Callable[[Samples], None]) -> float:
    """Seconds: the longest time between two packets of a voice in a room whose sound is listened to."""
    house = House(lambda datagram, address: None, time.monotonic)
    mouth = Mouth(house, "hall")
    mouth.say(np.full(24_000, 0.5, np.float32), 24_000)
    came = [time.monotonic()]
    house.rooms["hall"].listeners.add(lambda kind, packet: came.append(time.monotonic()))
    house.rooms["hall"].listeners.add(Hearing(on_sound).take)
    with suppress(TimeoutError):
        await asyncio.wait_for(mouth.run(), STUCK_S)
    came.append(time.monotonic())
    return max(after - before for before, after in pairwise(came))


def seconds_to_answer(ears: EngineProcess) -> float:
    began = time.monotonic()
    with suppress(EngineError):
        list(ears.ask({}, timeout_s=2 * STUCK_S))
    return time.monotonic() - began


def as_heard(samples: Samples) -> Sound:
    return Sound(time.time(), (samples * 32767).astype("<i2").tobytes())


async def test_stuck_captions_delay_neither_a_packet_nor_a_question(stuck_ears, residents_ears):
    stuck_ears.wake(), residents_ears.wake()
    desk = CaptionDesk(Captioner(stuck_ears, late_s=STUCK_S))
    captions = RoomCaptions(desk, CaptionLog())
    asked = asyncio.get_running_loop().run_in_executor(None, seconds_to_answer, residents_ears)
    assert await longest_gap(lambda samples: captions.take(as_heard(samples))) < ENTIRE
    assert await asked < ENTIRE
    await asyncio.to_thread(desk.stop)


async def test_without_a_desk_the_packets_would_stop(stuck_ears):
    """Control."""
    stuck_ears.wake()
    stream = Captioner(stuck_ears, late_s=STUCK_S).open()

    def push(samples: Samples) -> None:
        with suppress(HearingError):
            stream.push(samples)

    assert await longest_gap(push) >= ENTIRE


async def test_with_one_process_for_both_a_question_would_wait(stuck_ears):
    """Control."""
    stuck_ears.wake()
    desk = CaptionDesk(Captioner(stuck_ears, late_s=STUCK_S))
    feed = desk.open(lambda caption: None)
    feed.give(1.0, np.full(8_000, 0.3, np.float32))
    await asyncio.sleep(0.2)
    assert await asyncio.to_thread(seconds_to_answer, stuck_ears) >= ENTIRE
    await asyncio.to_thread(desk.stop)
