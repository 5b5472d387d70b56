"""What runs in the hearing process: decode, find speech, recognise, doubt, spell; nothing here is called elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from accessibility.engine_process import Frame, JobRefused

from .checkpoint import NotACheckpoint, read_checkpoint
from .confidence import believable, confidence_of, tidied
from .conversion import converted
from .ctranslate2_engine import Ct2Recogniser
from .decoding import Limits, decode
from .ears import Heard, Hypothesis, Sound
from .endpointing import Speech, SpeechFinder, cut_to_speech, speech_in
from .errors import EarsOff, HearingError, NotUnderstood, RecordingTooLarge, RecordingTooLong
from .recogniser import Guess, Recogniser
from .spelling import Speller, from_settings
from .streams import CAPTIONS, CaptionLines, Stream, Streams, Turn
from .weights import Weights, weights_for
from .whisper_engine import WhisperRecogniser
from .wording import KanaWording, PublishedWording

WHISPER: Final = "openai-whisper"
CTRANSLATE2: Final = "ctranslate2"


def open_engine(settings: dict[str, Any]) -> Callable[[dict[str, Any], bytes], Iterator[Frame]]:
    """The factory that EngineProcess calls. `settings`: model, folder, limits, engine ("" chooses), vocabulary (words, phrases)."""
    return HearingEngine.opened(settings).work


class HearingEngine:
    """Guards around a recogniser: Whisper's own gate lets confident inventions pass."""

    def __init__(self, recogniser: Recogniser, speller: Speller, finder: SpeechFinder, limits: Limits) -> None:
        self._recogniser, self._speller, self._finder, self._limits = recogniser, speller, finder, limits
        self._streams = Streams()

    @classmethod
    def opened(cls, settings: dict[str, Any]) -> HearingEngine:
        """Raises JobRefused (ears_off) with what is missing."""
        try:
            recogniser = open_recogniser(settings["model"], Path(settings["folder"]), settings.get("engine", ""))
            finder = SpeechFinder()
        except NotACheckpoint as wrong:
            raise JobRefused(EarsOff.code, {"why": f"{wrong} Check WHISPER_MODEL."}) from wrong
        except EarsOff as off:
            raise JobRefused(off.code, {"why": str(off)}) from off
        return cls(
            recogniser, from_settings(settings.get("vocabulary") or {"words": [], "phrases": []}), finder, Limits(**settings["limits"])
        )

    def work(self, job: dict[str, Any], recording: bytes) -> Iterator[Frame]:
        """`job`: language, hints; answers one frame: hypotheses, language, speech_s. With `stream`, see Streams: answers what happened."""
        if "stream" in job:
            yield from self._streams.work(job, recording, lambda: self._stream(job))
            return
        try:
            heard = self.heard(decode(recording, self._limits), job["language"], tuple(job.get("hints", ())))
        except RecordingTooLong as refused:
            raise JobRefused(refused.code, {"most": self._limits.seconds}) from refused
        except RecordingTooLarge as refused:
            raise JobRefused(refused.code, {"most": self._limits.size}) from refused
        except HearingError as refused:
            raise JobRefused(refused.code, {}) from refused
        yield asdict(heard), b""

    def _stream(self, job: dict[str, Any]) -> Stream:
        def recognise(sound: Sound) -> Heard:
            return self.heard(sound, job["language"], tuple(job.get("hints", ())))

        kind = CaptionLines if job["kind"] == CAPTIONS else Turn
        return kind(self._finder.stream(), recognise)

    def heard(self, sound: Sound, language: str, hints: tuple[str, ...]) -> Heard:
        """Raises NobodySpoke, TooQuiet or NotUnderstood."""
        found = speech_in(sound, self._finder)
        speech_s = sum(one.seconds for one in found)
        guesses = self._recogniser.recognise(cut_to_speech(sound, found), language, hints)
        return Heard(tuple(self._hypotheses(guesses, found, speech_s)), language, speech_s)

    def _hypotheses(self, guesses: list[Guess], found: tuple[Speech, ...], speech_s: float) -> list[Hypothesis]:
        """The believable ones; the same text counts once. Raises NotUnderstood when there is none."""
        tidy = [replace(guess, text=tidied(guess.text)) for guess in guesses]
        kept = [guess for guess in tidy if believable(guess, speech_s)]
        if not kept:
            raise NotUnderstood()
        texts: dict[str, Hypothesis] = {}
        for place, guess in enumerate(kept):
            spelled = self._speller.spelled(guess.text) if self._recogniser.kana else None
            text = guess.text if spelled is None else spelled.text
            sure = confidence_of(
                guess, kept[1 - place] if place < 2 and len(kept) > 1 else None, 0.0 if spelled is None else spelled.unknown
            )
            kana = guess.text if self._recogniser.kana else ""
            texts.setdefault(text, Hypothesis(text, sure, found[0].start_s, found[-1].end_s, kana))
        return list(texts.values())


def open_recogniser(model: str, folder: Path, engine: str = "") -> Recogniser:
    """openai-whisper where torch is installed, otherwise CTranslate2, which needs none; `engine` decides otherwise."""
    weights = weights_for(model, folder)
    chosen = engine or (WHISPER if _importable("torch", "whisper") else CTRANSLATE2)
    return WhisperRecogniser(weights.checkpoint, weights.kana) if chosen == WHISPER else _light(weights, folder)


def _light(weights: Weights, folder: Path) -> Recogniser:
    sizes = read_checkpoint(weights.checkpoint).sizes
    wording = KanaWording(weights.signs) if weights.kana else PublishedWording(sizes["n_vocab"])
    return Ct2Recogniser(converted(weights.checkpoint, folder), sizes["n_mels"], wording, weights.kana)


def _importable(*names: str) -> bool:
    return all(find_spec(name) is not None for name in names)
