"""A whole town in one process with a clock that is moved by hand: inbox, answering, outbox and courier are the real ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from accessibility import Furigana
from bots import Message, Parcel, Receipt, RecordingRefused
from inclusion.answering import Answering
from inclusion.courier import Courier
from inclusion.database import Database
from inclusion.inbox import Inbox, IncomingEvent
from inclusion.municipalities import Town
from inclusion.quiet_hours import QuietAtNight
from inclusion.settings import Settings
from inclusion.understanding import Understanding
from inclusion.web.channel_doors import channel_doors
from inclusion.web.town_readings import town_furigana
from tests.doubles.line_events import RESIDENT, text_event
from tests.doubles.telegram import said

NOON = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # Wednesday 12:00 in Japan
NIGHT = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # 23:30


@dataclass
class Phone:
    """A channel that keeps what it was given."""

    name: str
    parcels: list[Parcel] = field(default_factory=list)

    async def send(self, parcel: Parcel, now: datetime) -> Receipt:
        self.parcels.append(parcel)
        return Receipt("request", "push")

    async def show_thinking(self, chat_id: str) -> None: ...

    async def recording(self, message: Message, longest_s: float, most_bytes: int) -> bytes:
        raise RecordingRefused("audio_too_long")

    async def close(self) -> None: ...


@dataclass
class SmallTown:
    """`line` and `telegram` let a resident write; `heard` is what arrived since the last look, as one text."""

    answering: Answering
    inbox: Inbox
    database: Database
    now: datetime = NOON
    phones: Mapping[str, Phone] = field(default_factory=lambda: {"line": Phone("line"), "telegram": Phone("telegram")})
    updates: int = 0

    async def line(self, text: str, user_id: str = RESIDENT, **more: Any) -> str:
        return await self.event("line", text_event(text, user_id, self.now, **more))

    async def telegram(self, text: str, **more: Any) -> str:
        self.updates += 1
        return await self.event("telegram", said(text, self.updates, **more))

    async def event(self, channel: str, raw: dict[str, Any]) -> str:
        """One event in, answered and delivered; returns what arrived."""
        await self.take(channel, raw)
        return await self.deliver()

    async def take(self, channel: str, raw: dict[str, Any]) -> None:
        """One event in and answered, not yet delivered."""
        self.later(seconds=1)
        door = self.answering.doors[channel]
        message = door.read(raw)
        await self.inbox.save([IncomingEvent(channel, message.event_id, raw, self.now, message.sender.chat_id)])
        for leased in self.inbox.lease_waiting(self.now):
            prepared = self.answering.prepare(leased, self.now)
            with self.database.writing() as session:
                self.answering.write_down(session, prepared, self.now)

    async def deliver(self) -> str:
        before = {name: len(phone.parcels) for name, phone in self.phones.items()}
        quiet = {name: QuietAtNight(phone, self.answering.town.timezone) for name, phone in self.phones.items()}
        courier = Courier(self.database, quiet, lambda: self.now)
        await courier.deliver_once(self.now)
        await courier.close()
        new = [parcel.messages for name, phone in self.phones.items() for parcel in phone.parcels[before[name] :]]
        return json.dumps(new, ensure_ascii=False) if new else ""

    async def tend(self) -> str:
        with self.database.writing() as session:
            self.answering.desk.tend(session, self.now)
        return await self.deliver()

    def web(self, text: str, conversation: str | None = None, **changes: Any) -> tuple[str, str]:
        self.later(seconds=1)
        conversation, turn = self.answering.ask(text, conversation, changes, self.now)
        return conversation, turn.rendered.text

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


def answering_for(database: Database, town: Town, understanding: Understanding, furigana: Furigana | None = None) -> Answering:
    settings = Settings(_env_file=None, public_url="https://town.example", telegram_bot_token="7:token", telegram_webhook_secret="s")
    doors = channel_doors(town, furigana or town_furigana(town), settings)
    return Answering(database, town, understanding, doors, settings.public_url)
