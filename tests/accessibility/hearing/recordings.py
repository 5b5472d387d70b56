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
FRAGMENTS = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
# As they come from a recorder that does not know yet how long it will be: no length, no index, in pieces.
AS_THEY_COME = {
    "WebM/Opus from Chromium": ("webm", "libopus", {"live": "1"}),
    "MP4/Opus from Chromium": ("mp4", "libopus", FRAGMENTS),
    "MP4/AAC from Safari": ("mp4", "aac", FRAGMENTS),
    "AMR from an old telephone": ("amr", "libopencore_amrnb", {}),
}
TELEPHONE_RATE = 8_000


def can_be_made(form: str) -> bool:
    """Whether this PyAV can write it: not every build has an encoder for AMR."""
    return form in FORMS or AS_THEY_COME[form][1] in av.codecs_available


def tone(seconds: float, hertz: float = 440.0, rate: int = RATE) -> NDArray[np.float32]:
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def recording(sound: NDArray[np.float32], form: str, rate: int = RATE) -> bytes:
    """`sound` as a file of one of FORMS or AS_THEY_COME."""
    container, codec, options = AS_THEY_COME[form] if form in AS_THEY_COME else (*FORMS[form], {})
    file, written_at = io.BytesIO(), TELEPHONE_RATE if container == "amr" else rate
    with av.open(file, "w", format=container, options=options) as out:
        stream = out.add_stream(codec, rate=written_at, layout="mono")
        if container == "amr":
            stream.bit_rate = 12_200
        stream.codec_context.open()
        frame = av.AudioFrame.from_ndarray((np.clip(sound, -1, 1) * 32767).astype("<i2")[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts = rate, 0
        resampler = av.AudioResampler(stream.codec_context.format, "mono", written_at, stream.codec_context.frame_size or 1024)
        for part in (*resampler.resample(frame), *resampler.resample(None), None):
            out.mux(stream.encode(part))
    return file.getvalue()
