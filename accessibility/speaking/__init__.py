"""Words to speech: one calm voice for every channel."""

from .cache import SpeechShelf
from .containers import recorded
from .errors import NothingToSay, SpeakingError, TooLongToSay, VoiceAway, VoiceMissing
from .script import digit_by_digit, lines_to_say, sentences_to_say
from .speaker import Speaker
from .tone import Tone
from .voice import MEDIA_TYPES, RATE, Container, Manner, Pcm, Recording, Voice

__all__ = [
    "MEDIA_TYPES",
    "RATE",
    "Container",
    "Manner",
    "NothingToSay",
    "Pcm",
    "Recording",
    "Speaker",
    "SpeakingError",
    "SpeechShelf",
    "Tone",
    "TooLongToSay",
    "Voice",
    "VoiceAway",
    "VoiceMissing",
    "digit_by_digit",
    "lines_to_say",
    "recorded",
    "sentences_to_say",
]
