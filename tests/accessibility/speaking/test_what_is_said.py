"""The right fee is in the sound itself, found by its phonemes and not by anybody's word for it."""

from __future__ import annotations

import numpy as np
import pytest

from accessibility.speaking import RATE, Manner, Speaker
from tests.phonemes import cost_of

ANSWER = "「長いす」の手数料は600円です。申し込んだあとで、B券を2枚買ってください。"


def spoken(speaker: Speaker, text: str) -> np.ndarray:
    return np.concatenate(list(speaker.sentences(text, Manner())))


@pytest.mark.parametrize("other", ["2,200円です。", "300円です。", "1,000円です。"])
def test_the_spoken_answer_holds_the_fee_and_no_other(speaker: Speaker, other: str) -> None:
    answer = spoken(speaker, ANSWER)
    right, wrong = (cost_of(spoken(speaker, fee), answer, RATE) for fee in ("600円です。", other))
    assert right < 0.7 * wrong


@pytest.mark.parametrize(
    ("line", "tongue"),
    [("すぐに119番へ電話してください。", "ja"), ("Call 119 for an ambulance.", "en")],
)
def test_a_line_is_said_by_the_voice_of_its_own_language_whatever_the_answers(speaker: Speaker, line: str, tongue: str) -> None:
    told = [np.concatenate(list(speaker.sentences(line, Manner(answer)))) for answer in ("ja", "en", "ko")]
    own = np.concatenate(list(speaker.sentences(line, Manner(tongue))))
    assert all(np.array_equal(one, own) for one in told)
    other = np.concatenate(list(speaker.sentences(line, Manner(tongue, speed=1.2))))
    assert len(other) < len(own)  # the sound does depend on how it is asked for


def test_a_reading_that_staff_decide_is_spoken_from_then_on_and_until_they_take_it_back(speaker: Speaker) -> None:
    ours = spoken(speaker, "管理会社です。")
    speaker.correct({"管理会社": "かんりかいしゃ"})
    decided = spoken(speaker, "管理会社です。")
    speaker.correct({})
    assert not np.array_equal(ours, decided) and np.array_equal(decided, spoken(speaker, "かんりかいしゃです。"))
    assert np.array_equal(ours, spoken(speaker, "管理会社です。"))
