"""The real voice: how long, how loud, how sturdy. Sound is measured, not believed."""

import io
import os
import signal
import threading
from pathlib import Path

import av
import numpy as np
import pytest

from accessibility.speaking import RATE, Manner, NothingToSay, Speaker, TooLongToSay, VoiceAway
from accessibility.speaking.containers import _form, ogg_duration_ms, recorded
from accessibility.speaking.sound import spoken_rms

FEE = "ソファーの手数料は、二千二百円です。"
MORAE = len("ソファーノテスウリョーワニセンニヒャクエンデス") - 4  # ファ, リョ and ヒャ are one mora each


def decoded(content: bytes) -> np.ndarray:
    with av.open(io.BytesIO(content)) as file:
        resampler = av.AudioResampler("flt", "mono", RATE)
        parts = [part.to_ndarray()[0] for frame in file.decode(audio=0) for part in resampler.resample(frame)]
    return np.concatenate(parts)


def seconds(speaker: Speaker, speed: float) -> float:
    return speaker.say(FEE, Manner("ja", speed), "wav").duration_ms / 1000


def test_an_ordinary_pace_is_between_four_and_five_and_a_half_mora_a_second(speaker: Speaker) -> None:
    assert 4.0 <= MORAE / seconds(speaker, 0.9) <= 5.5


def test_slower_and_faster_are_heard(speaker: Speaker) -> None:
    slow, usual, fast = (seconds(speaker, speed) for speed in (0.5, 0.9, 1.5))
    assert slow > 1.5 * usual and usual > 1.3 * fast


@pytest.mark.parametrize("container", ["m4a", "ogg"])
def test_a_recording_says_its_true_length_and_can_be_played(speaker: Speaker, container: str) -> None:
    recording = speaker.say(FEE, Manner(), container)
    sound = decoded(recording.content)
    assert abs(sound.size * 1000 / RATE - recording.duration_ms) < 90
    assert len(recording.content) < 1_000_000 * recording.duration_ms / 60_000


@pytest.mark.soak  # encoding seven minutes takes seconds
def test_the_longest_answer_is_still_a_voice_note() -> None:
    """Seven minutes, longer than 600 signs at the slowest pace; with the control that the usual bits would be too many."""
    at = np.arange(RATE) / RATE
    second = 0.3 * np.sin(2 * np.pi * 180 * at) * (np.sin(2 * np.pi * 4 * at) > -0.4) + np.random.default_rng(1).normal(0, 0.05, RATE)
    minute = recorded(np.tile(second, 60).astype(np.float32), "ogg").content
    assert 7 * len(minute) > 1_000_000 > len(recorded(np.tile(second, 420).astype(np.float32), "ogg").content)


def test_a_note_is_written_with_as_many_bits_as_its_length_leaves() -> None:
    """The same for seven minutes and for one, the control, without writing them."""
    long, short = (_form(np.zeros(minutes * 60 * RATE, np.float32), "ogg")[2] for minutes in (7, 1))
    assert 420 * long / 8 < 1_000_000 < 420 * short / 8


def test_every_language_is_equally_loud_and_never_clipped(speaker: Speaker) -> None:
    said = {"ja": FEE, "en": "The fee is two thousand yen.", "zh-Hans": "费用是六百日元。", "ko": "수수료는 육백 엔입니다."}
    for language, text in said.items():
        sound = next(iter(speaker.sentences(text, Manner(language))))
        assert -21 < 20 * np.log10(spoken_rms(sound)) < -17
        assert np.abs(sound).max() <= 0.9


def test_a_first_sentence_is_heard_to_its_end_however_long() -> None:
    """pyttsx3's first loop ends after 10 ms, while espeak-ng still speaks in a thread of its own."""
    anew = Speaker()
    try:
        first, again = (next(iter(anew.sentences("Please bring it " + "to the park and " * 40, Manner("en")))) for _ in range(2))
    finally:
        anew.stop()
    assert first.size == again.size


