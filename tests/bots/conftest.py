"""What every bot test needs: a double to talk to, a channel on it, and an answer to send."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bots import Parcel
from bots.line import open_line
from bots.line.client import LineChannel
from tests.doubles.line import LineDouble
from tests.doubles.line_events import RESIDENT, new_reply_token

SECRET = "a channel secret nobody else knows"


@pytest.fixture
async def line() -> AsyncIterator[LineDouble]:
    async with LineDouble() as double:
        yield double


@pytest.fixture
async def channel(line: LineDouble) -> AsyncIterator[LineChannel]:
    opened = await open_line(line.access_token, line.url, timeout_s=0.5)
    yield opened
    await opened.close()


def text(said: str = "長いすの手数料は1,200円です") -> dict[str, Any]:
    return {"type": "text", "text": said}


def push_parcel(*messages: dict[str, Any], chat_id: str = RESIDENT, silent: bool = False) -> Parcel:
    return Parcel(chat_id, messages or (text(),), str(uuid.uuid4()), silent=silent)


def reply_parcel(*messages: dict[str, Any], chat_id: str = RESIDENT, given_at: datetime | None = None, lives_s: float = 50) -> Parcel:
    given = given_at or datetime.now(UTC)
    token = new_reply_token(given)
    return Parcel(chat_id, messages or (text(),), str(uuid.uuid4()), reply_token=token, reply_until=given + timedelta(seconds=lives_s))
