"""Careful reading of JSON the outside world sent; without it every channel would guard alone against odd shapes and broken characters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .errors import BadBody

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`; raises BadBody for anything else, without repeating what was in it."""
    try:
        read = json.loads(body, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        raise BadBody("The body is not JSON. Send the channel's webhook unchanged.") from None
    if not isinstance(read, dict):
        raise BadBody("The body is JSON, but not an object. Send the channel's webhook unchanged.")
    return read


def part(whole: Any, name: str) -> Mapping[str, Any]:
    """The object called `name` inside `whole`, empty when there is none."""
    inner = whole.get(name) if isinstance(whole, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def words(whole: Any, name: str) -> str:
    """The text called `name` inside `whole`, "" when there is none; characters no database can hold become U+FFFD."""
    said = whole.get(name) if isinstance(whole, Mapping) else None
    if not isinstance(said, str):
        return ""
    return said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\x00", "\N{REPLACEMENT CHARACTER}")


def time_from(seconds: Any) -> datetime:
    """An aware time from seconds since 1970; UNKNOWN_TIME for anything that is no such number."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return UNKNOWN_TIME
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return UNKNOWN_TIME


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    """1e999 is JSON, but no database can keep what it stands for."""
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("not finite")
    return number
