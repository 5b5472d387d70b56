"""The town's voice with the town's own readings; without it 猿楽町 would be spoken as somebody who has never been there would."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from accessibility import Readings
from accessibility.caption_desk import CaptionDesk
from accessibility.captions import Captioner
from accessibility.hearing import TOWN, Listener, Vocabulary, open_hearing
from accessibility.speaking import Speaker, SpeechShelf, platform_voices
from inclusion.municipalities import Town
from inclusion.sayings.vocabulary import vocabulary_of
from inclusion.settings import Settings
from inclusion.turn import Turn
from inclusion.voices import Voices

from .town_readings import town_names

OFF: Final = "off"


def town_speaker(town: Town, own: bool = False) -> Speaker:
    """The engine starts with the first words it is given. `own`: with the voices of this computer, where it has some."""
    return Speaker(town_names(town), own=platform_voices.driver_of(sys.platform) if own else "")


def open_voices(settings: Settings, town: Town, secret: str) -> Voices | None:
    """None when the voice is switched off."""
    if settings.voice == "off":
        return None
    speaker = town_speaker(town, settings.voice == "system")
    folder = settings.inclusion_var / ("speech" if settings.voice == "open-jtalk" else f"speech-{settings.voice}")
    return Voices(SpeechShelf(folder, speaker, secret), settings.public_url)


def open_ears(settings: Settings, town: Town) -> Listener:
    """The town's own ears unless WHISPER_MODEL says otherwise; "off" answers everybody kindly that it cannot hear."""
    model, folder = _model(settings)
    return Listener(model, folder, vocabulary=lambda: _vocabulary(town), engine=settings.whisper_engine)


def caption_desk(settings: Settings, town: Town) -> CaptionDesk:
    """The same ears once more, for captions alone: their process begins with the first sound and goes behind that of the questions."""
    model, folder = _model(settings)
    engine = open_hearing(model, folder, vocabulary=lambda: _vocabulary(town), engine=settings.whisper_engine, background=True)
    return CaptionDesk(Captioner(engine))


def _model(settings: Settings) -> tuple[str, Path]:
    return {"": TOWN, OFF: ""}.get(settings.whisper_model, settings.whisper_model), settings.inclusion_var / "models"


def _vocabulary(town: Town) -> Vocabulary:
    return vocabulary_of(town, Readings(town_names(town)))


def ears_on(settings: Settings) -> bool:
    """Whether spoken questions can be heard here; where not, voice messages get a kind sentence at once."""
    return settings.whisper_model != OFF


def aloud(voices: Voices | None, channel: str, turn: Turn) -> Turn:
    """The turn with its recording, where there is a voice."""
    return turn if voices is None else voices.aloud(channel, turn)


def hush(voices: Voices | None, speech_id: str) -> None:
    """Let go of a recording, where there is a voice."""
    if voices is not None:
        voices.forget(speech_id)
