"""Speaking into a long answer, with the real ears and the real voice: we fall silent, hear the question, and answer that one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from accessibility.hearing import RATE, Heard, Listener, decode
from accessibility.hearing.ears import Sound
from accessibility.speaking import Manner, Speaker
from inclusion.expecting import expected_words
from inclusion.turn import Memory, take_turn
from inclusion.understanding import Understanding
from inclusion.web.kiosk_talk import KioskTalk
from inclusion.web.services import AskReply
from tests.streaming.test_kiosk_talk import QuietMouth
from tests.towns import demo_town, town_understood

pytestmark = [pytest.mark.xdist_group("town ears"), pytest.mark.filterwarnings("ignore")]
TOWN = demo_town()
LONG = "こんにちは。" + "粗大ごみの申し込みは、受付センターに電話でお願いします。" * 30
PIECE = RATE // 10


@dataclass
class TownAsker:
    """Answers as the platform does, without a database."""

    understanding: Understanding
    memory: Memory = field(default_factory=Memory)

    def ask(self, text: str | Heard, conversation: str | None, preferences_changes: Mapping[str, Any], now: datetime) -> AskReply:
        words = text if isinstance(text, str) else text.text
        turn = take_turn(words, self.memory, TOWN, self.understanding, now)
        self.memory = turn.memory
        return AskReply("talk", turn.answer, turn.rendered, None, words)

    def expects(self, conversation: str | None, language: str, now: datetime) -> tuple[str, ...]:
        return expected_words(self.memory, TOWN, language)


async def speaking_into(talk: KioskTalk, question: Sound) -> None:
    """A second of quiet, the question, and quiet for as long as the line lasts."""
    for piece in np.array_split(np.concatenate([np.zeros(RATE, np.float32), question]), (RATE + question.size) // PIECE):
        talk.take(piece)
        await asyncio.sleep(0.1)
    while not talk.ended:
        talk.take(np.zeros(PIECE, np.float32))
        await asyncio.sleep(0.1)


async def test_a_question_spoken_into_a_long_greeting_is_answered_and_the_voice_is_spared(town_engines: tuple[Speaker, Listener]) -> None:
    speaker, ears = town_engines
    question = decode(speaker.say("扇風機を捨てたいんですが。", Manner(), "wav").content)
    pid, mouth, said = speaker.pid, QuietMouth(), {"kiosk.hello": LONG}
    asker, now = TownAsker(town_understood()), datetime(2026, 11, 28, 3, tzinfo=UTC)
    talk = KioskTalk(mouth, ears.stream(), speaker, asker, lambda one: said.get(one, one), {"language": "ja"}, lambda: now)  # type: ignore[arg-type]  # a fake mouth
    works = [asyncio.create_task(talk.run()), asyncio.create_task(speaking_into(talk, question))]
    async with asyncio.timeout(120):
        while not any("扇風機" in str(event.get("answer", "")) for event in talk.shown.events):  # noqa: ASYNC110  # the talk shows, it does not call
            await asyncio.sleep(0.1)
        while not mouth.speaking:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.02)
    talk.end()
    await asyncio.gather(*works)
    assert {"interrupted": True} in talk.shown.events
    assert speaker.pid == pid
