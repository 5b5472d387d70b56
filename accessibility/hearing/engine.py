"""What runs in the hearing process: decode, find speech, recognise, doubt, spell; nothing here is called elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from accessibility.engine_process import Frame, JobRefused

from .checkpoint import NotACheckpoint, read_checkpoint
from .conversion import converted
from .ctranslate2_engine import Ct2Encoder, Ct2Recogniser
from .decoding import Limits, decode
from .ears import Heard, Hypothesis, Sound
from .endpointing import SpeechFinder, cut_to_speech, drowned, speech_in
from .errors import EarsOff, HearingError, NotUnderstood, RecordingTooLarge, RecordingTooLong, TooNoisy
from .kana_reader import KanaReader
from .minds import Mind, PublishedMind, TownMind
from .recogniser import Recogniser
from .streams import CAPTIONS, CaptionLines, Stream, Streams, Turn
from .weights import weights_for
from .whisper_engine import WhisperRecogniser
from .wording import PublishedWording

WHISPER: Final = "openai-whisper"
CTRANSLATE2: Final = "ctranslate2"
BEHIND_OTHERS: Final = 10
NO_ROOM: Final = (
    "The ears could not be unpacked under INCLUSION_VAR. Look whether the disk is full and whether the folder may be written to."
)


def open_engine(settings: dict[str, Any]) -> Callable[[dict[str, Any], bytes], Iterator[Frame]]:
    """The factory that EngineProcess calls. `settings`: model, folder, limits, background, engine ("" chooses), vocabulary (Vocabulary)."""
    if settings.get("background") and hasattr(os, "nice"):
        os.nice(BEHIND_OTHERS)
    return HearingEngine.opened(settings).work


class HearingEngine:
    """Sound to words, and each refusal as its own error."""

    def __init__(self, mind: Mind, finder: SpeechFinder, limits: Limits) -> None:
        self._mind, self._finder, self._limits = mind, finder, limits
        self._streams = Streams()
        self._hints: tuple[str, ...] = ()  # of the job in hand

    @classmethod
    def opened(cls, settings: dict[str, Any]) -> HearingEngine:
        """Raises JobRefused (ears_off) with what is missing."""
        vocabulary = settings.get("vocabulary") or {"words": [], "phrases": []}
        try:
            mind = open_mind(settings["model"], Path(settings["folder"]), settings.get("engine", ""), vocabulary)
            return cls(mind, SpeechFinder(), Limits(**settings["limits"]))
        except NotACheckpoint as wrong:
            raise JobRefused(EarsOff.code, {"why": f"{wrong} Check WHISPER_MODEL."}) from wrong
        except EarsOff as off:
            raise JobRefused(off.code, {"why": str(off)}) from off
        except OSError as full:
            raise JobRefused(EarsOff.code, {"why": NO_ROOM}) from full

    def work(self, job: dict[str, Any], recording: bytes) -> Iterator[Frame]:
        """`job`: language, hints; answers one frame: hypotheses, language, speech_s. With `stream`, see Streams: answers what happened."""
        self._hints = tuple(job.get("hints", ()))
        if "stream" in job:
            yield from self._streams.work(job, recording, lambda: self._stream(job))
            return
        try:
            heard = self.heard(decode(recording, self._limits), job["language"], self._hints)
        except RecordingTooLong as refused:
            raise JobRefused(refused.code, {"most": self._limits.seconds}) from refused
        except RecordingTooLarge as refused:
            raise JobRefused(refused.code, {"most": self._limits.size}) from refused
        except HearingError as refused:
            raise JobRefused(refused.code, {}) from refused
        yield asdict(heard), b""

    def _stream(self, job: dict[str, Any]) -> Stream:
        def recognise(sound: Sound) -> Heard:
            return self.heard(sound, job["language"], self._hints)

        kind = CaptionLines if job["kind"] == CAPTIONS else Turn
        return kind(self._finder.stream(), recognise)

    def heard(self, sound: Sound, language: str, hints: tuple[str, ...]) -> Heard:
        """Raises NobodySpoke, TooQuiet, TooNoisy or NotUnderstood."""
        speech = speech_in(sound, self._finder)
        speech_s = sum(one.seconds for one in speech)
        spoken = cut_to_speech(sound, speech)
        ways = self._mind.ways(spoken, language, hints, speech_s)
        loud_around = drowned(spoken)
        if not ways:
            raise TooNoisy() if loud_around else NotUnderstood()
        begin, end = speech[0].start_s, speech[-1].end_s
        found = tuple(Hypothesis(way.text, way.confidence, begin, end, way.kana) for way in ways)
        return Heard(found, language, speech_s, loud_around and ways[0].confidence < self._mind.drowned_below)


def open_mind(model: str, folder: Path, engine: str, vocabulary: Mapping[str, Sequence[tuple[str, str]]]) -> Mind:
    """openai-whisper where torch is installed, otherwise CTranslate2, which needs none; `engine` decides otherwise."""
    weights = weights_for(model, folder)
    chosen = engine or (WHISPER if _importable("torch", "whisper") else CTRANSLATE2)
    if weights.head is None:
        return PublishedMind(WhisperRecogniser(weights.checkpoint) if chosen == WHISPER else _light(weights.checkpoint, folder))
    around = vocabulary.get("everyday", ()), vocabulary.get("endings", ())
    reader = KanaReader(weights.head, vocabulary["words"], vocabulary["phrases"], *around)
    if chosen == WHISPER:
        return TownMind(WhisperRecogniser(weights.checkpoint), reader)
    return TownMind(Ct2Encoder(converted(weights.checkpoint, folder), read_checkpoint(weights.checkpoint).sizes["n_mels"]), reader)


def _light(checkpoint: Path, folder: Path) -> Recogniser:
    sizes = read_checkpoint(checkpoint).sizes
    return Ct2Recogniser(converted(checkpoint, folder), sizes["n_mels"], PublishedWording(sizes["n_vocab"]))


def _importable(*names: str) -> bool:
    return all(find_spec(name) is not None for name in names)
