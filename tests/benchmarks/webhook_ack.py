"""Webhook to acknowledged: ours, which saves the event first, beside the smallest bot, which forgets it in a crash.

Both run in one process each and answer through the same LINE double in a third; rounds alternate so that noise falls on both.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.benchmarks.load import Outcome, fire, request_bytes
from tests.doubles.line_events import sign, text_event, webhook
from tests.servers import Server, free_port, python, running

SECRET = "bench-secret"
ROUNDS = 5
WEBHOOKS = 1500
CLIENTS = 50
QUESTIONS = ("長いす捨てたいんだけど、いくら？", "扇風機はいくら", "粗大ごみの申し込み方を教えて", "傘は何ごみですか", "椅子3つ")


def measure() -> Mapping[str, object]:
    """Medians over the rounds, their ratios, CPU seconds a thousand webhooks, and when the last answer had been sent."""
    with _double() as double_url, _ours(double_url) as ours, _smallest(double_url) as smallest:
        rounds = [(_round(ours, double_url), _round(smallest, double_url)) for _ in range(ROUNDS)]
    our_rounds, their_rounds = [first for first, _ in rounds], [second for _, second in rounds]
    pairs = [one["per_second"] / other["per_second"] for one, other in zip(our_rounds, their_rounds, strict=True)]
    return {
        "ours": _median(our_rounds),
        "smallest_bot": _median(their_rounds),
        "throughput_ratio_median": round(statistics.median(pairs), 3),
        "throughput_ratio_each_round": [round(pair, 3) for pair in pairs],
        "clients": CLIENTS,
        "webhooks_each_round": WEBHOOKS,
    }


def _round(server: Server, double_url: str) -> dict[str, float]:
    requests = [_signed(n) for n in range(WEBHOOKS)]
    before, answered_before = server.cpu_seconds(), _replies(double_url)
    outcome: Outcome = asyncio.run(fire("127.0.0.1", server.port, requests, CLIENTS))
    if set(outcome.statuses) != {200}:
        raise RuntimeError(f"Not every webhook was acknowledged: {outcome.statuses}")
    all_answered_s = asyncio.run(_until_answered(double_url, answered_before + WEBHOOKS, outcome.seconds))
    return {
        "per_second": outcome.per_second,
        "p50_ms": outcome.p50_ms,
        "p99_ms": outcome.p99_ms,
        "worst_ms": outcome.worst_ms,
        "all_answered_s": all_answered_s,
        "cpu_s_per_1000": (server.cpu_seconds() - before) / WEBHOOKS * 1000,
    }


async def _until_answered(double_url: str, wanted: int, already_s: float) -> float:
    """Seconds from the first webhook until the double has got an answer for every one."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    while loop.time() - start < 120:
        if _replies(double_url) >= wanted:
            return already_s + loop.time() - start
        await asyncio.sleep(0.1)
    raise RuntimeError(f"{wanted - _replies(double_url)} webhooks were never answered.")


def _replies(double_url: str) -> int:
    with urllib.request.urlopen(f"{double_url}/double/counts", timeout=10) as counts:
        return int(json.load(counts)["delivered"])


def _signed(number: int) -> bytes:
    user = f"U{number % 400:032x}"
    body = webhook(text_event(QUESTIONS[number % len(QUESTIONS)], user))
    return request_bytes("/webhooks/line", body, {"x-line-signature": sign(body, SECRET)})


@contextmanager
def _double() -> Iterator[str]:
    port = free_port()
    with running(python("-m", "tests.doubles.line", "--port", str(port)), port, "/double/counts", {}):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _ours(double_url: str) -> Iterator[Server]:
    port = free_port()
    with tempfile.TemporaryDirectory() as var:
        settings = {**_line(double_url), "INCLUSION_VAR": var, "DATABASE_URL": "", "LOG_LEVEL": "WARNING"}
        with running(python("-m", "inclusion", "serve", "--port", str(port)), port, "/healthz", settings) as server:
            yield server


@contextmanager
def _smallest(double_url: str) -> Iterator[Server]:
    port = free_port()
    command = python("-m", "uvicorn", "tests.benchmarks.smallest_bot:app", "--port", str(port), "--log-level", "warning", "--no-access-log")
    with running(command, port, "/", _line(double_url)) as server:
        yield server


def _line(double_url: str) -> dict[str, str]:
    return {"LINE_CHANNEL_SECRET": SECRET, "LINE_CHANNEL_ACCESS_TOKEN": "double-access-token", "LINE_API_URL": double_url}


def _median(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(statistics.median(one[name] for one in rounds), 2) for name in rounds[0]}
