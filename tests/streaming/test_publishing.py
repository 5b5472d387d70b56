"""A rehearsal: `inclusion publish FILE ROOM` sends a film into a room of a running service, and it is seen there."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from streaming import Gate, StreamingError
from streaming.doors import Door, post
from streaming.handing_over import fetch
from tests.servers import python

from .test_handing_over import Engine, heard_in

pytestmark = pytest.mark.xdist_group("chromium")  # where the one service of this folder runs
PATIENCE_S = 60
RATE, SECONDS = 15, 4


def film(path: Path) -> Path:
    """A grey picture that grows lighter, and a tone."""
    with av.open(str(path), "w") as output:
        picture = output.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "tune": "zerolatency"})
        picture.width, picture.height, picture.pix_fmt = 160, 120, "yuv420p"
        sound = output.add_stream("aac", rate=48_000, layout="mono")
        for number in range(RATE * SECONDS):
            frame = av.VideoFrame.from_ndarray(np.full((120, 160, 3), 3 * number, np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            output.mux(picture.encode(frame))
        for number in range(SECONDS * 48_000 // 1024):
            wave = np.sin(np.arange(number * 1024, (number + 1) * 1024) * 440 * 2 * np.pi / 48_000, dtype=np.float64)
            frame = av.AudioFrame.from_ndarray(wave.astype(np.float32)[None, :], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48_000, number * 1024
            output.mux(sound.encode(frame))
        output.mux(picture.encode(None))
        output.mux(sound.encode(None))
    return path


async def test_a_film_is_published_by_the_command_and_seen_until_it_is_ended(served, tmp_path):
    address, var = served
    token = Gate((var / "secret.key").read_text()).issue("renshu", "watch", datetime.now(UTC), timedelta(minutes=5))
    here, door = Engine(), Door(f"{address}/whep/renshu", token)
    command = python("-m", "inclusion", "publish", str(film(tmp_path / "film.mp4")), "renshu", "--to", address)
    running = await asyncio.create_subprocess_exec(*command, env={**os.environ, "INCLUSION_VAR": str(var)}, stdout=asyncio.subprocess.PIPE)
    try:
        assert b"/live/renshu" in await asyncio.wait_for(running.stdout.readline(), PATIENCE_S)
        await until_shown(here, door)
        heard = await heard_in(here, 2.0)
    finally:
        running.terminate()
        await asyncio.wait_for(running.wait(), PATIENCE_S)
        await here.port.close()
    assert len(heard["video"]) > RATE / 2
    assert len(heard["audio"]) > 25


async def until_shown(here: Engine, door: Door) -> None:
    """Fetch the room as soon as it is on the air."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                await fetch(here.house, "hall", door, post)
            except (OSError, StreamingError):
                await asyncio.sleep(0.2)
            else:
                return
