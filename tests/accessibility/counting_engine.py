"""An engine that does nothing but count: so that it can be seen what it was spared, and what a stuck one does to others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from accessibility.engine_process import Frame

FACTORY = f"{__name__}:open_engine"


def open_engine(settings: dict[str, Any]) -> Callable[[dict[str, Any], bytes], Iterator[Frame]]:
    """`settings`: done (a file that grows by one sign with every piece), loading_s. A job's `pieces` take `piece_s` each."""
    time.sleep(settings.get("loading_s", 0))

    def work(job: dict[str, Any], _: bytes) -> Iterator[Frame]:
        for number in range(job["pieces"]):
            time.sleep(job["piece_s"])
            with Path(settings["done"]).open("a") as done:
                done.write(job["sign"])
            yield {"number": number}, b""

    return work


def open_stuck_engine(_: dict[str, Any]) -> Callable[[dict[str, Any], bytes], Iterator[Frame]]:
    """Opens at once and never answers."""

    def work(*_: object) -> Iterator[Frame]:
        threading.Event().wait()
        yield {}, b""

    return work
