"""Ears and voice for the command line; without it only people at a telephone or a browser could try them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from accessibility.hearing import Listener
from accessibility.speaking import Container, Manner
from inclusion.municipalities import Town
from inclusion.settings import Settings
from inclusion.turn import Turn
from inclusion.web.town_voice import open_ears, town_speaker

CONTAINERS: dict[str, Container] = {".m4a": "m4a", ".ogg": "ogg", ".oga": "ogg", ".opus": "ogg", ".wav": "wav"}


def said(texts: Sequence[str], audio: Path | None, speak: Path | None, settings: Settings, town: Town, language: str) -> list[str]:
    """What the resident says, typed and recorded. Raises ValueError for a call that cannot be meant, or hearing.HearingError."""
    if speak is not None and speak.suffix.lower() not in CONTAINERS:
        raise ValueError(f"--speak writes {', '.join(CONTAINERS)}; '{speak.name}' is none of them.")
    if audio is None and not texts:
        raise ValueError("Give what the resident says, in quotation marks, or a recording with --audio.")
    return [*texts, *([] if audio is None else [heard_in(audio, open_ears(settings, town), language)])]


def heard_in(file: Path, listener: Listener, language: str) -> str:
    """What the recording says, shown on stderr as well. Raises hearing.HearingError."""
    try:
        heard = listener.hear(file.read_bytes(), language).text
    finally:
        listener.stop()
    typer.echo(f"こう聞こえました: {heard}", err=True)
    return heard


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
