"""Ears and voice for the command line; without it only people at a telephone or a browser could try them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import typer

from accessibility.hearing import Heard
from accessibility.speaking import Container, Manner
from inclusion.expecting import expected_words
from inclusion.municipalities import Town
from inclusion.settings import Settings
from inclusion.turn import Memory, Turn
from inclusion.understanding import Believed, Request, believe
from inclusion.web.town_voice import open_ears, town_speaker

CONTAINERS: dict[str, Container] = {".m4a": "m4a", ".ogg": "ogg", ".oga": "ogg", ".opus": "ogg", ".wav": "wav"}


def check(texts: Sequence[str], audio: Path | None, speak: Path | None) -> None:
    """Raises ValueError for a call that cannot be meant."""
    if speak is not None and speak.suffix.lower() not in CONTAINERS:
        raise ValueError(f"--speak writes {', '.join(CONTAINERS)}; '{speak.name}' is none of them.")
    if audio is None and not texts:
        raise ValueError("Give what the resident says, in quotation marks, or a recording with --audio.")


def heard_in(file: Path, settings: Settings, town: Town, memory: Memory) -> Heard:
    """What the recording says, after what was said before. Raises hearing.HearingError."""
    listener, language = open_ears(settings, town), memory.preferences.language
    try:
        return listener.hear(file.read_bytes(), language, expected_words(memory, town, language))
    finally:
        listener.stop()


def believed(said: str | Heard, understand: Callable[[str], Request]) -> Believed:
    """The words to answer; those of a recording are shown on stderr, as a page would show them."""
    if isinstance(said, str):
        return Believed(said)
    words = believe(said, understand)
    typer.echo(f"こう聞こえました: {words.text}", err=True)
    return words


def speak_to(file: Path | None, turn: Turn, town: Town) -> None:
    """Write the spoken answer, where one is wanted. Raises speaking.SpeakingError or OSError."""
    if file is None:
        return
    speaker = town_speaker(town)
    try:
        manner = Manner(turn.rendered.language, turn.memory.preferences.speed, turn.memory.preferences.loud)
        file.write_bytes(speaker.say(turn.rendered.spoken, manner, CONTAINERS[file.suffix.lower()]).content)
    finally:
        speaker.stop()
