"""The ears are told what may be said next: chosen by the talk, in its language, and the same on every way in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from accessibility.hearing import Heard, Limits, decode
from accessibility.hearing.endpointing import SpeechFinder
from accessibility.hearing.engine import HearingEngine
from accessibility.hearing.kana_reader import Way
from accessibility.speaking import Manner, Speaker
from accessibility.speaking.containers import recorded
from inclusion.cli import app
from inclusion.expecting import MOST, expected_words
from inclusion.turn import Memory, take_turn
from tests.towns import demo_town, town_understood

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)
TOWN = demo_town()
JAPANESE = re.compile("[ぁ-ヶ]")


@dataclass
class NotingEars:
    """Ears that note what they were told to expect."""

    told: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def hear(self, recording: bytes, language: str = "ja", hints: tuple[str, ...] = ()) -> Heard:
        self.told.append((language, hints))
        return Heard.of("二人用です", 0.95)

    def stop(self) -> None:
        """Nothing runs."""


@pytest.fixture(scope="module")
def after_a_sofa() -> Memory:
    return take_turn("ソファを捨てたい", Memory(), TOWN, town_understood(), NOW).memory


def test_what_was_just_offered_comes_first(after_a_sofa: Memory) -> None:
    words = expected_words(after_a_sofa, TOWN)
    assert after_a_sofa.last is not None
    assert words[: len(after_a_sofa.last.choices)] == tuple(choice.says for choice in after_a_sofa.last.choices)
    assert words != expected_words(Memory(), TOWN) and len(words) == MOST  # control: without a talk nothing was offered


def test_things_questions_and_names_of_the_town_share_the_place() -> None:
    first = expected_words(Memory(), TOWN)[:24]
    things = {item.said for item in TOWN.items.values()}
    names = {part for festival in TOWN.festivals.values() for part in festival.name.split()}
    topics = {word for faq in TOWN.faqs.values() for word in faq.keywords}
    assert all(len(kind.intersection(first)) >= 4 for kind in (things, names, topics))


@pytest.mark.parametrize("language", ["en", "ko", "zh-Hans"])
def test_who_speaks_another_language_brings_no_japanese_prompt(language: str, after_a_sofa: Memory) -> None:
    words = expected_words(Memory(), TOWN, language)
    assert words and not any(JAPANESE.search(word) for word in words)
    assert any(JAPANESE.search(word) for word in expected_words(after_a_sofa, TOWN))  # control


def test_a_recording_at_the_terminal_is_heard_after_what_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ears = NotingEars()
    monkeypatch.setattr("inclusion.cli.voice.open_ears", lambda *_: ears)
    (tmp_path / "answer.wav").write_bytes(b"sound")
    done = CliRunner().invoke(app, ["ask", "ソファを捨てたい", "--audio", str(tmp_path / "answer.wav")])
    assert done.exit_code == 0 and "600円" not in ears.told[0][1]
    assert ears.told[0][1][0].startswith("一人")


@dataclass
class NotingMind:
    """A mind that hears nothing and notes what it was told."""

    told: list[tuple[str, ...]] = field(default_factory=list)
    drowned_below: float = 0.5

    def ways(self, sound: Any, language: str, hints: tuple[str, ...], speech_s: float) -> list[Way]:
        self.told.append(hints)
        return [Way("はい", "", 1.0)]


@pytest.fixture(scope="module")
def asked() -> Callable[[str], bytes]:
    speaker = Speaker()
    sound = next(speaker.sentences("シールはどこで買えますか。", Manner()))
    speaker.stop()
    return lambda container: recorded(sound, container).content  # type: ignore[arg-type]  # one of Container


def test_in_the_engine_a_recording_and_each_turn_of_a_talk_bring_their_own_words(asked: Callable[[str], bytes]) -> None:
    mind = NotingMind()
    engine = HearingEngine(mind, SpeechFinder(), Limits())
    list(engine.work({"language": "ja", "hints": ["ソファー"]}, asked("m4a")))
    piece = (decode(asked("wav")) * 32767).astype("<i2").tobytes()
    for hint in ("一人用です", "はい"):
        list(engine.work({"stream": "a", "kind": "turn", "op": "finish", "language": "ja", "hints": [hint]}, piece))
    assert list(dict.fromkeys(mind.told)) == [("ソファー",), ("一人用です",), ("はい",)]
