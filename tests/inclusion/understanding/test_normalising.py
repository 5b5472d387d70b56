"""Typing and speaking habits that must not matter."""

from __future__ import annotations

import pytest

from inclusion.understanding.languages import as_kana, language_of
from inclusion.understanding.normalising import LONGEST_READ, fold_kana, normalise
from inclusion.understanding.numerals import kanji_to_int
from inclusion.understanding.romaji import to_kana


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("えーと、あのですね、うちの箪笥をね、捨てたい", "うちの箪笥を、捨てたい"),
        ("ﾍﾞｯﾄﾞ１台", "ベッド1台"),
        ("カラ―ボックス", "カラーボックス"),
        ("布団三枚", "布団3枚"),
        ("いすふたつ", "いす2つ"),
        ("高さは百五十で幅が八十", "高さは150で幅が80"),
        ("一メートル半のテーブル", "1.5メートルのテーブル"),
        ("三人掛けのソファ", "3人掛けのソファ"),
        ("one chair and two tables", "1 chair and 2 tables"),
    ],
)
def test_habits_of_speech_are_smoothed(said: str, meant: str) -> None:
    assert normalise(said) == meant


@pytest.mark.parametrize("text", ["千代田区", "一番町", "一人暮らし", "あの椅子", "三味線", "十徳ナイフ"])
def test_words_that_only_look_like_numbers_or_fillers_stay(text: str) -> None:
    assert normalise(text) == text


def test_a_text_of_nothing_but_fillers_is_kept() -> None:
    assert normalise("えーと") == "えーと"


def test_only_the_beginning_of_a_very_long_text_is_read() -> None:
    assert len(normalise("あ、い" * 50_000)) <= LONGEST_READ


@pytest.mark.parametrize(
    ("written", "number"), [("百五十", 150), ("一八〇", 180), ("二千三百", 2300), ("十", 10), ("", None), ("山", None)]
)
def test_kanji_numbers_are_read(written: str, number: int | None) -> None:
    assert kanji_to_int(written) == number


def test_folding_keeps_every_sign_in_its_place() -> None:
    assert fold_kana("ソファー2つ") == "そふぁー2つ"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("椅子を捨てたい", "ja"),
        ("加湿器", "ja"),
        ("我想扔一张桌子", "zh"),
        ("소파를 버리고 싶어요", "ko"),
        ("how much for a sofa", "en"),
        ("soujiki wo sutetai", "romaji"),
        ("sofa hitoriyou ikura", "romaji"),
    ],
)
def test_the_language_is_told(text: str, language: str) -> None:
    assert language_of(normalise(text)) == language


@pytest.mark.parametrize(
    ("word", "kana"),
    [
        ("soujiki", "そうじき"),
        ("kyoudai", "きょうだい"),
        ("beddo", "べっど"),
        ("tansu", "たんす"),
        ("jitensha", "じてんしゃ"),
        ("xylophone", "xylophone"),
    ],
)
def test_romaji_becomes_kana(word: str, kana: str) -> None:
    assert to_kana(word) == kana


def test_counts_in_romaji_become_counts() -> None:
    assert as_kana("futon 3 mai") == "ふとん 3枚"
