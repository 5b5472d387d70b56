"""The real openai-whisper with a checkpoint made here: the path is proven, not the accuracy (its weights are random)."""

import os
import signal
import threading
from importlib.util import find_spec
from pathlib import Path

import pytest

from accessibility.hearing import EarsAway, EarsOff, Listener, NobodySpoke, NotARecording, NotUnderstood
from accessibility.speaking import Manner, Speaker

from .recordings import recording, tone

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not (find_spec("whisper") and find_spec("torch")), reason="openai-whisper or torch is not installed."),
    pytest.mark.filterwarnings("ignore"),  # torch and numba warn about themselves
]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Whisper of the smallest useful shape in openai-whisper's own file form."""
    import torch  # opened by no other worker: reading it takes seconds
    import whisper  # and this

    torch.manual_seed(1)
    dims = whisper.model.ModelDimensions(80, 1500, 64, 2, 1, 51865, 448, 64, 2, 1)
    file = tmp_path_factory.mktemp("model") / "tiny.pt"
    torch.save({"dims": dims.__dict__, "model_state_dict": whisper.model.Whisper(dims).state_dict()}, file)
    return file


@pytest.fixture(scope="module")
def question() -> bytes:
    speaker = Speaker()
    try:
        return speaker.say("ソファーを捨てたいんですが。", Manner(), "m4a").content
    finally:
        speaker.stop()


def test_a_spoken_question_goes_through_the_whole_engine(checkpoint: Path, question: bytes, tmp_path: Path) -> None:
    """Random weights make no words that can be believed, so the person is asked to say it again; silence never gets that far."""
    listener = Listener(str(checkpoint), tmp_path)
    with pytest.raises(NotUnderstood):
        listener.hear(question)
    pid = listener.pid
    for wrong, reason in ((recording(tone(2.0), "OGG/Opus"), NobodySpoke), (b"no sound at all", NotARecording)):
        with pytest.raises(reason):
            listener.hear(wrong)
    assert listener.pid == pid
    listener.stop()


def test_a_killed_engine_is_away_for_one_question_only(checkpoint: Path, question: bytes, tmp_path: Path) -> None:
    listener = Listener(str(checkpoint), tmp_path)
    with pytest.raises(NobodySpoke):
        listener.hear(recording(tone(2.0), "WAV"))
    assert listener.pid is not None
    threading.Timer(0.05, os.kill, (listener.pid, signal.SIGKILL)).start()
    with pytest.raises(EarsAway):
        listener.hear(question)
    with pytest.raises(NotUnderstood):
        listener.hear(question)
    listener.stop()


def test_a_model_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(EarsOff, match=r"no-such\.pt"):
        Listener(str(tmp_path / "no-such.pt"), tmp_path).hear(b"sound")
