"""A worker really killed under a browser that watches by it: the page finds another by itself, and staff see the viewer all along."""

from __future__ import annotations

import os
import signal
import time
import urllib.request
from pathlib import Path

import pytest

from tests.servers import free_port, python, running

from .chromium import in_chromium, shown, watch

pytestmark = [pytest.mark.soak, *in_chromium]
WORKERS = 2


def workers_of(server: int) -> list[int]:
    children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii").split()
    commands = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return [child for child, command in commands.items() if b"streaming.crew_worker" in command]


def counted(address: str, name: str) -> float:
    with urllib.request.urlopen(f"{address}/metrics", timeout=10) as reply:
        lines = reply.read().decode().splitlines()
    return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith("inclusion_live{") and f'"{name}"' in line)


def waited(address: str, name: str, value: float, patience_s: float = 30) -> float:
    until = time.monotonic() + patience_s
    while (found := counted(address, name)) != value and time.monotonic() < until:
        time.sleep(0.2)
    return found


def test_a_page_whose_worker_was_killed_shows_the_picture_again(open_page, tmp_path):
    port = free_port()
    environment = {"INCLUSION_VAR": str(tmp_path), "LOG_LEVEL": "WARNING", "DATABASE_URL": "", "LIVE_WORKERS": str(WORKERS)}
    with running(python("-m", "inclusion", "serve", "--port", str(port)), port, "/healthz", environment) as server:
        address = f"http://127.0.0.1:{port}"
        assert waited(address, "workers", WORKERS, 90) == WORKERS
        page = open_page(f"{address}/live/sample")
        watch(page)
        assert shown(page, 30, patience_s=90) >= 30
        assert waited(address, "sessions", 1) == 1
        for worker in workers_of(server.pid):
            os.kill(worker, signal.SIGKILL)
        began = time.monotonic()
        page.get_by_text("少しお待ちください").wait_for(timeout=30_000)
        before = shown(page, 10**9, patience_s=0.1)
        assert shown(page, before + 30, patience_s=60) >= before + 30
        print(f"picture again {time.monotonic() - began:.1f} s after the kill")
        assert page.locator("#status").inner_text() == "いま放送中です。"
        assert waited(address, "viewers_so_far", 2) == 2
