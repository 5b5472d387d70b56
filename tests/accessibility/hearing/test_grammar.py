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
        for kana in "あいうえお かきくけこ さしすせそ たちつてと なにのは ふぁ ばげごだでんみぷぱしゃっ らりるれろねつ"
        for phoneme in phonemes_of(kana)
    )
)


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return Grammar(WORDS, PHRASES, NAMES)


def made_out(phonemes: Sequence[str], certainty: float = 0.9) -> Numbers:
    """Sounds as ears make them out, each with this certainty and a moment of none behind it."""
    rows = np.full((2 * len(phonemes), 1 + len(NAMES)), (1 - certainty) / len(NAMES), dtype=np.float32)
    rows[range(0, len(rows), 2), [1 + NAMES.index(one) for one in phonemes]] = certainty
    rows[1::2, 0] = certainty
    return rows


def text_of(grammar: Grammar, kana: str) -> str:
    return grammar.take(made_out(phonemes_of(kana))).text


def test_what_fits_is_written_as_people_write_it(grammar: Grammar) -> None:
    taken = grammar.take(made_out(phonemes_of("そふぁあをすてたいんですが")))
    assert (taken.text, taken.unknown) == ("ソファーを捨てたいんですが", 0.0)
    assert taken.misfit < 0.3


@pytest.mark.parametrize("kana", ["せんぷきをすてたい", "せんぷうきをすてた", "せんぷうんきをすてたい", "しぇんぷうきをすてたい"])
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


def test_the_same_sound_twice_needs_a_moment_between(grammar: Grammar) -> None:
    """を ends a word here and begins the phrase behind it; said once, it is written once."""
    twice = Grammar((*WORDS, ("でんちを", "電池を"), ("でんち", "電池")), PHRASES, NAMES)
    assert text_of(twice, "でんちをすてたい") == "電池を捨てたい"


def test_a_sound_that_was_nearly_heard_finds_its_word(grammar: Grammar) -> None:
    """Where ears think none a little likelier than the right sound, looking at the loudest alone would lose it."""
    moments = made_out(phonemes_of("いけをすてたい"))
    k = phonemes_of("いけ").index("k") * 2
    moments[k] = 0.01
    moments[k, [0, 1 + NAMES.index("k")]] = 0.55, 0.4
    taken = grammar.take(moments)
    assert taken.text == "池を捨てたい"
    assert taken.misfit < 0.1


def test_a_short_reply_stands_alone_and_is_found_nowhere_else(grammar: Grammar) -> None:
    assert text_of(grammar, "はい") == "はい"
    within = made_out(phonemes_of("せんぷうきはいをすてたい"))
    without = Grammar(WORDS, [phrase for phrase in PHRASES if phrase[0] != "はい"], NAMES)
    assert grammar.take(within).text == without.take(within).text


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


def test_consonants_without_a_vowel_are_no_words() -> None:
    ears, head = reader()
    frames = [place for phoneme in ("s", "k", "t") for place in (*[head.phonemes.index(phoneme) + 1] * 3, 0)]
    assert ears.ways(np.eye(len(NAMES) + 1, dtype=np.float32)[frames], 0.3) == []


def test_words_of_every_day_are_not_bent_to_things_of_the_town() -> None:
    words, phrases = [("そり", "そり"), ("ぱねる", "パネル")], [("お", "を"), ("すてたい", "捨てたい")]
    everyday, endings = [("そろそろ", "そろそろ"), ("いれかえ", "入れ替え")], [("たいので", "たいので")]
    said = made_out(phonemes_of("ぱねるおそろそろいれかえたいので"))
    knowing = Grammar(words, phrases, NAMES, everyday, endings).take(said)
    assert knowing.text == "パネルをそろそろ入れ替えたいので" and knowing.unknown == 0 and knowing.everyday > 0.5
    control = Grammar(words, phrases, NAMES).take(said)
    assert "入れ替え" not in control.text and control.unknown > 0.2


def test_of_two_things_the_one_that_fits_worse_is_done_without_first() -> None:
    grammar = Grammar([("そふぁ", "ソファ"), ("せんぷうき", "扇風機")], [("と", "と"), ("お", "を")], NAMES)
    taken = grammar.take(made_out(phonemes_of("そふぁとせんぷき")))
    assert grammar.entries[taken.weakest].written == "扇風機" and taken.shortest == 3


def test_a_thing_in_a_garbled_sentence_is_put_forward_alone() -> None:
    ears, _ = reader()
    ways = ears.ways(encoded("せんぷうきをかまつなちまかえことう"), 2.0)
    assert ways[0].text == "扇風機" and ways[0].confidence < 0.9
    clear = ears.ways(encoded("せんぷうきをすてたい"), 2.0)  # control
    assert clear[0].text == "扇風機を捨てたい"
