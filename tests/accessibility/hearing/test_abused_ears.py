"""Everything that is no question, given to the shipped ears: a kind reason each time, and the next person is heard."""

import io
import os
import signal
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from accessibility.hearing import RATE, TOWN, EarsAway, EarsOff, HearingError, Listener, Vocabulary
from accessibility.hearing.ears import Sound
from accessibility.speaking import Manner, Speaker
from accessibility.speaking.containers import recorded
from accessibility.speaking.sound import resampled
from inclusion.understanding.believing import FAINT

pytestmark = [pytest.mark.xdist_group("town ears"), pytest.mark.filterwarnings("ignore")]
QUESTION = "シールはどこで買えますか。"


def wav(sound: Sound) -> bytes:
    return recorded(resampled(sound, RATE), "wav").content


def noise(level: float) -> Sound:
    return np.random.default_rng(3).normal(0, level, 4 * RATE).astype(np.float32)


def tune() -> Sound:
    at = np.arange(4 * RATE) / RATE
    notes = np.array([262, 330, 392, 523])[(at * 3).astype(int) % 4]
    return (0.2 * sum(np.sin(2 * np.pi * notes * part * at) / part for part in (1, 2, 3)) * np.exp(-3 * (at % (1 / 3)))).astype(np.float32)


def dog() -> Sound:
    """Three barks: a rough voice that falls from 600 to 300 hertz in a fifth of a second."""
    at = np.arange(RATE // 5) / RATE
    pitch = 2 * np.pi * np.cumsum(600 - 1500 * at) / RATE
    bark = sum(np.sin(part * pitch) / part for part in range(1, 9)) + np.random.default_rng(4).normal(0, 0.8, at.size)
    one = np.concatenate([0.2 * bark * np.sin(np.pi * at * 5), np.zeros(RATE // 2)])
    return np.tile(one, 3).astype(np.float32)


NOBODY = {
    "silence": np.zeros(4 * RATE, np.float32),
    "hiss": noise(0.02),
    "a loud street": noise(0.2),
    "music": tune(),
    "slow music": np.repeat(tune(), 2),
    "a dog": dog(),
}


@pytest.mark.parametrize("sound", NOBODY.values(), ids=NOBODY)
def test_what_is_no_voice_is_never_answered(ears: Listener, sound: Sound) -> None:
    assert not believed(ears, wav(sound))


def test_the_control_a_question_of_the_town_is_believed(ears: Listener, speaker: Speaker) -> None:
    assert believed(ears, speaker.say(QUESTION, Manner(), "ogg").content)


def test_a_question_in_english_is_not_taken_for_one_in_japanese(ears: Listener, speaker: Speaker) -> None:
    english = speaker.say("Where can I buy a ticket for my old sofa?", Manner("en"), "wav").content
    assert not believed(ears, english)


def believed(ears: Listener, recording: bytes) -> bool:
    try:
        return ears.hear(recording).confidence >= FAINT
    except HearingError as refused:
        assert str(refused).endswith(".")
        return False


def three_hours() -> bytes:
    return b"#!AMR\n" + (bytes([0x04]) + bytes(12)) * (3 * 3600 * 50)


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("question.m4a", b"no sound")
    return file.getvalue()


def test_files_that_are_no_question_get_their_own_reason_and_the_next_is_heard(ears: Listener, speaker: Speaker) -> None:
    whole = speaker.say(QUESTION, Manner(), "m4a").content
    files = {"empty_recording": b"", "not_audio": zipped(), "broken_audio": whole[: len(whole) // 2], "audio_too_large": bytes(200_000_000)}
    codes = {}
    for code, file in files.items():
        with pytest.raises(HearingError) as refused:
            ears.hear(file)
        codes[code] = refused.value.code
    assert codes == {code: code for code in files}
    assert ears.hear(whole).text


def test_three_hours_are_refused_after_the_first_minute(ears: Listener) -> None:
    began = time.monotonic()
    with pytest.raises(HearingError) as refused:
        ears.hear(three_hours())
    assert refused.value.code in ("audio_too_long", "not_audio")  # the latter where this build of PyAV has no AMR
    assert time.monotonic() - began < 20


@pytest.fixture
def own_ears(models: Path, town_words: Callable[[], Vocabulary]) -> Listener:
    return Listener(TOWN, models, most_waiting=1, vocabulary=town_words, engine="ctranslate2")


def test_an_engine_killed_in_the_middle_is_told_and_the_next_question_is_heard(own_ears: Listener, speaker: Speaker) -> None:
    question = speaker.say(QUESTION, Manner(), "ogg").content
    own_ears.wake()
    first = own_ears.pid
    assert first is not None
    stream = own_ears.stream()
    stream.push(np.zeros(RATE // 10, np.float32))
    os.kill(first, signal.SIGKILL)
    try:
        with pytest.raises(EarsAway, match="started anew"):
            for _ in range(50):
                stream.push(np.zeros(RATE // 10, np.float32))
        assert own_ears.hear(question).text
        assert own_ears.pid != first
    finally:
        own_ears.stop()


def test_when_the_queue_is_full_the_next_is_told_at_once(own_ears: Listener, speaker: Speaker) -> None:
    question = speaker.say(QUESTION, Manner(), "ogg").content
    refusals: list[float] = []

    def ask() -> None:
        began = time.monotonic()
        try:
            own_ears.hear(question)
        except EarsAway:
            refusals.append(time.monotonic() - began)

    people = [threading.Thread(target=ask) for _ in range(5)]  # the engine still opens: nobody is through before the last one asks
    for one in people:
        one.start()
    for one in people:
        one.join()
    own_ears.stop()
    assert len(refusals) == 4
    assert max(refusals) < 1.0


def test_a_full_disk_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "models").write_bytes(b"")  # a folder nothing can be written into, also for root
    full = Listener(TOWN, tmp_path / "models", engine="ctranslate2")
    with pytest.raises(EarsOff, match="disk is full"):
        full.hear(b"sound")
