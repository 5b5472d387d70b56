"""What the outbox tests share: putting letters in, looking at them, and one round of a courier."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import select

from inclusion.courier import Courier
from inclusion.database import Database
from inclusion.outbox import OutboxRow, Outgoing, put

from .fake_channel import FakeChannel


def letter(text: str = "明日は教室です", chat_id: str = "G1", **more: Any) -> Outgoing:
    return Outgoing("line", ({"type": "text", "text": text},), chat_id=chat_id, **more)


def put_all(database: Database, now: datetime, *letters: Outgoing) -> list[str | None]:
    with database.writing() as session:
        return [put(session, one, now) for one in letters]


def row(database: Database) -> OutboxRow:
    with database.reading() as session:
        return session.exec(select(OutboxRow)).one()


async def courier_delivers(database: Database, line: FakeChannel, now: datetime) -> list[tuple[str, Any]]:
    courier = Courier(database, {"line": line}, lambda: now)
    await courier.deliver_once(now)
    await courier.close()
    return line.delivered
