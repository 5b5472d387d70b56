"""Recognition by openai-whisper, the standard engine where torch is installed; runs in the hearing process only."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .ears import Sound
from .recogniser import LANGUAGES, Guess, most_signs, prompt_of

SURE: Final = -0.4  # above this mean log probability one look is enough
SECOND_LOOK: Final = (0.2, 0.4)
THREADS: Final = 2
FRAMES: Final = 3000  # 30 s, as Whisper was trained


class WhisperRecogniser:
    """Published weights, and the encoder of the town's own ears."""

    def __init__(self, checkpoint: Path) -> None:
        import torch  # heavy and optional: the extra "speech"
        import whisper  # as above

        torch.set_num_threads(THREADS)
        self._whisper: Any = whisper
        self._torch: Any = torch
        self._model = whisper.load_model(str(checkpoint), device="cpu")

    def recognise(self, sound: Sound, language: str, hints: tuple[str, ...]) -> list[Guess]:
        """The likeliest signs first; where that is unsure, others by chance."""
        found: list[Guess] = []
        for temperature in (0.0, *SECOND_LOOK):
            found.append(self._decoded(sound, language, hints, temperature))
            if found[0].logprob > SURE:
                break
        return found

    def encode(self, sound: Sound) -> NDArray[np.float32]:
        mel = self._picture(sound)
        with self._torch.no_grad():
            encoded = self._model.embed_audio(self._whisper.pad_or_trim(mel, FRAMES)[None])[0]
        rows: NDArray[np.float32] = encoded[: mel.shape[1] // 2].numpy()
        return rows

    def _picture(self, sound: Sound) -> Any:
        return self._whisper.log_mel_spectrogram(sound[: self._whisper.audio.N_SAMPLES], n_mels=self._model.dims.n_mels)

    def _decoded(self, sound: Sound, language: str, hints: tuple[str, ...], temperature: float) -> Guess:
        """One pass over a window of 30 s, as Whisper was trained; a longer question is heard up to there."""
        whisper, spoken = self._whisper, LANGUAGES.get(language, language)
        wording = whisper.tokenizer.get_tokenizer(self._model.is_multilingual, num_languages=self._model.num_languages, language=spoken)
        options = whisper.DecodingOptions(
            language=spoken,
            task="transcribe",
            temperature=temperature,
            prompt=prompt_of(hints, spoken, wording.encode) or None,
            without_timestamps=True,
            fp16=False,
            sample_len=most_signs(sound, self._model.dims.n_text_ctx // 2),
        )
        # Padded in the picture, not in the sound, as transcribe() does.
        result = whisper.decode(self._model, whisper.pad_or_trim(self._picture(sound), FRAMES), options)
        return Guess(result.text, min(result.avg_logprob, 0.0), result.no_speech_prob, result.compression_ratio)
