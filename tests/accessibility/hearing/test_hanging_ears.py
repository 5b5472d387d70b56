"""Ears that hang, as against ears that die: ended after their time, started anew, and nobody else waits with them."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from accessibility.hearing import TOWN, EarsAway, Listener, Vocabulary
from accessibility.speaking import Manner, Speaker

pytestmark = [pytest.mark.xdist_group("town ears"), pytest.mark.filterwarnings("ignore")]
ENDED_AFTER_S = 3.0


@pytest.fixture
def question(speaker: Speaker) -> bytes:
    return speaker.say("シールはどこで買えますか。", Manner(), "ogg").content


@pytest.fixture
def impatient(models: Path, town_words: Callable[[], Vocabulary]) -> Iterator[Listener]:
    listener = Listener(TOWN, models, timeout_s=ENDED_AFTER_S, vocabulary=town_words, engine="ctranslate2")
    listener.wake()
    yield listener
    listener.stop()


def hang(listener: Listener) -> int:
    """The engine is there and does nothing any more."""
    assert listener.pid is not None
    os.kill(listener.pid, signal.SIGSTOP)
    return listener.pid


def test_ears_that_hang_are_ended_and_the_next_question_is_heard(impatient: Listener, question: bytes) -> None:
    hanging, began = hang(impatient), time.monotonic()
    with pytest.raises(EarsAway, match="started anew"):
        impatient.hear(question)
    assert ENDED_AFTER_S <= time.monotonic() - began < 3 * ENDED_AFTER_S
    assert impatient.hear(question).text
    assert impatient.pid != hanging
    with pytest.raises(ProcessLookupError):
        os.kill(hanging, 0)


def test_control_without_the_limit_they_would_hang_on(models: Path, town_words: Callable[[], Vocabulary], question: bytes) -> None:
    patient = Listener(TOWN, models, timeout_s=600, vocabulary=town_words, engine="ctranslate2")
    patient.wake()
    hanging, heard = hang(patient), []
    asking = threading.Thread(target=lambda: heard.append(patient.hear(question).text), daemon=True)
    asking.start()
    asking.join(2 * ENDED_AFTER_S)
    assert asking.is_alive() and patient.pid == hanging
    os.kill(hanging, signal.SIGCONT)
    asking.join(60)
    patient.stop()
    assert heard
