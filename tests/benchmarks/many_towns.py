"""What one more town on the same server costs in memory and time to start, beside a server of its own for each town."""

from __future__ import annotations

import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from inclusion.municipalities.importing import import_town
from tests.servers import free_port, python, running

from .importing import ROWS, five_files

QUESTION = '{"text": "傘は何ごみですか"}'.encode()


def measure() -> Mapping[str, object]:
    """MB of resident memory after every town has answered once, and seconds until /healthz, of one, two and three towns."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name in ("east", "west"):
            import_town("5374", five_files(folder / f"{name}-files"), folder / name, date(2026, 11, 24))
        towns = ["chiyoda", str(folder / "east"), str(folder / "west")]
        together = [_server(towns[:many], folder) for many in (1, 2, 3)]
        apart = together[0][0] + sum(_server([town], folder)[0] for town in towns[1:])
    return {
        "things_in_each_imported_town": ROWS,
        "one_two_three_towns_mb": [round(memory) for memory, _ in together],
        "one_two_three_towns_start_s": [round(seconds, 1) for _, seconds in together],
        "three_servers_apart_mb": round(apart),
        "apart_times_together": round(apart / together[2][0], 2),
    }


def _server(towns: Sequence[str], folder: Path) -> tuple[float, float]:
    port, var = free_port(), tempfile.mkdtemp(dir=folder)
    options = [part for town in towns for part in ("--town", town)]
    settings = {"INCLUSION_VAR": var, "DATABASE_URL": "", "LOG_LEVEL": "WARNING"}
    began = time.monotonic()
    with running(python("-m", "inclusion", "serve", "--port", str(port), *options), port, "/healthz", settings, 90) as server:
        started = time.monotonic() - began
        for town in towns:
            path = f"/towns/{Path(town).name}/api/v1/ask" if len(towns) > 1 else "/api/v1/ask"
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", QUESTION, {"Content-Type": "application/json"})
            urllib.request.urlopen(request, timeout=30).close()
        return server.memory_mb(), started
