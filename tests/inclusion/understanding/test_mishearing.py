"""Noise as ears make it: another spelling of the same sound, the same for the same seed, and never a changed label."""

from __future__ import annotations

import pytest

from accessibility import Readings
from inclusion.municipalities import Town
from inclusion.understanding.evaluation import Wanted
from inclusion.understanding.mishearing import Mishearing


@pytest.fixture(scope="module")
def mishearing(town: Town, readings: Readings) -> Mishearing:
    return Mishearing([alias.word for alias in town.aliases if alias.language == "ja"], readings)


def test_a_noun_is_written_otherwise_and_the_rest_stays(mishearing: Mishearing) -> None:
    heard = [mishearing.misheard("掃除機を捨てたい", seed) for seed in range(1, 8)]
    assert all(one.endswith("を捨てたい") for one in heard)
    assert any(one != "掃除機を捨てたい" for one in heard)


def test_the_same_seed_mishears_the_same(mishearing: Mishearing) -> None:
    assert mishearing.misheard("扇風機はいくら", 3) == mishearing.misheard("扇風機はいくら", 3)
    assert len({mishearing.misheard("扇風機はいくら", seed) for seed in range(20)}) > 1


def test_labels_and_earlier_turns_are_kept(mishearing: Mishearing) -> None:
    wanted = Wanted("扇風機も", "followup", ({"action": "answer", "ids": ["S00246"]},), ("掃除機を捨てたい",))
    [noisy] = mishearing.of([wanted], 2)
    assert (noisy.accept, noisy.context, noisy.kind) == (wanted.accept, wanted.context, "followup+noise")


def test_a_text_without_nouns_stays(mishearing: Mishearing) -> None:
    assert mishearing.misheard("いくら", 1) == "いくら"
