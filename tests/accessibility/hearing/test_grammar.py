"""Sounds become the town's words where they fit, and stay what they are where they do not."""

from collections.abc import Sequence

import numpy as np
import pytest

from accessibility.hearing.grammar import Grammar, Numbers
from accessibility.hearing.kana_reader import Head, KanaReader
from accessibility.hearing.sounds import phonemes_of

WORDS = (("いけ", "池"), ("そふぁあ", "ソファー"), ("せんぷうき", "扇風機"), ("そだいごみ", "粗大ごみ"))
PHRASES = (("をすてたいんですが", "を捨てたいんですが"), ("をすてたい", "を捨てたい"), ("はい", "はい"), ("の", "の"))
NAMES = tuple(
    dict.fromkeys(
        phoneme
        for kana in "あいうえお かきくけこ さしすせそ たちつてと なにのは ふぁ ばげごだでんみぷぱしゃっ"
        for phoneme in phonemes_of(kana)
    )
)


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return Grammar(WORDS, PHRASES, NAMES)


def made_out(phonemes: Sequence[str], certainty: float = 0.9) -> Numbers:
    """Sounds as ears make them out, each with this certainty."""
    rows = np.full((len(phonemes), len(NAMES)), (1 - certainty) / (len(NAMES) - 1), dtype=np.float32)
    rows[range(len(phonemes)), [NAMES.index(one) for one in phonemes]] = certainty
    return rows


def text_of(grammar: Grammar, kana: str) -> str:
    return grammar.take(made_out(phonemes_of(kana))).text


def test_what_fits_is_written_as_people_write_it(grammar: Grammar) -> None:
    taken = grammar.take(made_out(phonemes_of("そふぁあをすてたいんですが")))
    assert (taken.text, taken.unknown) == ("ソファーを捨てたいんですが", 0.0)
    assert taken.misfit < 0.3


@pytest.mark.parametrize("kana", ["せんぷきをすてたい", "せんぷうきをすてた", "せんうきをすてたい", "しぇんぷうきをすてたい"])
def test_one_sound_too_few_too_many_or_another_is_forgiven(grammar: Grammar, kana: str) -> None:
    assert text_of(grammar, kana) == "扇風機を捨てたい"


def test_a_word_nobody_knows_stays_as_it_was_heard(grammar: Grammar) -> None:
    """池 is in いけばな, and is not found there."""
    taken = grammar.take(made_out(phonemes_of("いけばなをすてたい")))
    assert taken.text == "いけばなを捨てたい"
    assert 0.3 < taken.unknown < 0.6
    assert not taken.words


def test_the_control_a_known_word_in_its_place_is_found(grammar: Grammar) -> None:
    assert text_of(grammar, "いけをすてたい") == "池を捨てたい"


def test_without_the_best_word_another_way_is_taken(grammar: Grammar) -> None:
    chances = made_out(phonemes_of("いけをすてたい"))
    best = grammar.take(chances)
    assert grammar.take(chances, best.words).text == "いけを捨てたい"


def reader() -> tuple[KanaReader, Head]:
    """A head that passes on what it is given."""
    head = Head(np.eye(len(NAMES) + 1, dtype=np.float32) * 8, np.zeros(len(NAMES) + 1, dtype=np.float32), NAMES)
    return KanaReader(head, WORDS, PHRASES), head


def encoded(kana: str) -> Numbers:
    """Three frames a sound and one of none, as an encoder would give them."""
    frames = [place for phoneme in phonemes_of(kana) for place in (*[NAMES.index(phoneme) + 1] * 3, 0)]
    return np.eye(len(NAMES) + 1, dtype=np.float32)[frames]


def test_clear_words_are_believed_and_unclear_ones_doubted() -> None:
    ears, _ = reader()
    assert ears.ways(encoded("そふぁあをすてたい"), 1.5)[0].text == "ソファーを捨てたい"
    assert ears.ways(encoded("そふぁあをすてたい"), 1.5)[0].confidence > 0.8
    assert ears.ways(encoded("たけのこをすてたい"), 1.5)[0].confidence < 0.8


def test_hardly_any_sounds_in_long_speech_are_no_words() -> None:
    ears, _ = reader()
    assert ears.ways(encoded("あ"), 3.0) == []
