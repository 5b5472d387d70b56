"""What runs in the hearing process: decode, find speech, recognise with openai-whisper, doubt; nothing here is called elsewhere."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from accessibility.engine_process import Frame, JobRefused

from .decoding import Limits, decode
from .ears import RATE, Hypothesis, Sound
from .endpointing import SpeechFinder, cut_to_speech, speech_in
from .errors import EarsOff, HearingError, NotUnderstood, RecordingTooLarge, RecordingTooLong

# What Whisper says to itself when it hears nothing: learned from the ends of videos. Dropped when hardly anybody spoke.
PHANTOMS: Final = re.compile(
    r"(?:ご視聴|ご清聴)?ありがとうございま(?:した|す)|チャンネル登録.*|おやすみなさい|字幕.*|thank you(?: for watching)?|bye", re.I
)
SHORT_SPEECH_S: Final = 0.6
NO_SPEECH_AT: Final = 0.6
REPEATED_AT: Final = 2.4  # gzip ratio above which a text goes round in circles
LETTERS_A_SECOND: Final = 14.0  # nobody speaks Japanese faster than this
SECOND_LOOK: Final = (0.2, 0.4)
LONGEST_TEXT: Final = 200
MOST_HINTS: Final = 40
LANGUAGES: Final = {"zh-Hans": "zh"}
THREADS: Final = 2


def open_engine(settings: dict[str, Any]) -> Callable[[dict[str, Any], bytes], Iterator[Frame]]:
    """The factory that EngineProcess calls. `settings`: model (a name or the path of a checkpoint), folder (where it is kept), limits."""
    return WhisperEngine(settings["model"], Path(settings["folder"]), Limits(**settings["limits"])).work


class WhisperEngine:
    """openai-whisper with guards around it: its own gate lets confident inventions pass."""

    def __init__(self, model: str, folder: Path, limits: Limits) -> None:
        import torch  # heavy and optional: the extra "speech"
        import whisper  # as above

        torch.set_num_threads(THREADS)
        self._whisper, self._limits = whisper, limits
        self._model = whisper.load_model(model, device="cpu", download_root=str(folder))
        self._finder = SpeechFinder()

    def work(self, job: dict[str, Any], recording: bytes) -> Iterator[Frame]:
        """`job`: language, hints. Answers one frame: hypotheses, language, speech_s."""
        try:
            sound = decode(recording, self._limits)
            stretches = speech_in(sound, self._finder)
            speech_s = sum(one.seconds for one in stretches)
            begin, end = stretches[0].start_s, stretches[-1].end_s
            found = self._hypotheses(cut_to_speech(sound, stretches), job, speech_s, begin, end)
        except RecordingTooLong as refused:
            raise JobRefused(refused.code, {"most": self._limits.seconds}) from refused
        except RecordingTooLarge as refused:
            raise JobRefused(refused.code, {"most": self._limits.size}) from refused
        except EarsOff as off:
            raise JobRefused(off.code, {"why": str(off)}) from off
        except HearingError as refused:
            raise JobRefused(refused.code, {}) from refused
        yield {"hypotheses": [asdict(one) for one in found], "language": job["language"], "speech_s": speech_s}, b""

    def _hypotheses(self, sound: Sound, job: dict[str, Any], speech_s: float, begin: float, end: float) -> list[Hypothesis]:
        """The greedy hearing and, when it is unsure, others; the same text counts once. Raises NotUnderstood when none is believable."""
        found: dict[str, Hypothesis] = {}
        for temperature in (0.0, *SECOND_LOOK):
            result = self._decoded(sound, job, temperature)
            text = tidied(result.text)
            if believable(text, speech_s, result.no_speech_prob, result.compression_ratio):
                found.setdefault(text, Hypothesis(text, round(math.exp(min(result.avg_logprob, 0.0)), 3), begin, end))
            if temperature == 0.0 and text in found and result.avg_logprob > -0.4:
                break
        if not found:
            raise NotUnderstood()
        return sorted(found.values(), key=lambda one: -one.confidence)

    def _decoded(self, sound: Sound, job: dict[str, Any], temperature: float) -> Any:
        """One pass over a window of 30 s, as Whisper was trained; a longer question is heard up to there."""
        whisper = self._whisper
        padded = whisper.pad_or_trim(sound)
        mel = whisper.log_mel_spectrogram(padded, n_mels=self._model.dims.n_mels)
        prompt = "、".join(job.get("hints", [])[:MOST_HINTS]) or None
        options = whisper.DecodingOptions(
            language=LANGUAGES.get(job["language"], job["language"]),
            task="transcribe",
            temperature=temperature,
            prompt=prompt,
            without_timestamps=True,
            fp16=False,
            sample_len=min(self._model.dims.n_text_ctx // 2, 16 + int(12 * sound.size / RATE)),
        )
        return whisper.decode(self._model, mel, options)


def tidied(text: str) -> str:
    """NFKC, one line, without the spaces Whisper puts between Japanese words."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", re.sub(r"\s+", " ", plain)).strip()


def believable(text: str, speech_s: float, no_speech: float, compression: float) -> bool:
    """Whether this can have been said. `no_speech` alone decides: Whisper's own gate asks for doubt too, and inventions have none."""
    if not re.search(r"\w", text) or no_speech > NO_SPEECH_AT or compression > REPEATED_AT:
        return False
    if speech_s < SHORT_SPEECH_S and PHANTOMS.fullmatch(text.strip("。.!！ ")):
        return False
    return len(text) <= min(LONGEST_TEXT, 6 + LETTERS_A_SECOND * speech_s)
