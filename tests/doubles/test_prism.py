"""A second opinion on everything we say to LINE: Prism, which shares not a line with our double, over a stricter form of LINE's file.

Long, and it needs Node: `make soak` installs Prism (`@stoplight/prism-cli`); without it these tests are skipped.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.journeys.conversations import on_line, talking
from tests.servers import free_port

from .line_menus import TOKEN
from .test_line_double import RIGHT_BESIDE_WRONG, text

pytestmark = pytest.mark.soak

PRISM = Path(sys.prefix) / "prism" / "node_modules" / ".bin" / "prism"
STRICT = Path(__file__).parent / "line_api" / "derived-messaging-api.strict.yml"
PUSH = "/v2/bot/message/push"
# What LINE's file cannot or does not express, and why; our double knows these from LINE's reference.
UNITS = "A schema counts code points, LINE counts UTF-16 units or what a person sees; the file gives no length here."
BYTES = "A schema cannot weigh a form as a whole, in bytes of its JSON."
NOT_EMPTY = "The file gives no least length here."
HTTPS = "For the file any address is an address, http too."
UNDESCRIBED = "The file leaves every form open to further fields."
BEYOND_THE_FILE = {
    "text of 5,000 units": UNITS,
    "emoji count twice": UNITS,
    "alternative text of 1,500": UNITS,
    "quick reply label of 20": UNITS,
    "quick reply label counts characters": UNITS,
    "an action says 300 units": UNITS,
    "text is not empty": NOT_EMPTY,
    "flex text is not empty": NOT_EMPTY,
    "an action says something": NOT_EMPTY,
    "bubble of 30 KB": BYTES,
    "carousel of 50 KB": BYTES,
    "carousel of 12": "The file gives no greatest number of bubbles.",
    "no undescribed field": UNDESCRIBED,
    "flex parts are described": UNDESCRIBED,
    "audio comes by https": HTTPS,
    "sender icon by https": HTTPS,
    "a known address scheme": "For the file any scheme is a scheme; LINE's reference names the four it opens.",
    "a number without words": "A number with a hyphen is an address all the same; LINE's reference takes digits, * and %23 only.",
    "sender name of its own": "A word that LINE keeps for itself is told in words only.",
}


@pytest.fixture(scope="module")
def prism() -> Iterator[str]:
    if not PRISM.exists():
        pytest.skip("Prism is not installed; `make soak` does it where npm is.")
    url = f"http://127.0.0.1:{free_port()}"
    command = [str(PRISM), "mock", "--errors", "-h", "127.0.0.1", "-p", url.rpartition(":")[2], str(STRICT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        assert server.stdout is not None
        while "is listening" not in (line := server.stdout.readline()):
            assert line, "Prism ended before it listened."
        threading.Thread(target=server.stdout.read, daemon=True).start()  # a full pipe would stop it
        yield url
        server.terminate()


@pytest.fixture
async def judge(prism: str) -> AsyncIterator[Any]:
    """Asks Prism about one request; the answer is its status and what it complains of."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=300)) as session:

        async def ask(path: str, body: Any) -> tuple[int, str]:
            async with session.post(prism + path, json=body, headers={"Authorization": "Bearer any"}) as answer:
                return answer.status, answer.headers.get("sl-violations", "")[:400]

        yield ask


async def test_prism_accepts_our_whole_conversation(judge: Any, migrated_sqlite: Path, tmp_path: Path) -> None:
    async with talking(tmp_path, migrated_sqlite) as talk:
        await on_line(talk)
        calls = [(call.path, call.body) for call in talk.line.calls if call.body is not None and call.path != TOKEN]
    refused = [(path, await judge(path, body)) for path, body in calls]
    assert len(calls) > 40 and [one for one in refused if one[1][0] not in (200, 202)] == []


async def test_control_prism_refuses_a_bad_message(judge: Any) -> None:
    assert (await judge(PUSH, {"to": "U1", "messages": [text()]}))[0] == 200
    for wrong in ({"type": "text"}, {"type": "speech", "text": "あ"}, {"type": "audio", "originalContentUrl": "https://a.jp/a.m4a"}):
        assert (await judge(PUSH, {"to": "U1", "messages": [wrong]}))[0] == 400


async def test_both_doubles_agree_on_every_rule_that_the_file_expresses(judge: Any) -> None:
    missed = set()
    for rule, (right, wrong) in RIGHT_BESIDE_WRONG.items():
        assert (await judge(PUSH, {"to": "U1", "messages": [right]}))[0] == 200, rule
        if (await judge(PUSH, {"to": "U1", "messages": [wrong]}))[0] == 200:
            missed.add(rule)
    assert missed == set(BEYOND_THE_FILE)
