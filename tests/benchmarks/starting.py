"""`make run` on a machine with the packages installed: how long until the first answer, and what the server weighs."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Mapping

from tests.servers import ROOT, Server, free_port

QUESTION = json.dumps({"text": "長いす捨てたいんだけど、いくら？"}).encode()


def measure() -> Mapping[str, object]:
    """Seconds from typing `make run` to the first answer over HTTP (empty database), and the server's memory after it."""
    port = free_port()
    with tempfile.TemporaryDirectory() as var:
        environment = {**os.environ, "INCLUSION_VAR": var, "LOG_LEVEL": "WARNING", "DATABASE_URL": "", "PORT": str(port)}
        start = time.perf_counter()
        make = subprocess.Popen(
            ["make", "run", f"PORT={port}"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            answer = _first_answer(port, make)
            seconds = time.perf_counter() - start
            memory = Server(port, _server_pid(make.pid)).memory_mb()
        finally:
            subprocess.run(["pkill", "-TERM", "-P", str(make.pid)], check=False)
            make.wait(20)
    return {"make_run_to_first_answer_s": round(seconds, 2), "server_memory_mb": round(memory), "total_yen": answer["total_yen"]}


def _first_answer(port: int, make: subprocess.Popen[bytes]) -> dict[str, object]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/ask", QUESTION, {"Content-Type": "application/json"})
    until = time.monotonic() + 60
    while time.monotonic() < until and make.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=20) as reply:
                answer: dict[str, object] = json.load(reply)
                return answer
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("`make run` did not answer within a minute.")


def _server_pid(make_pid: int) -> int:
    """The youngest descendant of make is the server."""
    pid = make_pid
    while children := subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split():
        pid = int(children[0])
    return pid