def test_sentences_come_one_by_one_with_short_edges(speaker: Speaker) -> None:
    sounds = list(speaker.sentences("はい。" + FEE, Manner()))
    assert len(sounds) == 2
    assert all(np.abs(sound[: RATE // 8]).max() > 0.004 for sound in sounds)


def test_the_town_s_own_reading_wins(speaker: Speaker) -> None:
    as_listed = speaker.say("猿楽町です。", Manner(), "wav")
    assert as_listed.content == speaker.say("サルガクチョウです。", Manner(), "wav").content
    assert as_listed.content != speaker.say("エンガクチョウです。", Manner(), "wav").content


def test_no_words_and_too_many_words_are_refused_kindly(speaker: Speaker) -> None:
    with pytest.raises(NothingToSay):
        speaker.say("※", Manner(), "ogg")
    with pytest.raises(TooLongToSay):
        speaker.say("あ" * 2000, Manner(), "ogg")
    assert speaker.say("はい。", Manner(), "ogg").duration_ms > 100


def test_a_killed_engine_costs_one_recording_and_no_more(speaker: Speaker) -> None:
    speaker.wake()
    assert speaker.pid is not None
    threading.Timer(0.1, os.kill, (speaker.pid, signal.SIGKILL)).start()
    with pytest.raises(VoiceAway):
        speaker.say(FEE * 40, Manner("ja", 0.5), "ogg")
    assert speaker.say("はい。", Manner(), "ogg").duration_ms > 100


def test_an_engine_that_is_killed_leaves_no_folder_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    short_lived = Speaker()
    spoken = short_lived.say("はい。", Manner(), "ogg")
    assert short_lived.pid is not None
    os.kill(short_lived.pid, signal.SIGKILL)
    short_lived.stop()
    assert spoken.duration_ms > 100 and not list(tmp_path.glob("speech-*"))


def test_a_late_engine_is_given_up_and_started_anew() -> None:
    hurried = Speaker(timeout_s=0.05)
    hurried.wake()
    first = hurried.pid
    with pytest.raises(VoiceAway):
        hurried.say(FEE * 20, Manner("ja", 0.5), "ogg")
    hurried.wake()
    assert hurried.pid not in (None, first)
    hurried.stop()


def test_a_full_queue_refuses_at_once(speaker: Speaker) -> None:
    full = Speaker(most_waiting=1)
    waiting = full.sentences(FEE, Manner())
    next(waiting)
    with pytest.raises(VoiceAway, match="jobs already"):
        full.say("はい。", Manner(), "ogg")
    waiting.close()  # whoever stops listening stops the engine's work
    assert full.say("はい。", Manner(), "ogg").duration_ms > 100
    full.stop()


def test_a_loud_voice_carries_further_and_is_still_not_torn(speaker: Speaker) -> None:
    usual, loud = (next(iter(speaker.sentences(FEE, Manner(loud=loud)))) for loud in (False, True))
    assert 3 < 20 * np.log10(spoken_rms(loud) / spoken_rms(usual)) < 6
    assert np.abs(loud).max() <= 0.9


def test_opus_grows_while_it_is_spoken_and_is_whole_in_the_end(speaker: Speaker) -> None:
    text = "はい。" + FEE * 3
    pieces = list(speaker.stream(text, Manner()))
    sound, whole = decoded(b"".join(pieces)), speaker.say(text, Manner(), "ogg")
    assert len(pieces) > 3 and pieces[0].startswith(b"OggS")
    assert abs(sound.size * 1000 / RATE - whole.duration_ms) < 90
    assert abs(ogg_duration_ms(b"".join(pieces)) - whole.duration_ms) < 90


def test_a_long_first_sentence_begins_with_its_first_breath(speaker: Speaker) -> None:
    first, *rest = speaker.sentences("「長いす」の手数料は、六百円です。", Manner())
    assert first.size < 2.6 * RATE and len(rest) == 1
