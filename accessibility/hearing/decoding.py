"""Opens whatever a phone recorded; without it m4a from LINE, Opus from Telegram and WebM from a browser would each need a program.

PyAV carries the decoders: no ffmpeg binary is run. The length is checked while decoding, so that three hours in a small file cost no
more memory than the longest question allowed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import av
import numpy as np

from .ears import RATE, Sound
from .errors import BrokenRecording, NotARecording, NothingRecorded, RecordingTooLarge, RecordingTooLong

# Playlists and the like would make the decoder open other files or addresses: only real containers of sound are let in.
CONTAINERS: Final = frozenset({"mov", "mp4", "m4a", "3gp", "ogg", "matroska", "webm", "wav", "mp3", "amr", "aac", "flac", "caf"})
SHORTEST_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Limits:
    seconds: float = 60.0
    size: int = 10_000_000


def decode(recording: bytes, limits: Limits = Limits()) -> Sound:  # frozen
    """The recording as 16 kHz mono, -1 to 1. Raises a HearingError that says what is wrong with it."""
    if not recording:
        raise NothingRecorded()
    if len(recording) > limits.size:
        raise RecordingTooLarge(limits.size)
    try:
        return _decoded(recording, limits)
    except (av.FFmpegError, ValueError, EOFError) as wrong:
        raise _meant(recording) from wrong


def _decoded(recording: bytes, limits: Limits) -> Sound:
    parts: list[Sound] = []
    left = int(limits.seconds * RATE)
    with av.open(io.BytesIO(recording), "r") as file:
        if CONTAINERS.isdisjoint(file.format.name.split(",")) or not file.streams.audio:
            raise NotARecording()
        for part in _samples(file):
            left -= part.size
            if left < 0:
                raise RecordingTooLong(limits.seconds)
            parts.append(part)
    sound = np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)
    if sound.size < SHORTEST_S * RATE:
        raise NothingRecorded()
    return np.nan_to_num(sound, posinf=0.0, neginf=0.0)


def _samples(file: av.container.InputContainer) -> Iterator[Sound]:
    resampler = av.AudioResampler("flt", "mono", RATE)
    for frame in file.decode(audio=0):
        frame.pts = None  # a damaged clock must not fill the gap with hours of silence
        for part in resampler.resample(frame):
            yield part.to_ndarray()[0].astype(np.float32)
    for part in resampler.resample(None):
        yield part.to_ndarray()[0].astype(np.float32)


MARKS: Final = (b"RIFF", b"OggS", b"ID3", b"\xff\xfb", b"\xff\xf3", b"#!AMR", b"fLaC", b"\x1aE\xdf\xa3")


def _meant(recording: bytes) -> BrokenRecording | NotARecording:
    """It begins like a recording, so it was one; anything else never was."""
    return BrokenRecording() if recording.startswith(MARKS) or recording[4:8] == b"ftyp" else NotARecording()
