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
