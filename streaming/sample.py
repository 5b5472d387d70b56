"""A small festival made by the program itself: lanterns, fireworks, flute and drum; without it nobody could try the live part at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import av
import numpy as np
from aiortc.codecs.h264 import H264Encoder
from av.audio.codeccontext import AudioCodecContext
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

from .reports import Kind

WIDTH, HEIGHT, RATE, SECONDS = 640, 360, 15, 12
SOUND_RATE: Final = 48_000
FRAME_SAMPLES: Final = 960
# Scale degrees of the in-scale (陰旋法), as semitones above D4; one every half second.
MELODY: Final = (0, 1, 5, 7, 8, 7, 5, 1, 0, 5, 7, 12, 8, 7, 5, 1, 0, 1, 5, 1, 7, 8, 12, 8)
Pixels = NDArray[np.uint8]
Scene = NDArray[np.float32]
Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """One picture or bit of sound, ready to be sent: when it is due, its media time, and its packets' payloads."""

    at: float
    kind: Kind
    timestamp: int
    payloads: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Clip:
    """A loop."""

    pieces: Sequence[Piece]
    seconds: float


def make_clip(seconds: int = SECONDS, speech: Sequence[NDArray[np.float32]] = ()) -> Clip:
    """Draw, play and encode the festival once (a second or two of one core); it is then only sent, never encoded again.

    With `speech` (sentences at 24 kHz) they are said in a second round of pictures, after the music: by then the ears are awake.
    """
    rounds = 2 if speech else 1
    drawn = list(_pictures(seconds))
    pieces = [_later(piece, number * seconds) for number in range(rounds) for piece in drawn]
    pieces += _sounds(np.concatenate([play(0, seconds * SOUND_RATE), *([_said(speech, seconds)] if speech else [])]))
    return Clip(sorted(pieces, key=lambda piece: piece.at), seconds * rounds)


def draw(at: float, seconds: int = SECONDS) -> Pixels:
    """The scene at a moment; the end meets the beginning."""
    turn = 2 * math.pi * at / seconds
    rows = np.arange(HEIGHT, dtype=np.float32)[:, None]
    sky = np.stack([20 + rows / 12, 22 + rows / 10, 60 + rows / 6], axis=-1)
    scene: Scene = np.repeat(sky, WIDTH, axis=1).astype(np.float32)
    _glow(scene, 90, 560, 34, (250, 240, 205))
    for number in range(6):
        swing = 10 * math.sin(3 * turn + number)
        _glow(scene, 210 + 14 * (number % 2), 60 + 104 * number + swing, 30, (235, 70, 45))
        _glow(scene, 210 + 14 * (number % 2), 60 + 104 * number + swing, 12, (255, 215, 120))
    for burst in range(3):
        _firework(scene, (at / seconds * 3 + burst / 3) % 1.0, burst)
    drawn: Pixels = np.clip(scene, 0, 255).astype(np.uint8)
    return drawn


def play(first: int, count: int) -> NDArray[np.float32]:
    """The sound of `count` samples from sample `first` on: a flute over a drum."""
    at = (np.arange(first, first + count) / SOUND_RATE).astype(np.float64)
    note = np.array(MELODY)[(at * 2).astype(int) % len(MELODY)]
    within = (at * 2) % 1.0
    envelope = np.minimum(within / 0.08, 1.0) * np.minimum((1.0 - within) / 0.15, 1.0)
    pitch = 587.33 * 2 ** (note / 12)
    flute = (np.sin(2 * np.pi * pitch * at) + 0.25 * np.sin(4 * np.pi * pitch * at)) * envelope
    drum = np.sin(2 * np.pi * 72 * (at % 1.0)) * np.exp(-9 * (at % 1.0))
    sound: NDArray[np.float32] = (0.16 * flute + 0.35 * drum).astype(np.float32)
    return sound


def _glow(scene: Scene, row: float, column: float, size: int, colour: Colour) -> None:
    reach = int(1.2 * size) + 1
    top, left = max(0, int(row) - reach), max(0, int(column) - reach)
    part = scene[top : int(row) + reach, left : int(column) + reach]
    rows, columns = np.mgrid[top : top + part.shape[0], left : left + part.shape[1]].astype(np.float32)
    light = np.clip(1.4 - ((rows - row) ** 2 + (columns - column) ** 2) / (size * size), 0, 1)[..., None]
    part[:] = part * (1 - light) + light * np.array(colour, dtype=np.float32)


def _firework(scene: Scene, age: float, burst: int) -> None:
    for ray in range(14):
        angle = 2 * math.pi * ray / 14
        row = 90 + 70 * age * math.sin(angle) + 40 * age * age
        column = 140 + 170 * burst + 80 * age * math.cos(angle)
        fade = max(0.0, 1 - age)
        _spark(scene, int(row), int(column), (255 * fade, (150 + 40 * burst) * fade, (90 + 80 * burst) * fade))


def _spark(scene: Scene, row: int, column: int, colour: Colour) -> None:
    part = scene[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3]
    np.maximum(part, np.array(colour, dtype=np.float32), out=part)


def _pictures(seconds: int) -> Iterator[Piece]:
    """H264 baseline with a whole picture every second, so that anybody can begin at once."""
    encoder = VideoCodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.framerate, encoder.time_base, encoder.bit_rate = Fraction(RATE), Fraction(1, RATE), 600_000
    encoder.options = {"preset": "veryfast", "tune": "zerolatency", "profile": "baseline", "g": str(RATE), "slices": "1"}
    packer = H264Encoder()
    for number in range(RATE * seconds):
        frame = av.VideoFrame.from_ndarray(draw(number / RATE, seconds), format="rgb24")
        frame.pts = number
        for packet in encoder.encode(frame):
            payloads, _ = packer.pack(packet)
            yield Piece(number / RATE, "video", number * 90_000 // RATE, payloads)


def _later(piece: Piece, seconds: int) -> Piece:
    return replace(piece, at=piece.at + seconds, timestamp=piece.timestamp + 90_000 * seconds)


def _said(sentences: Sequence[NDArray[np.float32]], seconds: int) -> NDArray[np.float32]:
    """The sentences with a pause between them, cut or filled with silence to the length of a round."""
    pause = np.zeros(SOUND_RATE, dtype=np.float32)
    said = np.concatenate([part for sentence in sentences for part in (pause, _doubled(sentence))])
    whole = np.zeros(seconds * SOUND_RATE, dtype=np.float32)
    whole[: min(said.size, whole.size)] = said[: whole.size]
    return whole


def _doubled(sentence: NDArray[np.float32]) -> NDArray[np.float32]:
    """24 kHz as 48 kHz."""
    return np.interp(np.arange(2 * sentence.size) / 2, np.arange(sentence.size), sentence).astype(np.float32)


def _sounds(sound: NDArray[np.float32]) -> Iterator[Piece]:
    encoder = AudioCodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = SOUND_RATE, "mono", "flt", 48_000
    encoder.options = {"application": "audio", "frame_duration": "20"}
    for number in range(sound.size // FRAME_SAMPLES):
        samples = sound[number * FRAME_SAMPLES : (number + 1) * FRAME_SAMPLES]
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="flt", layout="mono")
        frame.sample_rate, frame.pts = SOUND_RATE, number * FRAME_SAMPLES
        for packet in encoder.encode(frame):
            yield Piece(number * FRAME_SAMPLES / SOUND_RATE, "audio", number * FRAME_SAMPLES, [bytes(packet)])
