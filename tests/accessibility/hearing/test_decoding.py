"""What phones, LINE, Telegram and browsers record is opened; what is no recording is refused with its reason."""

import io
import resource
import zipfile

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.hearing import (
    RATE,
    BrokenRecording,
    HearingError,
    Limits,
    NotARecording,
    NothingRecorded,
    RecordingTooLarge,
    RecordingTooLong,
    decode,
)

from .recordings import FORMS, recording, tone


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_recording_becomes_the_same_sound(form: str) -> None:
    sound = decode(recording(tone(2.0), form))
    spectrum = np.abs(np.fft.rfft(sound[: 2 * RATE]))
    assert sound.dtype == np.float32 and abs(sound.size / RATE - 2.0) < 0.1
    assert abs(np.argmax(spectrum) * RATE / min(sound.size, 2 * RATE) - 440) < 5


def test_a_telephone_recording_in_amr_is_opened() -> None:
    if "amrnb" not in {name.removeprefix("libopencore_") for name in av.codecs_available}:
        pytest.skip("this build of PyAV has no AMR")
    silent_frame = bytes([0x04]) + bytes(12)  # 20 ms at 4.75 kbit/s
    assert abs(decode(b"#!AMR\n" + silent_frame * 50).size / RATE - 1.0) < 0.05


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("question.m4a", b"no sound")
    return file.getvalue()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (b"", NothingRecorded),
        (zipped(), NotARecording),
        (b"What does it cost?" * 100, NotARecording),
        (b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/secret.wav\n", NotARecording),
        (recording(tone(2.0), "m4a/AAC")[:4000], BrokenRecording),
        (recording(tone(0.02), "WAV"), NothingRecorded),
        (bytes(10_000_001), RecordingTooLarge),
    ],
    ids=["empty", "zip", "text", "playlist", "half an m4a", "a click", "too many bytes"],
)
def test_what_is_no_recording_is_refused_with_its_reason(wrong: bytes, reason: type[HearingError]) -> None:
    with pytest.raises(reason):
        decode(wrong)


def test_half_an_ogg_is_heard_as_far_as_it_goes() -> None:
    whole = recording(tone(4.0), "OGG/Opus")
    assert 0.5 < decode(whole[: len(whole) // 2]).size / RATE < 4.0


def test_three_hours_in_a_small_file_cost_no_more_than_a_minute() -> None:
    with io.BytesIO() as file:
        with av.open(file, "w", format="ogg") as out:
            stream = out.add_stream("libopus", rate=48_000, layout="mono", bit_rate=6000)
            assert isinstance(stream, av.AudioStream)
            for at in range(200):
                frame = av.AudioFrame.from_ndarray(np.zeros((1, 48_000), dtype="<i2"), format="s16", layout="mono")
                frame.sample_rate, frame.pts = 48_000, at * 48_000
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        long = file.getvalue()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(RecordingTooLong):
        decode(long)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_a_shorter_limit_is_kept() -> None:
    with pytest.raises(RecordingTooLong):
        decode(recording(tone(3.0), "WAV"), Limits(seconds=2.0))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(FORMS)), st.integers(0, 400), st.binary(max_size=64))
def test_damaged_recordings_are_heard_or_refused_and_nothing_else(form: str, at: int, noise: bytes) -> None:
    whole = DAMAGED[form]
    at = at * len(whole) // 400
    try:
        decode(whole[:at] + noise + whole[at + len(noise) :])
    except HearingError as refused:
        assert str(refused).endswith(".")


DAMAGED = {form: recording(tone(0.5), form) for form in FORMS}
