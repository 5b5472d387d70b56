"""Who stops listening spares the engine: what was still to come is not made, the engine stays, and the next answer begins at once."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from accessibility.engine_process import EngineLate, EngineProcess
from accessibility.speaking import Manner, Speaker

from .counting_engine import FACTORY

PIECES, PIECE_S = 30, 0.1


@pytest.fixture
def done(tmp_path: Path) -> Path:
    return tmp_path / "done"


@pytest.fixture
def engine(done: Path) -> Iterator[EngineProcess]:
    made = EngineProcess("counting engine", FACTORY, {"done": str(done)})
    made.wake()
    yield made
    made.stop()


def answer(engine: EngineProcess, sign: str, pieces: int = PIECES) -> Iterator[int]:
    return (told["number"] for told, _ in engine.ask({"pieces": pieces, "piece_s": PIECE_S, "sign": sign}, timeout_s=90))


def next_one_begins_after(engine: EngineProcess, interrupted: bool) -> float:
    """Seconds until another's first piece, where the first was interrupted after two pieces, or heard to its end."""
    first = engine.ask({"pieces": PIECES, "piece_s": PIECE_S, "sign": "a"}, timeout_s=90)
    next(first), next(first)
    began = time.monotonic()
    other = threading.Thread(target=lambda: list(answer(engine, "b", 1)))
    other.start()
    if interrupted:
        first.close()  # type: ignore[attr-defined]  # a generator
    list(first)
    other.join()
    return time.monotonic() - began


def test_what_was_still_to_come_of_an_interrupted_answer_is_dropped(engine: EngineProcess, done: Path) -> None:
    pid = engine.pid
    assert next_one_begins_after(engine, interrupted=True) < PIECES * PIECE_S / 3
    assert done.read_text().count("a") <= 4 and done.read_text().endswith("b")
    assert engine.pid == pid


def test_control_an_answer_that_is_heard_out_is_made_to_its_end(engine: EngineProcess, done: Path) -> None:
    assert next_one_begins_after(engine, interrupted=False) > PIECES * PIECE_S / 2
    assert done.read_text() == "a" * PIECES + "b"


def test_nothing_of_the_interrupted_answer_reaches_the_next(engine: EngineProcess) -> None:
    for _ in range(5):
        first = engine.ask({"pieces": 3, "piece_s": 0.0, "sign": "a"}, timeout_s=90)
        next(first)
        first.close()  # type: ignore[attr-defined]  # a generator
        assert list(answer(engine, "b", 4)) == [0, 1, 2, 3]


def test_an_engine_that_does_not_let_go_is_started_anew(engine: EngineProcess) -> None:
    first = engine.ask({"pieces": 100, "piece_s": 0.5, "sign": "a"}, timeout_s=90)  # it is stopped in the middle of its answer
    next(first)
    pid = engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    first.close()  # type: ignore[attr-defined]  # a generator
    assert list(answer(engine, "b", 1)) == [0]
    assert engine.pid != pid


def test_loading_is_not_counted_as_answering(done: Path) -> None:
    """A large model that takes longer to load than an answer may take was ended each time before its first answer."""
    slow = EngineProcess("slow engine", FACTORY, {"done": str(done), "loading_s": 1.5})
    try:
        assert len(list(slow.ask({"pieces": 2, "piece_s": 0.1, "sign": "a"}, timeout_s=1.0))) == 2
        with pytest.raises(EngineLate):  # control: answering is
            list(slow.ask({"pieces": 30, "piece_s": 0.1, "sign": "a"}, timeout_s=1.0))
    finally:
        slow.stop()


def test_the_real_voice_stays_when_its_listener_leaves() -> None:
    speaker = Speaker()
    try:
        answer = speaker.sentences("手数料は六百円です。" + "受付センターに電話で申し込んでください。" * 20, Manner())
        next(answer)
        pid = speaker.pid
        answer.close()
        assert speaker.say("はい。", Manner(), "ogg").duration_ms > 100
        assert pid is not None and speaker.pid == pid
    finally:
        speaker.stop()
