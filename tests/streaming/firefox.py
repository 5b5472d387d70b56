"""A Firefox as it is, driven over WebDriver BiDi (https://w3c.github.io/webdriver-bidi/): Playwright drives only one it has changed."""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect

from tests.servers import free_port

FIREFOX: Final = shutil.which("firefox-esr") or shutil.which("firefox")
PREFERENCES: Final = {
    "media.autoplay.default": 0,
    "media.navigator.permission.disabled": True,
    "media.navigator.streams.fake": True,
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "intl.accept_languages": "ja",
}
PATIENCE_S: Final = 60.0


class Tab:
    """One page. Every call waits for its answer; nobody else may use the connection meanwhile."""

    def __init__(self, wire: ClientConnection, numbers: itertools.count[int], context: str) -> None:
        self._wire, self._numbers, self._context = wire, numbers, context

    async def goto(self, address: str) -> None:
        await self.send("browsingContext.setViewport", context=self._context, viewport={"width": 390, "height": 844})
        await self.send("browsingContext.navigate", context=self._context, url=address, wait="complete")

    async def ask(self, script: str) -> Any:
        """The JSON value of an expression, awaited, as if somebody had just pressed something. Raises AssertionError where it throws."""
        told = await self.send(
            "script.evaluate",
            expression=f"Promise.resolve({script}).then((found) => JSON.stringify(found ?? null))",
            target={"context": self._context},
            awaitPromise=True,
            userActivation=True,
        )
        assert told["type"] == "success", told
        return json.loads(told["result"]["value"])

    async def press(self, words: str) -> None:
        await self.ask(f"[...document.querySelectorAll('button')].find((one) => one.innerText.trim() === {json.dumps(words)}).click()")

    async def until(self, script: str, patience_s: float = PATIENCE_S) -> Any:
        """What the expression gives once it is true, or at the end of one's patience."""
        clock = asyncio.get_running_loop().time
        until = clock() + patience_s
        while not (found := await self.ask(script)) and clock() < until:  # noqa: ASYNC110 - the page tells nobody
            await asyncio.sleep(0.2)
        return found

    async def another(self) -> Tab:
        return Tab(self._wire, self._numbers, (await self.send("browsingContext.create", type="tab"))["context"])

    async def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        await self._wire.send(json.dumps({"id": number, "method": method, "params": parameters}))
        async for message in self._wire:
            told: dict[str, Any] = json.loads(message)
            if told.get("id") == number:
                assert told["type"] == "success", told
                return dict(told["result"])
        raise ConnectionError("Firefox has gone.")


@asynccontextmanager
async def firefox(folder: Path) -> AsyncIterator[Tab]:
    """A new one with nothing remembered, and its first tab."""
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
    await asyncio.to_thread((folder / "user.js").write_text, "".join(lines), encoding="utf-8")
    port = free_port()
    command = [str(FIREFOX), "--headless", "--no-remote", "--profile", str(folder), "--remote-debugging-port", str(port)]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        async with await _wire(f"ws://127.0.0.1:{port}/session") as wire:
            tab = Tab(wire, itertools.count(1), "")
            await tab.send("session.new", capabilities={})
            tree = await tab.send("browsingContext.getTree")
            yield Tab(wire, itertools.count(1000), tree["contexts"][0]["context"])
    finally:
        process.terminate()
        await process.wait()


async def _wire(address: str) -> ClientConnection:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                return await connect(address, max_size=None)
            except OSError:
                await asyncio.sleep(0.2)
