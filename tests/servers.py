"""Starts real servers, each in its own process, for journeys and benchmarks, and reads what they cost."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """User and system time of the process so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_mb(self) -> float:
        """Resident memory in MB (1e6 bytes)."""
        line = next(one for one in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines() if one.startswith("VmRSS"))
        return int(line.split()[1]) * 1024 / 1e6


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], port: int, ready_path: str, environment: Mapping[str, str], patience_s: float = 120, log: Path | None = None
) -> Iterator[Server]:
    """Run `command` until the block ends; yields once `ready_path` answers anything at all."""
    with Path(log or os.devnull).open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "NO_PROXY": "*", **environment}, stdout=output, stderr=output)
    try:
        wait_until_it_answers(f"http://127.0.0.1:{port}{ready_path}", process, patience_s)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes], patience_s: float) -> None:
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with {process.returncode} before it answered.")
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"No answer from {url} within {patience_s} s.")


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]
