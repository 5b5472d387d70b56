"""Recognition by CTranslate2 in int8: the same weights at a third of the cost and without torch; runs in the hearing process only."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .ears import Sound
from .recogniser import LANGUAGES, Guess, most_signs
from .wording import PublishedWording

HYPOTHESES: Final = 3
BEAMS: Final = 4
FRAMES: Final = 3000
MARGIN_FRAMES: Final = 20
THREADS: Final = 2


class Ct2Encoder:
    """The encoder of the town's own ears, which were not taught on 30 s: it hears only as long as somebody spoke."""

    def __init__(self, folder: Path, mels: int) -> None:
        self._model, self._picture = _opened(folder, mels)

    def encode(self, sound: Sound) -> NDArray[np.float32]:
        mel = self._picture(sound)[:, :FRAMES]
        padded = np.zeros((1, mel.shape[0], min(mel.shape[1] + MARGIN_FRAMES + mel.shape[1] % 2, FRAMES)), dtype=np.float32)
        padded[0, :, : mel.shape[1]] = mel
        encoded = self._model.encode(_view(padded), to_cpu=True)
        return np.array(encoded, dtype=np.float32)[0, : mel.shape[1] // 2]


class Ct2Recogniser:
    """Published weights. `folder` holds the converted model."""

    def __init__(self, folder: Path, mels: int, wording: PublishedWording) -> None:
        self._model, self._picture = _opened(folder, mels)
        self._wording = wording

    def recognise(self, sound: Sound, language: str, hints: tuple[str, ...]) -> list[Guess]:
        mel = self._picture(sound)[:, :FRAMES]
        padded = np.zeros((1, mel.shape[0], FRAMES), dtype=np.float32)  # zeros in the picture, not in the sound, as transcribe() does
        padded[0, :, : mel.shape[1]] = mel
        start, signs = self._wording.start(LANGUAGES.get(language, language), hints), most_signs(sound, 224)
        found = self._model.generate(
            _view(padded),
            [start],
            beam_size=BEAMS,
            num_hypotheses=HYPOTHESES,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=self._wording.never(),
            max_length=max(2 * signs, signs + len(start)),  # it writes at most half of it, and at most what the prompt leaves
        )[0]
        texts = [self._wording.text(signs) for signs in found.sequences_ids]
        return [Guess(text, score, found.no_speech_prob, _compression(text)) for text, score in zip(texts, found.scores, strict=True)]


def _opened(folder: Path, mels: int) -> tuple[Any, Callable[[Sound], NDArray[np.float32]]]:
    """The model, and what turns sound into its picture."""
    import ctranslate2  # heavy: only in the hearing process
    from faster_whisper.feature_extractor import FeatureExtractor  # as above

    extractor = FeatureExtractor(feature_size=mels)
    model = ctranslate2.models.Whisper(str(folder), device="cpu", compute_type="int8", intra_threads=THREADS)
    return model, lambda sound: extractor(sound, padding=0).astype(np.float32)


def _view(picture: NDArray[np.float32]) -> Any:
    import ctranslate2  # as above

    return ctranslate2.StorageView.from_array(picture)


def _compression(text: str) -> float:
    written = text.encode()
    return len(written) / max(len(zlib.compress(written)), 1)
