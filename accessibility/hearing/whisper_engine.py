"""Recognition by openai-whisper, the standard engine where torch is installed; runs in the hearing process only."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from .ears import Sound
from .recogniser import LANGUAGES, Guess, most_signs

SURE: Final = -0.4  # above this mean log probability one look is enough
SECOND_LOOK: Final = (0.2, 0.4)
MOST_HINTS: Final = 40
THREADS: Final = 2


class WhisperRecogniser:
    """`window_s` is what the model was taught on: 30 s for published weights, None where any length will do."""

    def __init__(self, checkpoint: Path, kana: bool) -> None:
        import torch  # heavy and optional: the extra "speech"
        import whisper  # as above

        torch.set_num_threads(THREADS)
        self._whisper: Any = whisper
        self._model = whisper.load_model(str(checkpoint), device="cpu")
        self.kana = kana

    def recognise(self, sound: Sound, language: str, hints: tuple[str, ...]) -> list[Guess]:
        """The likeliest signs first; where that is unsure, others by chance."""
        found: list[Guess] = []
        for temperature in (0.0, *SECOND_LOOK):
            found.append(self._decoded(sound, language, hints, temperature))
            if found[0].logprob > SURE:
                break
        return found

    def _decoded(self, sound: Sound, language: str, hints: tuple[str, ...], temperature: float) -> Guess:
        """One pass over a window of 30 s, as Whisper was trained; a longer question is heard up to there."""
        whisper = self._whisper
        mel = whisper.log_mel_spectrogram(sound[: whisper.audio.N_SAMPLES], n_mels=self._model.dims.n_mels)
        options = whisper.DecodingOptions(
            language=LANGUAGES.get(language, language),
            task="transcribe",
            temperature=temperature,
            prompt=None if self.kana else "、".join(hints[:MOST_HINTS]) or None,
            without_timestamps=True,
            suppress_tokens="" if self.kana else "-1",
            fp16=False,
            sample_len=most_signs(sound, self._model.dims.n_text_ctx // 2),
        )
        # Padded in the picture, not in the sound: that is what transcribe() does, and what the town's ears were taught with.
        result = whisper.decode(self._model, whisper.pad_or_trim(mel, whisper.audio.N_FRAMES), options)
        return Guess(result.text, min(result.avg_logprob, 0.0), result.no_speech_prob, result.compression_ratio)
