"""Telegram's machine-readable API as a checker; without it the double would take fields Telegram does not know."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

API = Path(__file__).parent / "telegram_api" / "api.json"
TEXT_UNITS = 4096
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
CALLBACK_BYTES = 64
SIMPLE: dict[str, type | tuple[type, ...]] = {"Integer": int, "String": str, "Boolean": bool, "Float": (int, float)}

Fields = list[dict[str, Any]]


@cache
def described() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(API.read_text(encoding="utf-8"))
    return found


def read_form(method: str, form: dict[str, str]) -> dict[str, Any]:
    """Form values as the described types: everything but a String may be JSON."""
    types = {field["name"]: field["types"] for field in described()["methods"][method]["fields"]}
    return {name: value if types.get(name) == ["String"] else _json_or_text(value) for name, value in form.items()}


def complaints(method: str, values: dict[str, Any]) -> list[str]:
    """Everything wrong with a call, in a few words each."""
    found = list(_fields(described()["methods"][method]["fields"], values, method))
    return found or [*_rules(values), *_webhook_rules(method, values), *_action_rules(method, values)]


def _json_or_text(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _fields(fields: Fields, values: dict[str, Any], place: str) -> Iterator[str]:
    known = {field["name"]: field for field in fields}
    for name in values:
        if name not in known:
            yield f"{place}: unknown field {name}"
    for name, field in known.items():
        if name in values and not any(_fits(kind, values[name]) for kind in field["types"]):
            yield f"{place}.{name} is no {' or '.join(field['types'])}"
        if field["required"] and name not in values:
            yield f"{place}: {name} is missing"


def _fits(kind: str, value: Any) -> bool:
    if kind.startswith("Array of "):
        return isinstance(value, list) and all(_fits(kind.removeprefix("Array of "), inner) for inner in value)
    if kind == "InputFile":
        return isinstance(value, str) and value.startswith("attach://")
    if kind in SIMPLE:
        return isinstance(value, SIMPLE[kind]) and (kind == "Boolean" or not isinstance(value, bool))
    described_type = described()["types"].get(kind, {"fields": []})
    if "subtypes" in described_type:
        return any(_fits(subtype, value) for subtype in described_type["subtypes"])
    return isinstance(value, dict) and not list(_fields(described_type["fields"], value, kind))


def _webhook_rules(method: str, values: dict[str, Any]) -> Iterator[str]:
    if method == "setWebhook" and not values["url"].startswith("https://"):
        yield "bad webhook: An HTTPS URL must be provided for webhook"
    if method == "setWebhook" and not SECRET.fullmatch(values.get("secret_token", "a")):
        yield "secret token contains unallowed characters, or is too long"


def _action_rules(method: str, values: dict[str, Any]) -> Iterator[str]:
    if method == "sendChatAction" and values["action"] not in ACTIONS:
        yield "wrong parameter action in request"


def _rules(values: dict[str, Any]) -> Iterator[str]:
    """What the description says in words only."""
    if "text" in values and not values["text"].strip():
        yield "message text is empty"
    if len(values.get("text", "").encode("utf-16-le", "surrogatepass")) // 2 > TEXT_UNITS:
        yield "message is too long"
    for row in values.get("reply_markup", {}).get("inline_keyboard", []):
        for button in row:
            if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= CALLBACK_BYTES:
                yield "BUTTON_DATA_INVALID"
            if "url" in button and not button["url"].startswith(("http://", "https://", "tg://")):
                yield "BUTTON_URL_INVALID"
            if len(button) != 2:
                yield "Text buttons are allowed exactly one purpose"
