"""Kana and sounds: what sounds alike is the same, digits said one by one are a code, and both ways fit together."""

import pytest

from accessibility.hearing.sounds import kana_of, phonemes_of
from accessibility.hearing.spelling import code_said, sound_of


def test_six_digits_said_one_by_one_are_a_code() -> None:
    assert code_said("ななさんにぜろごなな") == "732057"
    assert code_said("よんいちれいきゅうろくはちです") == "410968です"
    assert code_said("ななさんのいす") is None


def test_long_vowels_sound_alike_however_they_are_written() -> None:
    assert sound_of("てすうりょう") == sound_of("てすーりょー") == "てすうりょお"
    assert sound_of("とけい") == sound_of("とけー")


@pytest.mark.parametrize(
    "kana", ["そふぁあ", "てすうりょお", "せんたくき", "しゃっくり", "ぴあのとてぃっしゅ", "ちぇあ", "りゅっくさっく", "うぃんどふぁん"]
)
def test_sounds_become_the_same_kana_again(kana: str) -> None:
    assert kana_of(phonemes_of(kana)) == kana


def test_a_consonant_that_lost_its_vowel_is_left_out() -> None:
    assert kana_of(["s", "o", "f", "k", "a", "I"]) == "そかい"
