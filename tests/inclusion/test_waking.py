"""Nobody waits for an engine to load because they are the first to speak."""

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from accessibility.hearing import EarsAway, Listener
from accessibility.speaking import Container, Manner, Recording, SpeechShelf, Tone, VoiceAway
from inclusion.turn import Memory, greet
from inclusion.voices import Voices
from inclusion.waking import Waking, fixed_turns
from tests.towns import demo_town

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)
TOWN = demo_town()


class Mute(Tone):
    def say(self, text: str, manner: Manner, container: Container) -> Recording:
        raise VoiceAway("The voice is away.")


class Sleeping(Listener):
    """Ears that cannot be opened, and note that they were asked to."""

    def __init__(self, folder: Path) -> None:
        super().__init__("town", folder)
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1
        raise EarsAway("The ears are away.")


def woken(voice: Tone, folder: Path, ears: Listener | None = None) -> Voices:
    voices = Voices(SpeechShelf(folder / "speech", voice, "only for tests"), "https://bot.example")
    asyncio.run(Waking(voices, ears, lambda: fixed_turns(TOWN, NOW), after_s=0).run())
    return voices


def test_the_greeting_is_spoken_before_anybody_asks(tmp_path: Path) -> None:
    voice = Tone()
    voices = woken(voice, tmp_path)
    said, turn = len(voice.said), greet(Memory(), TOWN, NOW)
    speech_id = voices.order(turn.rendered.spoken, "ja", turn.memory.preferences.speed)
    assert voices.fetch(speech_id, "ogg") is not None and voices.fetch(speech_id, "m4a") is not None
    assert said == len(voice.said) > 10


def test_without_waking_the_first_listener_waits_for_the_voice(tmp_path: Path) -> None:
    voice = Tone()
    voices = Voices(SpeechShelf(tmp_path / "speech", voice, "only for tests"), "https://bot.example")
    voices.fetch(voices.order(greet(Memory(), TOWN, NOW).rendered.spoken, "ja", 1.0), "ogg")
    assert len(voice.said) == 1


def test_engines_that_cannot_be_loaded_hold_nothing_up(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    ears = Sleeping(tmp_path)
    with caplog.at_level(logging.WARNING):
        woken(Mute(), tmp_path, ears)
    assert ears.woken == 1
    assert [record.message.split(" could")[0] for record in caplog.records] == ["The voice", "The ears"]
