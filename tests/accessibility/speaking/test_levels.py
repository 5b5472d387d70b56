"""Ten answers of the town, spoken: none is torn and none is louder than the others."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from accessibility.speaking import Manner, Speaker
from accessibility.speaking.sound import PEAK, spoken_rms
from inclusion.turn import Memory, take_turn
from inclusion.understanding import Understanding
from tests.towns import demo_town

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)
ASKED = (
    "扇風機はいくら", "長いすを捨てたい", "電池は何ごみ", "自転車を捨てたい", "粗大ごみの申し込み方", "シールはどこで買えますか",
    "テレビを捨てたい", "区役所は何時まで", "スマホ教室に行きたい", "布団を3枚",
)  # fmt: skip


@pytest.mark.soak
def test_ten_answers_are_equally_loud_and_none_is_torn(speaker: Speaker) -> None:
    town = demo_town()
    understanding = Understanding.of(town)
    answers = [take_turn(text, Memory(), town, understanding, NOW).rendered.spoken for text in ASKED]
    assert len(set(answers)) == len(ASKED)
    sounds = [np.concatenate(list(speaker.sentences(answer, Manner()))) for answer in answers]
    levels = [20 * np.log10(spoken_rms(sound)) for sound in sounds]
    print([round(float(level), 1) for level in levels], [round(float(np.abs(sound).max()), 3) for sound in sounds])
    assert max(levels) - min(levels) < 1.5
    assert max(float(np.abs(sound).max()) for sound in sounds) <= PEAK + 1e-3
