"""Every kind of recording that phones and browsers make, sent to a running server and answered; voice and ears are the real ones."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator

import numpy as np
import pytest

from accessibility.speaking import RATE, Manner, Pcm, Speaker
from tests.accessibility.hearing.recordings import AS_THEY_COME, FORMS, can_be_made, recording
from tests.servers import free_port, python, running
from tests.towns import demo_town

pytestmark = pytest.mark.filterwarnings("ignore")  # torch and numba warn about themselves
ITEM = "S00246"  # 扇風機
SENT = ("m4a/AAC", "OGG/Opus", "WebM/Opus from Chromium", "MP4/AAC from Safari")  # by LINE, Telegram and the two browsers
MEDIA_TYPES = {"m4a": "audio/mp4", "mp4": "audio/mp4", "OGG": "audio/ogg", "WebM": "audio/webm;codecs=opus", "WAV": "audio/wav"}


@pytest.fixture(scope="module")
def question() -> Pcm:
    speaker = Speaker()
    spoken = np.concatenate(list(speaker.sentences("扇風機を捨てたいんですが。", Manner())))
    speaker.stop()
    return spoken


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server as `make run` starts it, with the light engine that it installs."""
    port, var = free_port(), tmp_path_factory.mktemp("var")
    settings = {"INCLUSION_VAR": str(var), "DATABASE_URL": "", "WHISPER_MODEL": "", "WHISPER_ENGINE": "ctranslate2"}
    with running(python("-m", "inclusion", "serve", "--port", str(port)), port, "/readyz", settings):
        yield f"http://127.0.0.1:{port}"
    assert not (var / "recordings").exists()


@pytest.mark.parametrize("form", [one if one in SENT else pytest.param(one, marks=pytest.mark.soak) for one in (*FORMS, *AS_THEY_COME)])
def test_a_recording_in_any_container_is_heard_and_answered_with_the_right_fee(address: str, question: Pcm, form: str) -> None:
    if not can_be_made(form):
        pytest.skip("This build of PyAV cannot write it.")
    kind = MEDIA_TYPES.get(form.split("/")[0], "application/octet-stream")
    upload = urllib.request.Request(f"{address}/api/v1/ask/audio", recording(question, form, RATE), {"Content-Type": kind})
    with urllib.request.urlopen(upload, timeout=60) as reply:
        told = json.load(reply)
    assert told["ids"] == [ITEM] and "扇風機" in told["heard"]
    assert told["action"] == "confirm" or told["total_yen"] == demo_town().items[ITEM].fee_yen


def test_what_the_recorder_does_not_know_yet_is_really_not_there(question: Pcm) -> None:
    """Control: WebM as Chromium writes it names no length, the finished file does."""
    finished, live = (recording(question, form, RATE) for form in ("WebM/Opus", "WebM/Opus from Chromium"))
    length = bytes.fromhex("4489")  # Matroska's Duration
    assert length in finished[:600] and length not in live[:600]


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("question.m4a", b"no sound")
    return file.getvalue()


@pytest.mark.parametrize("code", ["empty_recording", "not_audio", "broken_audio", "no_speech", "audio_too_long"])
def test_what_is_no_question_gets_its_own_kind_sentence_and_the_next_is_heard(address: str, question: Pcm, code: str) -> None:
    whole = recording(question, "m4a/AAC", RATE)
    sent = {
        "empty_recording": b"",
        "not_audio": zipped(),
        "broken_audio": whole[: len(whole) // 2],
        "no_speech": recording(np.zeros(3 * RATE, np.float32), "m4a/AAC", RATE),
        "audio_too_long": recording(np.tile(question, 61 * RATE // question.size + 1), "OGG/Opus", RATE),
    }
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(f"{address}/api/v1/ask/audio", sent[code], {"Content-Type": "audio/mp4"}), timeout=60)
    told = json.load(refused.value)["error"]
    assert told["code"] == code and told["message"] and told["next_step"]
