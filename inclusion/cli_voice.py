"""Ears and voice for the command line; without it only people at a telephone or a browser could try them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import typer

from accessibility.hearing import Heard, Listener
from accessibility.speaking import Container, Manner
from inclusion.municipalities import Town
from inclusion.settings import Settings
from inclusion.turn import Turn
from inclusion.understanding import Believed, Request, believe
from inclusion.web.town_voice import open_ears, town_speaker

CONTAINERS: dict[str, Container] = {".m4a": "m4a", ".ogg": "ogg", ".oga": "ogg", ".opus": "ogg", ".wav": "wav"}


def said(texts: Sequence[str], audio: Path | None, speak: Path | None, settings: Settings, town: Town, language: str) -> list[str | Heard]:
    """What the resident says, typed and recorded. Raises ValueError for a call that cannot be meant, or hearing.HearingError."""
    if speak is not None and speak.suffix.lower() not in CONTAINERS:
        raise ValueError(f"--speak writes {', '.join(CONTAINERS)}; '{speak.name}' is none of them.")
    if audio is None and not texts:
        raise ValueError("Give what the resident says, in quotation marks, or a recording with --audio.")
    return [*texts, *([] if audio is None else [heard_in(audio, open_ears(settings, town), language)])]


def heard_in(file: Path, listener: Listener, language: str) -> Heard:
    """What the recording says. Raises hearing.HearingError."""
    try:
        return listener.hear(file.read_bytes(), language)
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
