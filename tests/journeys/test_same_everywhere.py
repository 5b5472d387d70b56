"""One question, four doors: LINE, Telegram, the page and the API give the same answer; without it a channel could drift away unseen."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from accessibility.hearing import Heard
from inclusion.turn import Turn
from inclusion.web.app import create_app
from inclusion.web.services import AskReply
from tests.doubles.line_events import text_event
from tests.doubles.telegram import said
from tests.inclusion.web.fakes import services

from .conversations import Talk, talking

QUESTIONS = (
    "長いす捨てたいんだけど、いくら？",
    "扇風機はいくら",
    "椅子2脚",
    "冷蔵庫は？",
    "傘は何ごみ",
    "電池は何ごみ？",
    "粗大ごみはどうやって申し込むの",
    "本棚を捨てたい",
    "How much for an electric fan?",
    "還付金があるのでATMに行けと言われた",
    "胸が苦しい、助けて",
    "横浜市の粗大ごみはいくら",
    "謎の物体X",
    "ありがとう",
)


@dataclass
class Doors:
    """The four ways in, and the turns behind the answers of the two chats."""

    talk: Talk
    turns: dict[str, Turn]

    async def line(self, text: str, user: str) -> str:
        await self.talk.town.take("line", text_event(text, user, self.talk.town.now))
        await self.talk.deliver()
        return "\n".join(words_in(message) for message in self.talk.line.delivered[-1].messages if message["type"] != "audio")

    async def telegram(self, text: str, number: int) -> str:
        event = said(text, number)
        event["message"]["chat"]["id"] = event["message"]["from"]["id"] = number
        await self.talk.town.take("telegram", event)
        await self.talk.deliver()
        return str(self.talk.telegram.delivered[-1]["text"])

    def ask(self, text: str, **changes: Any) -> Turn:
        return self.talk.town.answering.ask(text, None, changes, self.talk.town.now)[1]


@dataclass
class Asked:
    """What the web asks: the same answering as the chats'."""

    doors: Doors

    def ask(self, said: str | Heard, conversation: str | None, changes: Mapping[str, Any], now: datetime) -> AskReply:
        kept, turn = self.doors.talk.town.answering.ask(said, None, {}, self.doors.talk.town.now)
        return AskReply(kept, turn.answer, turn.rendered, None, turn.said)

    def expects(self, conversation: str | None, language: str, now: datetime) -> tuple[str, ...]:
        return self.doors.talk.town.answering.expects(conversation, language, now)


@pytest.fixture
async def doors(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[Doors]:
    async with talking(tmp_path, migrated_sqlite) as talk:
        turns: dict[str, Turn] = {}

        def noted(channel: str, turn: Turn) -> Turn:
            turns[channel] = turn
            return turn

        talk.town.answering = replace(talk.town.answering, aloud=noted)
        yield Doors(talk, turns)


def words_in(part: Any) -> str:
    """Every text of a LINE message, in its order."""
    if isinstance(part, list):
        return "\n".join(filter(None, map(words_in, part)))
    if not isinstance(part, dict):
        return ""
    own = str(part["text"]) if part.get("type") in ("text", "span") and "text" in part else ""
    inside = [words_in(value) for name, value in part.items() if name not in ("action", "quickReply")]
    return "\n".join(filter(None, (own, *inside)))


def seen(page: str) -> str:
    """The page's words, without markup and kana above them."""
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<r[pt]>.*?</r[pt]>", "", page)))


def bare(text: str) -> str:
    return re.sub(r"\s|[（(][ぁ-ゖー]+[）)]", "", text)


def said_by(turn: Turn) -> tuple[str, ...]:
    return (turn.rendered.headline, *turn.rendered.lines)


def facts(turn: Turn) -> tuple[Any, ...]:
    return turn.answer.action, turn.answer.ids, dict(turn.answer.counts), turn.answer.total_yen


def missing(turn: Turn, shown: str) -> list[str]:
    """Sentences of the answer that a channel did not show."""
    return [sentence for sentence in said_by(turn) if bare(sentence) not in bare(shown)]


async def test_each_question_gets_the_same_answer_through_every_door(doors: Doors) -> None:
    for number, text in enumerate(QUESTIONS, 1):
        right = doors.ask(text)
        on_line, on_telegram = await doors.line(text, f"U{number:032x}"), await doors.telegram(text, 7000 + number)
        assert facts(doors.turns["line"]) == facts(doors.turns["telegram"]) == facts(right), text
        assert missing(right, on_line) == missing(right, on_telegram) == [], text


async def test_the_page_and_the_api_say_it_too(doors: Doors) -> None:
    with TestClient(create_app(services(asker=Asked(doors), messages=doors.talk.town.answering.town.messages))) as visitor:
        for text in QUESTIONS:
            right = doors.ask(text)
            told = visitor.post("/api/v1/ask", json={"text": text}).json()
            assert (told["action"], tuple(told["ids"]), told["counts"], told["total_yen"]) == facts(right), text
            assert missing(right, told["text"]) == missing(right, seen(visitor.post("/", data={"text": text}).text)) == [], text


async def test_control_another_answer_is_noticed(doors: Doors) -> None:
    fan, lamp = doors.ask("扇風機はいくら"), doors.ask("冷蔵庫は？")
    assert facts(fan) != facts(lamp) and missing(lamp, await doors.line("扇風機はいくら", "U" + "5" * 32))
