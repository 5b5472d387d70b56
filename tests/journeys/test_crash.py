"""The server is killed with questions accepted but not answered; the next start answers every one, once."""

import asyncio
import json
import os
import signal
import urllib.request
from pathlib import Path

import pytest

from tests.benchmarks.load import fire, request_bytes
from tests.doubles.line_events import sign, text_event, webhook
from tests.servers import Server, free_port, python, running

from .conftest import SECRET, line_settings


def delivered_to(double_url: str) -> list[str]:
    with urllib.request.urlopen(f"{double_url}/double/delivered", timeout=10) as reply:
        return [one["to"] for one in json.load(reply)]


def resident(number: int) -> str:
    return f"U{number:032x}"


async def flood(server: Server, webhooks: int) -> dict[str, str]:
    """So many different residents at once, all acknowledged; returns reply token -> resident."""
    events = [text_event("扇風機はいくら", resident(number)) for number in range(webhooks)]
    bodies = [webhook(event) for event in events]
    requests = [request_bytes("/webhooks/line", body, {"x-line-signature": sign(body, SECRET)}) for body in bodies]
    outcome = await fire("127.0.0.1", server.port, requests, clients=100)
    assert outcome.statuses == {200: webhooks}
    return {event["replyToken"]: event["source"]["userId"] for event in events}


async def nothing_waits(server: Server) -> None:
    """Until the outbox and the inbox are empty, as the server's own figures tell."""
    for _ in range(400):
        if all(f'{name}{{state="waiting"}} 0.0' in figures(server) for name in ("inclusion_outbox_messages", "inclusion_inbox_events")):
            return
        await asyncio.sleep(0.25)


def figures(server: Server) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics", timeout=10) as reply:
        text: str = reply.read().decode()
        return text


@pytest.mark.parametrize("webhooks", [150, pytest.param(500, marks=pytest.mark.soak)])
async def test_webhooks_at_once_are_each_answered_once_although_the_server_is_killed(tmp_path: Path, webhooks: int) -> None:
    double_port, first_port, second_port = free_port(), free_port(), free_port()
    double_url = f"http://127.0.0.1:{double_port}"
    settings = line_settings(double_url, tmp_path)
    serve = python("-m", "inclusion", "serve", "--port")
    with running(python("-m", "tests.doubles.line", "--port", str(double_port)), double_port, "/double/counts", {}):
        with running([*serve, str(first_port)], first_port, "/healthz", settings) as server:
            writers = await flood(server, webhooks)
            os.kill(server.pid, signal.SIGKILL)
        assert len(delivered_to(double_url)) < webhooks  # control: the kill came before all were answered
        with running([*serve, str(second_port)], second_port, "/healthz", settings) as server:
            await nothing_waits(server)
        answered = [writers.get(to, to) for to in delivered_to(double_url)]
    assert sorted(answered) == sorted(writers.values())
