"""LINE's rich menus and access tokens; without it a menu LINE refuses, or a token that has ended, would pass the double."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from .line_schema import API, Complaint, described

TOKEN = "/oauth2/v3/token"
TOKEN_LIVES = timedelta(seconds=900)
MENUS = "/v2/bot/richmenu"
MOST_AREAS, LARGEST_IMAGE = 20, 1_000_000

Told = tuple[int, dict[str, Any]]


@dataclass(slots=True)
class Keys:
    """Tokens LINE has issued for the channel's secret, each good for a quarter of an hour."""

    channel_id: str = "2000000000"
    channel_secret: str = "double-channel-secret"
    issued: dict[str, datetime] = field(default_factory=dict)

    def take(self, raw: bytes, now: datetime) -> Told:
        form = dict(parse_qsl(raw.decode("utf-8", "replace")))
        schema = described(API.with_name("channel-access-token.yml"))["components"]["schemas"][
            "IssueStatelessChannelTokenByClientSecretRequest"
        ]
        if set(form) != set(schema["required"]) or form["grant_type"] not in schema["properties"]["grant_type"]["enum"]:
            return 400, {"error": "invalid_request", "error_description": "some parameters missed or invalid"}
        if (form["client_id"], form["client_secret"]) != (self.channel_id, self.channel_secret):
            return 400, {"error": "invalid_client", "error_description": "invalid client_id or client_secret"}
        token = f"stateless-{len(self.issued) + 1}"
        self.issued[token] = now + TOKEN_LIVES
        return 200, {"token_type": "Bearer", "access_token": token, "expires_in": int(TOKEN_LIVES.total_seconds())}

    def opens(self, token: str, now: datetime) -> bool:
        return token in self.issued and now < self.issued[token]


@dataclass(slots=True)
class Menus:
    """The menus of one channel: their forms, pictures, aliases, the default, and who has been given which."""

    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    images: dict[str, bytes] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    of_everybody: str = ""
    of_people: dict[str, str] = field(default_factory=dict)
    made: int = 0

    def take(self, method: str, path: str, body: Any, raw: bytes) -> Told:
        """LINE's answer. Unknown addresses are 404."""
        if path == MENUS and method == "POST":
            return self._create(body)
        if path == f"{MENUS}/list":
            return 200, {"richmenus": [{"richMenuId": one, **form} for one, form in self.forms.items()]}
        if path == f"{MENUS}/alias/list":
            return 200, {"aliases": [{"richMenuAliasId": alias, "richMenuId": one} for alias, one in self.aliases.items()]}
        if found := re.fullmatch(rf"{MENUS}/alias(?:/([a-z0-9_-]{{1,32}}))?", path):
            return self._alias(method, found[1], body)
        if found := re.fullmatch(rf"{MENUS}/([\w-]+)/content", path):
            return self._picture(found[1], raw)
        if found := re.fullmatch(r"/v2/bot/user/(all|U[0-9a-f]{32})/richmenu/([\w-]+)", path):
            return self._give(found[1], found[2])
        if (found := re.fullmatch(rf"{MENUS}/([\w-]+)", path)) and method == "DELETE":
            self.images.pop(found[1], None)
            return (200, {}) if self.forms.pop(found[1], None) else (404, {"message": "Not found"})
        return 404, {"message": "Not found"}

    def _create(self, body: dict[str, Any]) -> Told:
        found = menu_complaints(body)
        if found:
            return 400, {
                "message": f"The request body has {len(found)} error(s)",
                "details": [{"message": c.message, "property": c.property} for c in found],
            }
        self.made += 1
        self.forms[f"richmenu-{self.made}"] = body
        return 200, {"richMenuId": f"richmenu-{self.made}"}

    def _alias(self, method: str, alias: str | None, body: Any) -> Told:
        if method == "DELETE":
            return (200, {}) if self.aliases.pop(alias or "", None) else (404, {"message": "Not found"})
        name, menu = alias or body["richMenuAliasId"], body["richMenuId"]
        if menu not in self.images:
            return 400, {"message": "richmenu not found or has no image"}
        if alias is None and name in self.aliases:
            return 400, {"message": "conflict richmenu alias id"}
        self.aliases[name] = menu
        return 200, {}

    def _picture(self, menu: str, raw: bytes) -> Told:
        if menu not in self.forms:
            return 404, {"message": "Not found"}
        size = self.forms[menu]["size"]
        if menu in self.images or len(raw) > LARGEST_IMAGE or png_size(raw) != (size["width"], size["height"]):
            return 400, {"message": "The image is refused: only once, PNG of the menu's size, at most 1 MB"}
        self.images[menu] = raw
        return 200, {}

    def _give(self, whom: str, menu: str) -> Told:
        if menu not in self.images:
            return 400, {"message": "must upload richmenu image before applying it to user"}
        if whom == "all":
            self.of_everybody = menu
        else:
            self.of_people[whom] = menu
        return 200, {}


def menu_complaints(body: dict[str, Any]) -> list[Complaint]:
    """The published rules the description leaves out: sizes, ratio, areas inside the picture."""
    width, height = body["size"]["width"], body["size"]["height"]
    found = []
    if not 800 <= width <= 2500 or height < 250 or width / height < 1.45:
        found.append(Complaint("Image size is invalid", "size"))
    if not 1 <= len(body["areas"]) <= MOST_AREAS:
        found.append(Complaint(f"Size must be between 1 and {MOST_AREAS}", "areas"))
    for number, area in enumerate(body["areas"]):
        box = area["bounds"]
        if box["x"] + box["width"] > width or box["y"] + box["height"] > height:
            found.append(Complaint("The area lies outside the image", f"areas[{number}].bounds"))
    return found


def png_size(raw: bytes) -> tuple[int, int] | None:
    return struct.unpack(">II", raw[16:24]) if raw[:8] == b"\x89PNG\r\n\x1a\n" else None
