"""A small HTTP load generator whose own cost is low: raw sockets, kept alive, requests prepared before the clock starts."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What one run measured. Times in milliseconds; `statuses` counts the HTTP status codes."""

    seconds: float
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    worst_ms: float
    statuses: dict[int, int]


def request_bytes(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: bench", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def fire(host: str, port: int, requests: Sequence[bytes], clients: int) -> Outcome:
    """Send all `requests` over `clients` connections, each waiting for its answer before the next one."""
    waiting = iter(requests)
    times: list[float] = []
    statuses: dict[int, int] = {}

    async def client() -> None:
        reader, writer = await asyncio.open_connection(host, port)
        for request in waiting:
            start = time.perf_counter()
            writer.write(request)
            status = await _read_answer(reader)
            times.append((time.perf_counter() - start) * 1000)
            statuses[status] = statuses.get(status, 0) + 1
        writer.close()

    start = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    seconds = time.perf_counter() - start
    times.sort()
    p95, p99 = times[int(len(times) * 0.95)], times[int(len(times) * 0.99)]
    return Outcome(seconds, len(times) / seconds, statistics.median(times), p95, p99, times[-1], statuses)


async def _read_answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")), 0)
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])
