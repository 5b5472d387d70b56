"""Recordings made here, in the forms phones and browsers make; without this file each story would encode its own."""

import io

import av
import numpy as np
from numpy.typing import NDArray

RATE = 48_000
FORMS = {
    "m4a/AAC": ("ipod", "aac"),
    "mp4/AAC": ("mp4", "aac"),
    "OGG/Opus": ("ogg", "libopus"),
    "WebM/Opus": ("webm", "libopus"),
    "MP4/Opus": ("mp4", "libopus"),
    "WAV": ("wav", "pcm_s16le"),
    "MP3": ("mp3", "libmp3lame"),
    "FLAC": ("flac", "flac"),
}


def tone(seconds: float, hertz: float = 440.0, rate: int = RATE) -> NDArray[np.float32]:
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def recording(sound: NDArray[np.float32], form: str, rate: int = RATE) -> bytes:
    """`sound` as a file of one of FORMS."""
    container, codec = FORMS[form]
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout="mono")
        stream.codec_context.open()
        frame = av.AudioFrame.from_ndarray((np.clip(sound, -1, 1) * 32767).astype("<i2")[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts = rate, 0
        resampler = av.AudioResampler(stream.codec_context.format, "mono", rate, stream.codec_context.frame_size or 1024)
        for part in (*resampler.resample(frame), *resampler.resample(None), None):
            out.mux(stream.encode(part))
    return file.getvalue()
