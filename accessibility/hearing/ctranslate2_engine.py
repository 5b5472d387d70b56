"""Recognition by CTranslate2 in int8: the same weights at a third of the cost and without torch; runs in the hearing process only."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np

from .ears import RATE, Sound
from .recogniser import LANGUAGES, Guess, most_signs
from .whisper_engine import MOST_HINTS
from .wording import Wording

HYPOTHESES: Final = 3
BEAMS: Final = 4
FRAMES: Final = 3000
FRAMES_A_SECOND: Final = 100
MARGIN_FRAMES: Final = 20
THREADS: Final = 2


class Ct2Recogniser:
    """`folder` holds a converted model. Published weights hear their 30 s; the town's ears hear only as long as somebody spoke."""

    def __init__(self, folder: Path, mels: int, wording: Wording, kana: bool, threads: int = THREADS) -> None:
        import ctranslate2  # heavy: only in the hearing process
        from faster_whisper.feature_extractor import FeatureExtractor  # as above

        self._ct2: Any = ctranslate2
        self._model: Any = ctranslate2.models.Whisper(str(folder), device="cpu", compute_type="int8", intra_threads=threads)
        self._picture: Any = FeatureExtractor(feature_size=mels)
        self._wording, self.kana = wording, kana

    def recognise(self, sound: Sound, language: str, hints: tuple[str, ...]) -> list[Guess]:
        mel = self._picture(sound[: FRAMES * RATE // FRAMES_A_SECOND], padding=0).astype(np.float32)
        # An even number of frames, and zeros in the picture: what transcribe() does, see whisper_engine.
        window = min(mel.shape[1] + MARGIN_FRAMES + mel.shape[1] % 2, FRAMES) if self.kana else FRAMES
        padded = np.zeros((1, mel.shape[0], window), dtype=np.float32)
        padded[0, :, : mel.shape[1]] = mel[:, :window]
        prompt = self._wording.start(LANGUAGES.get(language, language), () if self.kana else hints[:MOST_HINTS])
        found = self._model.generate(
            self._ct2.StorageView.from_array(padded),
            [prompt],
            beam_size=BEAMS,
            num_hypotheses=HYPOTHESES,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=not self.kana,
            suppress_tokens=None if self.kana else self._wording.never(),
            max_length=2 * most_signs(sound, 224),  # it counts the prompt and halves the rest
        )[0]
        texts = [self._wording.text(signs) for signs in found.sequences_ids]
        return [Guess(text, score, found.no_speech_prob, _compression(text)) for text, score in zip(texts, found.scores, strict=True)]


def _compression(text: str) -> float:
    written = text.encode()
    return len(written) / max(len(zlib.compress(written)), 1)
