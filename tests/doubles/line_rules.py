"""What LINE refuses although its API description cannot express it; without it a text of 6,000 characters would pass the double."""

from __future__ import annotations

import json
import re
import unicodedata
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from .line_schema import Complaint

TEXT_UNITS = 5000
ALT_TEXT_UNITS = 1500
BUBBLE_BYTES = 30 * 1024
CAROUSEL_BYTES = 50 * 1024
CAROUSEL_BUBBLES = 12
QUICK_REPLY_LABEL = 20
ACTION_TEXT_UNITS = 300
URI_CHARACTERS = 1000

TEL = re.compile(r"tel:\+?(?:\d|\*|%23)+")
HTTPS_FIELDS = ("originalContentUrl", "previewImageUrl", "iconUrl", "imageUrl", "thumbnailImageUrl", "baseUrl")
USER_ID = re.compile(r"U[0-9a-f]{32}")
CHAT_ID = re.compile(r"[UCR][0-9a-f]{32}")


def units(text: str) -> int:
    """UTF-16 units, the way LINE counts message texts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def visible_characters(text: str) -> int:
    """A plain count of what a person sees: marks, joiners, skin tones and joined emoji add nothing."""
    count, joined = 0, False
    for character in text:
        extends = unicodedata.combining(character) or character in "\u200d\ufe0f\u20e3" or "\U0001f3fb" <= character <= "\U0001f3ff"
        count += 0 if extends or joined else 1
        joined = character == "\u200d"
    return count


def is_uuid(text: str) -> bool:
    """The 8-4-4-4-12 form and nothing shorter."""
    try:
        return len(text) == 36 and str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def message_complaints(messages: Any) -> list[Complaint]:
    """All broken rules of a list of messages that already fits the description."""
    found: list[Complaint] = []
    for number, message in enumerate(messages if isinstance(messages, list) else []):
        found += _one_message(message, f"messages[{number}]")
    return found


def _one_message(message: dict[str, Any], place: str) -> Iterator[Complaint]:
    kind = message.get("type")
    if kind in ("text", "textV2"):
        yield from _length(message.get("text", ""), TEXT_UNITS, f"{place}.text")
    if kind == "flex":
        yield from _length(message.get("altText", ""), ALT_TEXT_UNITS, f"{place}.altText")
        yield from _container(message.get("contents", {}), f"{place}.contents")
    yield from _quick_reply(message.get("quickReply", {}).get("items"), f"{place}.quickReply.items")
    name = message.get("sender", {}).get("name", "")
    if "line" in name.lower():
        yield Complaint("This name may not be used", f"{place}.sender.name")
    yield from _everywhere(message, place)


def _length(text: str, most: int, place: str) -> Iterator[Complaint]:
    if not text:
        yield Complaint("May not be empty", place)
    if units(text) > most:
        yield Complaint(f"Length must be between 0 and {most}", place)


def _container(container: dict[str, Any], place: str) -> Iterator[Complaint]:
    size = len(json.dumps(container, ensure_ascii=False, separators=(",", ":")).encode())
    if container.get("type") == "bubble" and size > BUBBLE_BYTES:
        yield Complaint("The bubble is too large", place)
    if container.get("type") == "carousel":
        bubbles = container.get("contents", [])
        if size > CAROUSEL_BYTES:
            yield Complaint("The carousel is too large", place)
        if not 1 <= len(bubbles) <= CAROUSEL_BUBBLES:
            yield Complaint(f"Size must be between 1 and {CAROUSEL_BUBBLES}", f"{place}.contents")
        for number, bubble in enumerate(bubbles):
            yield from _container(bubble, f"{place}.contents[{number}]")


def _quick_reply(items: Any, place: str) -> Iterator[Complaint]:
    for number, item in enumerate(items or []):
        label = item.get("action", {}).get("label", "")
        if not 1 <= visible_characters(label) <= QUICK_REPLY_LABEL:
            yield Complaint(f"Length must be between 1 and {QUICK_REPLY_LABEL}", f"{place}[{number}].action.label")


def _everywhere(form: Any, place: str) -> Iterator[Complaint]:
    """Rules that hold wherever a field or part appears."""
    if isinstance(form, list):
        for number, inner in enumerate(form):
            yield from _everywhere(inner, f"{place}[{number}]")
    if not isinstance(form, dict):
        return
    yield from _part(form, place)
    for name, inner in form.items():
        if name in HTTPS_FIELDS and urlsplit(str(inner)).scheme != "https":
            yield Complaint("Invalid URI scheme: https is needed", f"{place}.{name}")
        yield from _everywhere(inner, f"{place}.{name}")


def _part(part: dict[str, Any], place: str) -> Iterator[Complaint]:
    kind = part.get("type")
    if kind == "uri":
        yield from _uri(str(part.get("uri", "")), f"{place}.uri")
    if kind == "message" and not 1 <= units(part.get("text", "")) <= ACTION_TEXT_UNITS:
        yield Complaint(f"Length must be between 1 and {ACTION_TEXT_UNITS}", f"{place}.text")
    if kind == "text" and not part.get("text") and not part.get("contents"):
        yield Complaint("must be non-empty text", f"{place}.text")
    if kind == "image" and "url" in part and urlsplit(str(part["url"])).scheme != "https":
        yield Complaint("Invalid URI scheme: https is needed", f"{place}.url")


def _uri(uri: str, place: str) -> Iterator[Complaint]:
    scheme = urlsplit(uri).scheme
    if not 1 <= len(uri) <= URI_CHARACTERS:
        yield Complaint(f"Length must be between 1 and {URI_CHARACTERS}", place)
    if scheme not in ("http", "https", "line", "tel"):
        yield Complaint("Invalid URI scheme", place)
    if scheme == "tel" and not TEL.fullmatch(uri):
        yield Complaint("Invalid telephone number", place)
    if not uri.isascii() or " " in uri:
        yield Complaint("Invalid URI: characters must be percent-encoded", place)
