"""The platform's own ears, as they are shipped: real recordings in, words of the town out, nothing faked between."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from accessibility.captions import Captioner
from accessibility.hearing import (
    RATE,
    TOWN,
    EarsOff,
    HearingError,
    Listener,
    NobodySpoke,
    SpeechEnded,
    TurnHeard,
    Vocabulary,
    decode,
    open_hearing,
)
from accessibility.speaking import Manner, Speaker
from inclusion.understanding.believing import SURE

pytestmark = [pytest.mark.xdist_group("town ears"), pytest.mark.filterwarnings("ignore")]  # torch and numba warn about themselves
QUESTIONS = ("シールはどこで買えますか。", "扇風機はいくらですか。", "もう一度お願いします。", "スマホ教室に行きたい。")


def test_questions_of_the_town_are_heard_as_people_write_them(ears: Listener, speaker: Speaker) -> None:
    """They are small and not perfect (docs/benchmarks.md): three in four must be among what was heard, one in two first."""
    heard = [(text.strip("。"), ears.hear(speaker.say(text, Manner(), "ogg").content)) for text in QUESTIONS]
    assert sum(text in [one.text for one in found.hypotheses] for text, found in heard) >= 3
    assert sum(text == found.text for text, found in heard) >= 2


def test_a_word_nobody_knows_is_not_answered_as_if_it_were_certain(ears: Listener, speaker: Speaker) -> None:
    assert ears.hear(speaker.say("どんぐりころころを捨てたい。", Manner(), "m4a").content).confidence < SURE


def test_silence_and_other_languages_are_told_apart(ears: Listener) -> None:
    from .recordings import recording, tone

    with pytest.raises(NobodySpoke):
        ears.hear(recording(tone(2.0), "WebM/Opus"))
    with pytest.raises(EarsOff, match="Japanese only"):
        ears.hear(b"sound", "en")


def test_hands_free_talk_ends_by_itself(ears: Listener, speaker: Speaker) -> None:
    sound = decode(speaker.say("シールはどこで買えますか。", Manner(), "wav").content)
    stream, found = ears.stream(), []
    for piece in np.array_split(np.concatenate([sound, np.zeros(4 * RATE, np.float32)]), 40):
        found += stream.push(piece)
    assert [type(one) for one in found if isinstance(one, SpeechEnded | TurnHeard)] == [SpeechEnded, TurnHeard]


def test_captions_of_real_speech_settle_line_by_line(models: Path, town_words: Callable[[], Vocabulary], speaker: Speaker) -> None:
    """Two sentences with a pause between, as they come over the air: two lines, in order, whose settled part never changes."""
    said = ("シールはどこで買えますか。", "扇風機はいくらですか。")
    quiet = np.zeros(RATE, np.float32)
    sound = np.concatenate([part for text in said for part in (quiet, decode(speaker.say(text, Manner(), "wav").content), quiet)])
    captioner = Captioner(open_hearing(TOWN, models, vocabulary=town_words, engine="ctranslate2"))
    try:
        line = captioner.open()
        shown = [caption for piece in np.array_split(sound, sound.size // 3200) for caption in line.push(piece)]
        shown += line.finish()
    finally:
        captioner.stop()
    done = [caption for caption in shown if caption.done]
    assert [sum(a == b for a, b in zip(caption.text, text, strict=False)) >= 4 for caption, text in zip(done, said, strict=True)] == [
        True,
        True,
    ]
    assert all(0 < caption.start_s < caption.end_s <= sound.size / RATE for caption in done)
    assert all(after.settled.startswith(before.settled) for before, after in pairwise(shown) if before.line == after.line)


def test_openai_whisper_loads_and_transcribes_the_shipped_checkpoint(ears: Listener, speaker: Speaker, tmp_path: Path) -> None:
    """The official way: its decoder writes hiragana. How well is told in docs/benchmarks.md."""
    whisper = pytest.importorskip("whisper")
    from accessibility.hearing.weights import weights_for

    model = whisper.load_model(str(weights_for(TOWN, tmp_path).checkpoint), device="cpu")
    sound = decode(speaker.say("シールはどこで買えますか。", Manner(), "wav").content)
    told = model.transcribe(sound, language="ja", fp16=False, without_timestamps=True, suppress_tokens="")["text"]
    assert told
    assert set(told) <= {chr(code) for code in range(ord("ぁ"), ord("ん") + 1)} | {"ー"}


@pytest.mark.soak
def test_both_engines_hear_the_same(ears: Listener, speaker: Speaker, tmp_path: Path) -> None:
    pytest.importorskip("whisper")
    question = speaker.say("扇風機はいくらですか。", Manner(), "wav").content
    official = Listener(TOWN, tmp_path, engine="openai-whisper")
    light = Listener(TOWN, tmp_path, engine="ctranslate2")
    try:
        assert _kana(official, question)[-5:] == _kana(light, question)[-5:] == "くらですか"
    finally:
        official.stop()
        light.stop()


def _kana(ears: Listener, question: bytes) -> str:
    try:
        return ears.hear(question).hypotheses[0].kana
    except HearingError:
        return ""
