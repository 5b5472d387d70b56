"""Puts rich menus in place at LINE and takes the old ones away; without it menus would be made by hand, and forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from bots.addresses import is_loopback
from bots.errors import Undeliverable

from .rich_menu import Tab, menu_form
from .tokens import LINE, LongLived, Stateless, Tokens

LINE_FILES = "https://api-data.line.me"
OURS = "inclusion "
TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class MenuSet:
    """The tabs of one tongue, each with its picture (PNG)."""

    tongue: str
    bar_text: str
    tabs: tuple[Tab, ...]
    pictures: tuple[bytes, ...]


async def set_menus(sets: Sequence[MenuSet], default: str, tokens: Tokens, api_url: str = "") -> Mapping[str, str]:
    """Make all menus, point the tabs at them, give everybody the `default` one, delete our older ones; returns tongue -> menu id.

    Raises bots.errors.Undeliverable with LINE's own reason when it refuses something; what stood before still stands then.
    """
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S), trust_env=not is_loopback(api_url)) as session:
        line = _Line(session, tokens, api_url)
        old = [menu["richMenuId"] for menu in (await line.call("GET", "/list"))["richmenus"] if menu["name"].startswith(OURS)]
        known = {alias["richMenuAliasId"] for alias in (await line.call("GET", "/alias/list"))["aliases"]}
        first = {one.tongue: await _make(line, one, known) for one in sets}
        await line.call("POST", first[default], above="/v2/bot/user/all/richmenu/")
        for menu_id in old:
            await line.call("DELETE", f"/{menu_id}")
        return first


def tokens_for(access_token: str, channel_id: str, channel_secret: str, api_url: str) -> Tokens:
    """The token from the console, or with a channel id one that LINE issues; inside the running loop."""
    return Stateless(channel_id, channel_secret, api_url) if channel_id else LongLived(access_token)


@dataclass(frozen=True, slots=True)
class _Line:
    session: aiohttp.ClientSession
    tokens: Tokens
    api_url: str

    async def call(
        self, method: str, path: str, body: Any = None, picture: bytes | None = None, above: str = "/v2/bot/richmenu"
    ) -> dict[str, Any]:
        host = self.api_url.rstrip("/") or (LINE if picture is None else LINE_FILES)
        headers = {"Authorization": f"Bearer {await self.tokens.current()}"}
        if picture is not None:
            headers["Content-Type"] = "image/png"
        async with self.session.request(method, host + above + path, json=body, data=picture, headers=headers) as answer:
            told: Any = await answer.json(content_type=None)
            if answer.status != 200:
                reason = told.get("message", "") if isinstance(told, dict) else ""
                raise Undeliverable(f"LINE refuses the menu (status {answer.status}): {reason}")
            return told if isinstance(told, dict) else {}


async def _make(line: _Line, one: MenuSet, known: set[str]) -> str:
    """All tabs of one tongue; the id of the first."""
    made = []
    for number, (tab, picture) in enumerate(zip(one.tabs, one.pictures, strict=True)):
        form = menu_form(one.tabs, number, one.bar_text, f"{OURS}{tab.alias}")
        menu_id = str((await line.call("POST", "", form))["richMenuId"])
        await line.call("POST", f"/{menu_id}/content", picture=picture)
        made.append(menu_id)
    for tab, menu_id in zip(one.tabs, made, strict=True):
        if tab.alias in known:
            await line.call("POST", f"/alias/{tab.alias}", {"richMenuId": menu_id})
        else:
            await line.call("POST", "/alias", {"richMenuAliasId": tab.alias, "richMenuId": menu_id})
    return made[0]
