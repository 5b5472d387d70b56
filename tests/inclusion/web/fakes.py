"""Honest small stand-ins for what the web asks of the platform; without them every web test would need the whole house."""

from __future__ import annotations

import csv
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from accessibility import Answer, Choice, Fee, Link, Messages, Phone, Preferences, Source, Tickets, render
from accessibility.hearing import Heard
from bots import BadBody, BadSignature
from inclusion.municipalities import BulkyRules, Contact, Town
from inclusion.web.own_record import KeptTalk
from inclusion.web.services import AskReply, CameAs, Webhook, WebServices

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SOURCE = Source("粗大ごみ品目表（第三者のまとめ）", "https://example.jp/sodai", "2026-05", verified=False)


def town() -> Town:
    """A town that exists nowhere, with one person to call."""
    help_desk = Contact("help", "花野市コールセンター", "", "00-1234-5678", "毎日 8時から21時", "", "", "", "", "", "", "")
    return Town(
        slug="hanano",
        name="花野市",
        reading="はなのし",
        code="000000",
        timezone=ZoneInfo("Asia/Tokyo"),
        other_towns=(),
        help_contact="help",
        bulky=BulkyRules((), 10, 30, 180, "help", ""),
        sources={},
        items={},
        groups={},
        aliases=(),
        sorting={},
        policies={},
        faqs={},
        contacts={"help": help_desk},
        places=(),
        festivals={},
        guard=(),
        messages=messages(),
    )


def messages() -> Messages:
    return Messages.from_files([files("inclusion.municipalities") / "messages" / "web.csv"])


def message_rows() -> list[dict[str, str]]:
    text = (files("inclusion.municipalities") / "messages" / "web.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


FEE = Answer(
    "answer",
    "長いす（2人掛け）の手数料は1,600円です。",
    ids=("S00001",),
    details=("A券を2枚、B券を4枚お求めください。", "前の日までに電話でお申し込みください。"),
    fees=(Fee("S00001", "長いす", "ソファー（2人掛け）", 1, 1, 1600),),
    tickets=(Tickets("A券", 200, 2), Tickets("B券", 300, 4)),
    total_yen=1600,
    counts={"S00001": 1},
    phones=(Phone("粗大ごみの受付", "00-2222-3333", "月曜から土曜 8時から19時"),),
    links=(Link("手数料の一覧を見る", "https://example.jp/fees"),),
    sources=(SOURCE,),
    confidence=0.97,
)
ASK_SIZE = Answer(
    "clarify",
    "長いすは何人掛けですか。",
    ids=("sofa",),
    choices=(Choice("1人掛け", "1人掛けです"), Choice("2人掛け", "2人掛けです"), Choice("3人掛け以上", "3人掛け以上です")),
    sources=(SOURCE,),
)
UNKNOWN = Answer("refuse", "すみません、分かりませんでした。", ids=("r.unknown",), details=("お電話でお尋ねください。",))


@dataclass
class FakeAsker:
    """Knows one bench. Remembers what it was asked, and in which conversation."""

    asked: list[tuple[str, str | None, dict[str, Any]]] = field(default_factory=list)
    breaks: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, said: str | Heard, conversation: str | None, preferences_changes: Mapping[str, Any], now: datetime) -> AskReply:
        text = said if isinstance(said, str) else said.text
        with self.lock:
            self.asked.append((text, conversation, dict(preferences_changes)))
        if self.breaks:
            raise RuntimeError(f"the answer machine stumbled over {text}")
        told = Preferences(letter_size="largest", language="en") if "larger" in text else None
        answer = FEE if "人掛け" in text else ASK_SIZE if "いす" in text else UNKNOWN
        return AskReply(conversation or "talk-1", answer, render(answer, Preferences()), told, text)

    def expects(self, conversation: str | None, language: str, now: datetime) -> tuple[str, ...]:
        return (f"{language} after {conversation}",)


@dataclass
class FakeInbox:
    """Keeps each event id once, like the real one."""

    kept: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    async def save(
        self, channel: str, events: Sequence[tuple[str, Mapping[str, Any]]], now: datetime, came_as: CameAs | None = None
    ) -> int:
        new = {event_id: raw for event_id, raw in events if event_id not in self.kept}
        self.kept |= new
        return len(new)


@dataclass
class FakeRecord:
    """Keeps talks by their number."""

    talks: dict[str, KeptTalk] = field(default_factory=dict)

    def find(self, talk: str, now: datetime) -> KeptTalk | None:
        return self.talks.get(talk)

    def erase(self, talk: str, now: datetime) -> bool:
        return self.talks.pop(talk, None) is not None


def open_line(body: bytes, headers: Mapping[str, str]) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """Signed means: the header holds the body's length. Each line of the body is one event id."""
    if headers.get("x-line-signature") != str(len(body)):
        raise BadSignature("no")
    if body.startswith(b"?"):
        raise BadBody("no")
    return [(line.decode(), {"id": line.decode()}) for line in body.splitlines()]


def services(**changes: Any) -> WebServices:
    """Services with fakes behind them; any of them may be given."""
    given: dict[str, Any] = {
        "asker": FakeAsker(),
        "inbox": FakeInbox(),
        "webhooks": {"line": Webhook("line", open_line)},
        "town": town(),
        "messages": messages(),
        "clock": lambda: NOW,
        "public_url": "http://testserver",
        "secret": "only for tests",
    }
    return WebServices(**(given | changes))
