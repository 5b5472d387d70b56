"""Readings as shown above kanji and spoken aloud."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from accessibility import Readings, Ruby


@pytest.fixture(scope="module")
def readings() -> Readings:
    return Readings({"神保町": "じんぼうちょう", "長いす": "ながいす"})


def test_a_sentence_is_read_in_hiragana(readings: Readings) -> None:
    assert readings.kana("掃除機を捨てる") == "そうじきをすてる"


def test_kana_stands_only_above_the_kanji(readings: Readings) -> None:
    assert readings.ruby("食べ物") == (Ruby("食べ物", "たべもの"),)
    assert readings.ruby("長い") == (Ruby("長", "なが"), Ruby("い"))


def test_a_correction_wins_over_the_dictionary(readings: Readings) -> None:
    assert Ruby("神保町", "じんぼうちょう") in readings.ruby("神田神保町です")


def test_without_the_correction_the_dictionary_is_used(readings: Readings) -> None:
    assert readings.with_corrections({"掃除機": "ソージキ"}).kana("掃除機") != readings.kana("掃除機")


def test_nothing_of_the_text_is_lost(readings: Readings) -> None:
    text = "えっ、120センチの本棚とABCを…捨てたい！\n"
    assert "".join(ruby.text for ruby in readings.ruby(text)) == text


def test_words_tell_their_place_and_kind(readings: Readings) -> None:
    first = readings.words("掃除機を捨てる")[0]
    assert (first.surface, first.reading, first.start, first.end, first.is_noun) == ("掃除機", "そうじき", 0, 3, True)


def test_a_text_longer_than_the_dictionary_takes_is_read_whole(readings: Readings) -> None:
    assert readings.kana("枕" * 30_000).count("まくら") + readings.kana("枕" * 30_000).count("ちん") > 0


def test_every_reading_of_a_sign_is_known(readings: Readings) -> None:
    assert {"やま", "さん"} <= set(readings.all_readings("山"))
    assert readings.all_readings("") == ()


def test_many_threads_may_read_at_once(readings: Readings) -> None:
    with ThreadPoolExecutor(8) as pool:
        kana = set(pool.map(readings.kana, ["布団を捨てたい"] * 200))
    assert len(kana) == 1
