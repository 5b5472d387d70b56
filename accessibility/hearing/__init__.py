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
    TooNoisy,
    TooQuiet,
)
from .listener import Listener, Vocabulary, open_hearing
from .listening import HeardSoFar, ListeningStream, SpeechBegan, SpeechEnded, TurnHeard, TurnUnheard
from .rewriting import Rewriter
from .weights import TOWN

__all__ = [
    "RATE",
    "TOWN",
    "BrokenRecording",
    "Ears",
    "EarsAway",
    "EarsOff",
    "Heard",
    "HeardSoFar",
    "HearingError",
    "Hypothesis",
    "Limits",
    "Listener",
    "ListeningStream",
    "NobodySpoke",
    "NotARecording",
    "NotUnderstood",
    "NothingRecorded",
    "RecordingTooLarge",
    "RecordingTooLong",
    "Rewriter",
    "ScriptedEars",
    "Speech",
    "SpeechBegan",
    "SpeechEnded",
    "SpeechFinder",
    "TooNoisy",
    "TooQuiet",
    "TurnHeard",
    "TurnUnheard",
    "Vocabulary",
    "cut_to_speech",
    "decode",
    "open_hearing",
    "speech_in",
]
