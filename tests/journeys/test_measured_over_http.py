"""The measure asks a running server as anybody could, and finds what it finds in its own process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from inclusion.asked_server import AskedServer, ServerUnusable
from inclusion.cli import app
from inclusion.understanding import Understanding
from inclusion.understanding.evaluation import Wanted, evaluate, read_questions
from tests.servers import free_port

from .conftest import Town

pytestmark = pytest.mark.xdist_group("town server")
OUR_OWN = Path(__file__).parents[1] / "inclusion" / "understanding" / "questions.jsonl"
EVERY = 12  # of our own questions
PILLOW = Wanted("枕", "typed", ({"action": "answer", "ids": ["S00417"]},))
REPLY = {"conversation": "c", "action": "answer", "ids": ["S00417"], "counts": {"S00417": 1}, "total_yen": 300, "confidence": 0.9}


@pytest.fixture
def some(tmp_path: Path) -> Path:
    lines = [line for line in OUR_OWN.read_text(encoding="utf-8").splitlines() if line.strip()][::EVERY]
    (tmp_path / "some.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "some.jsonl"


def test_a_server_and_this_process_are_measured_alike(town: Town, chiyoda: tuple[Any, Understanding, Any], some: Path) -> None:
    here = evaluate(chiyoda[1], read_questions(some))
    done = CliRunner().invoke(app, ["evaluate", str(some), "--json", "--server", f"http://127.0.0.1:{town.server.port}"])
    assert done.exit_code == 0, done.output
    there = json.loads(done.output)
    assert [one["got"] for one in there["answers"]] == [json.loads(json.dumps(one.got)) for one in here.graded]
    assert there["strict"] == here.strict and there["wrong_direct"] == here.wrong_direct


def test_a_server_that_is_not_there_is_a_wrong_call(some: Path) -> None:
    done = CliRunner().invoke(app, ["evaluate", str(some), "--server", f"http://127.0.0.1:{free_port()}"])
    assert done.exit_code == 2 and "cannot be reached" in done.output


def test_a_busy_server_is_asked_again_when_it_wants_to_be() -> None:
    answers = iter([httpx.Response(429, headers={"retry-after": "7"}), replied(REPLY)])
    waited: list[float] = []
    with AskedServer("http://x", httpx.MockTransport(lambda _: next(answers)), wait=waited.append) as server:
        assert server.ask(PILLOW).outcome["total_yen"] == 300
    assert waited == [7.0]


@pytest.mark.parametrize("answer", [httpx.Response(404), httpx.Response(200, text="<html>"), httpx.Response(200, json={"ids": []})])
def test_another_kind_of_server_is_named_as_such(answer: httpx.Response) -> None:
    with AskedServer("http://x", httpx.MockTransport(lambda _: answer)) as server, pytest.raises(ServerUnusable, match="of this platform"):
        server.ask(PILLOW)


def replied(reply: Mapping[str, Any]) -> httpx.Response:
    return httpx.Response(200, json=dict(reply))
