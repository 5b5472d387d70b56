"""The ears as a service: off without a model, kind about it, and never believing what cannot have been said."""

from pathlib import Path

import pytest

from accessibility.hearing import EarsOff, Heard, Listener, NothingRecorded, ScriptedEars
from accessibility.hearing.confidence import believable, confidence_of, tidied
from accessibility.hearing.recogniser import Guess


def test_without_a_model_hearing_is_off_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(EarsOff, match="WHISPER_MODEL"):
        Listener("", tmp_path).hear(b"sound")


def test_scripted_ears_refuse_an_empty_recording_like_the_real_ones() -> None:
    ears = ScriptedEars(Heard.of("ソファーはいくら"))
    assert ears.hear(b"sound").text == "ソファーはいくら"
    with pytest.raises(NothingRecorded):
        ears.hear(b"")


@pytest.mark.parametrize(
    ("text", "speech_s", "no_speech", "compression"),
    [
        ("ご視聴ありがとうございました。", 0.4, 0.1, 1.0),
        ("ソファー", 2.0, 0.9, 1.0),
        ("はいはいはいはいはいはい", 2.0, 0.1, 3.0),
        ("。。。", 2.0, 0.1, 1.0),
        ("ソファーとテーブルと椅子を捨てたいのですが、いくらでしょうか", 0.5, 0.1, 1.0),
    ],
    ids=["phantom", "no speech", "in circles", "no words", "too fast"],
)
def test_what_cannot_have_been_said_is_not_believed(text: str, speech_s: float, no_speech: float, compression: float) -> None:
    assert not believable(Guess(text, -0.1, no_speech, compression), speech_s)


def test_an_ordinary_question_and_an_ordinary_thank_you_are_believed() -> None:
    assert believable(Guess("ソファーを捨てたいんですが", -0.1, 0.1, 1.1), 2.5)
    assert believable(Guess("ありがとうございました", -0.1, 0.1, 1.0), 1.4)


def test_words_are_written_as_a_resident_would_type_them() -> None:
    assert tidied(" ソファー を　１つ\n捨てたい ") == "ソファーを1つ捨てたい"


def test_a_near_rival_makes_a_hearing_less_sure() -> None:
    sure, rival = Guess("いす", -0.05, 0.0, 1.0), Guess("いた", -0.1, 0.0, 1.0)
    alone = confidence_of(sure, None)
    assert alone > 0.8
    assert confidence_of(sure, rival) < 0.6 * alone + 0.01
