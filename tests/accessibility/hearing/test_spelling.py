"""Kana become words only where they sound exactly like a known one and stand where a word can stand."""

import pytest

from accessibility.hearing.spelling import Speller, phrases_of, sound_of

WORDS = (("いけ", "池"), ("そふぁー", "ソファー"), ("せんぷうき", "扇風機"), ("そだいごみ", "粗大ごみ"), ("しーる", "シール"))
PHRASES = (
    ("をすてたいんですが", "を捨てたいんですが"),
    ("をすてたい", "を捨てたい"),
    ("はどこでかえますか", "はどこで買えますか"),
    ("の", "の"),
)


@pytest.fixture
def speller() -> Speller:
    return Speller(WORDS, PHRASES)


@pytest.mark.parametrize(
    ("kana", "text"),
    [
        ("そふぁあをすてたいんですが", "ソファーを捨てたいんですが"),
        ("せんぷーきをすてたい", "扇風機を捨てたい"),
        ("そだいごみのしいるはどこでかえますか", "粗大ごみのシールはどこで買えますか"),
    ],
)
def test_what_sounds_like_known_words_is_written_as_people_write_it(speller: Speller, kana: str, text: str) -> None:
    assert speller.spelled(kana).text == text
    assert speller.spelled(kana).unknown == 0.0


def test_a_word_nobody_knows_stays_as_it_was_heard(speller: Speller) -> None:
    """池 is in いけばな, and is not found there."""
    spelled = speller.spelled("いけばなをすてたい")
    assert spelled.text == "いけばなを捨てたい"
    assert 0 < spelled.unknown < 1


def test_six_digits_said_one_by_one_are_a_code(speller: Speller) -> None:
    assert speller.spelled("ななさんにぜろごなな").text == "732057"
    assert speller.spelled("よんいちれいきゅうろくはちです").text == "410968です"


def test_long_vowels_sound_alike_however_they_are_written() -> None:
    assert sound_of("てすうりょう") == sound_of("てすーりょー") == "てすうりょお"
    assert sound_of("とけい") == sound_of("とけー")


def test_forms_fall_into_the_phrases_around_their_places() -> None:
    assert phrases_of(["古い{}を捨てたい", "{}と{}でいくら", "えーと、{}"]) == ["古い", "を捨てたい", "と", "でいくら", "えーと"]
