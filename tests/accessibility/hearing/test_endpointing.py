"""A voice is told from everything else before any word is guessed. The voice here is the synthetic one, in true recordings."""

from collections.abc import Iterator

import numpy as np
import pytest

from accessibility.hearing import RATE, NobodySpoke, SpeechFinder, TooQuiet, cut_to_speech, decode, speech_in
from accessibility.hearing.ears import Sound
from accessibility.hearing.endpointing import drowned
from accessibility.speaking import Manner, Speaker

pytest.importorskip("faster_whisper")
pytest.importorskip("pyttsx3")


@pytest.fixture(scope="module")
def finder() -> SpeechFinder:
    return SpeechFinder()


@pytest.fixture(scope="module")
def question() -> Iterator[Sound]:
    speaker = Speaker()
    yield decode(speaker.say("ソファーを捨てたいんですが。", Manner(), "m4a").content)
    speaker.stop()


def noise(seconds: float, level: float = 0.1) -> Sound:
    return (np.random.default_rng(1).normal(0, level, int(seconds * RATE))).astype(np.float32)


def chord(seconds: float) -> Sound:
    time = np.arange(int(seconds * RATE)) / RATE
    notes = [np.sin(2 * np.pi * hertz * time) * np.exp(-3 * (time % 0.5)) for hertz in (261.6, 329.6, 392.0)]
    return (0.2 * sum(notes)).astype(np.float32)


@pytest.mark.parametrize(
    "sound", [np.zeros(3 * RATE, np.float32), noise(3), noise(3, 0.001), chord(3)], ids=["silence", "noise", "hiss", "music"]
)
def test_silence_noise_and_music_are_nobody_speaking(finder: SpeechFinder, sound: Sound) -> None:
    with pytest.raises(NobodySpoke):
        speech_in(sound, finder)


def test_a_voice_is_found_where_it_is(finder: SpeechFinder, question: Sound) -> None:
    found = speech_in(np.concatenate([np.zeros(2 * RATE, np.float32), question, np.zeros(RATE, np.float32)]), finder)
    assert abs(found[0].start_s - 2.0) < 0.4
    assert abs(found[-1].end_s - (2.0 + question.size / RATE)) < 0.6


def test_a_voice_in_noise_is_still_found(finder: SpeechFinder, question: Sound) -> None:
    assert speech_in(question + noise(question.size / RATE + 1, 0.01)[: question.size], finder)


def test_a_long_pause_does_not_cut_a_person_off(finder: SpeechFinder, question: Sound) -> None:
    pause = np.zeros(int(2.5 * RATE), np.float32)
    whole = np.concatenate([question, pause, question])
    cut = cut_to_speech(whole, speech_in(whole, finder))
    assert cut.size > whole.size - RATE


def test_a_far_voice_is_asked_to_come_nearer(finder: SpeechFinder, question: Sound) -> None:
    with pytest.raises(TooQuiet):
        speech_in(question * 0.003, finder)


def test_a_voice_in_a_loud_place_is_told_from_one_in_a_room(question: Sound) -> None:
    loud = noise(question.size / RATE + 1, 0.05)[: question.size]
    assert drowned(question + loud)
    assert not drowned(question + 0.05 * loud)
    assert not drowned(question[:1600])
