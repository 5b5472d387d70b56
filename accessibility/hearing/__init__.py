"""Speech to words: what was said, how sure that is, and a kind reason when nothing could be heard."""

from .decoding import Limits, decode
from .ears import RATE, Ears, Heard, Hypothesis, ScriptedEars
from .endpointing import Speech, SpeechFinder, cut_to_speech, speech_in
from .errors import (
    BrokenRecording,
    EarsAway,
    EarsOff,
    HearingError,
    NobodySpoke,
    NotARecording,
    NothingRecorded,
    NotUnderstood,
    RecordingTooLarge,
    RecordingTooLong,
    TooQuiet,
)
from .listener import Listener

__all__ = [
    "RATE",
    "BrokenRecording",
    "Ears",
    "EarsAway",
    "EarsOff",
    "Heard",
    "HearingError",
    "Hypothesis",
    "Limits",
    "Listener",
    "NobodySpoke",
    "NotARecording",
    "NotUnderstood",
    "NothingRecorded",
    "RecordingTooLarge",
    "RecordingTooLong",
    "ScriptedEars",
    "Speech",
    "SpeechFinder",
    "TooQuiet",
    "cut_to_speech",
    "decode",
    "speech_in",
]
