"""How soon a viewer in Chromium sees the first picture, with a publisher that never answers a wish for a whole one (as OBS).

The publisher sends a film of 720p and about 1 Mbit/s as it is, a whole picture every two seconds; viewers come at any moment.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Final

import av
import numpy as np
from aiortc.contrib.media import MediaPlayer
from playwright.sync_api import Browser, sync_playwright

from streaming import Gate
from streaming.publishing import publish
from tests.servers import free_port, python, running
from tests.streaming.chromium import CHROMIUM, FLAGS

ROUNDS: Final = 6
WIDTH, HEIGHT, RATE, GOP_S, SECONDS = 1280, 720, 30, 2, 20
# From the press to the first picture that is put on the screen.
PRESS = """() => new Promise((done) => {
  const video = document.querySelector("#picture"), began = performance.now();
  video.requestVideoFrameCallback(() => done(performance.now() - began));
  document.querySelector("#watch").click();
})"""


def measure() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film.ts"  # whole start codes in every packet, as aiortc sends them on
        write_film(film)
        port = free_port()
        environment = {"INCLUSION_VAR": folder, "LOG_LEVEL": "WARNING", "DATABASE_URL": ""}
        with running(python("-m", "inclusion", "serve", "--port", str(port)), port, "/healthz", environment):
            address = f"http://127.0.0.1:{port}"
            token = Gate((Path(folder) / "secret.key").read_text()).issue("hall", "host", datetime.now(UTC), timedelta(hours=1))
            with _on_the_air(f"{address}/whip/hall", token, film), sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS.split())
                found = sorted(_first_picture(chromium, f"{address}/live/hall", number) for number in range(ROUNDS))
                chromium.close()
    return {"rounds": ROUNDS, "median_ms": median(found), "p90_ms": found[int(0.9 * ROUNDS)], "all_ms": found}


def write_film(file: Path) -> None:
    """A moving picture that does not compress to nothing."""
    dice = np.random.default_rng(1)
    ground = dice.integers(0, 255, (HEIGHT + 8 * RATE, WIDTH, 3), dtype=np.uint8) // 6
    with av.open(str(file), "w") as output:
        stream = output.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.bit_rate, stream.time_base = 1_000_000, Fraction(1, RATE)
        whole = {"g": str(GOP_S * RATE), "keyint_min": str(GOP_S * RATE), "maxrate": "1200k", "bufsize": "1000k"}
        stream.options = {"profile": "baseline", "tune": "zerolatency", "preset": "ultrafast", **whole}
        for number in range(SECONDS * RATE):
            shift = number % (8 * RATE)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(ground[shift : shift + HEIGHT]), format="rgb24")
            frame.pts = number
            output.mux(stream.encode(frame))
        output.mux(stream.encode())


@contextmanager
def _on_the_air(address: str, token: str, film: Path) -> Iterator[None]:
    """In a thread with a loop of its own; packets of the film are sent as they are, so no wish for a whole picture is ever heard."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()

    async def begin() -> object:
        player = MediaPlayer(str(film), loop=True, decode=False)
        return await publish(address, token, [player.video])

    publication = asyncio.run_coroutine_threadsafe(begin(), loop).result(60)
    time.sleep(3)
    yield
    asyncio.run_coroutine_threadsafe(publication.close(), loop).result(30)  # type: ignore[attr-defined]
    loop.call_soon_threadsafe(loop.stop)


def _first_picture(chromium: Browser, address: str, number: int) -> int:
    context = chromium.new_context(locale="ja-JP", bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    time.sleep(0.5 + (number * 0.37) % GOP_S)  # anywhere between two whole pictures
    found = round(page.evaluate(PRESS))
    context.close()
    return found


if __name__ == "__main__":
    print(measure())
