"""One person on LINE, Telegram and the page: linked by six digits, parted by one word, hard to guess."""

from __future__ import annotations

import re

import pytest

from inclusion.linking import WRONG_TRIES_EACH
from inclusion.spoken_codes import code_said

from .small_town import SmallTown

OTHER = "U" + "9" * 32


def code_in(heard: str) -> str:
    found = re.search(r"(\d{3}) (\d{3})", heard)
    assert found is not None, heard
    return found[1] + found[2]


async def test_wishes_and_talk_follow_from_line_to_telegram(small_town: SmallTown) -> None:
    await small_town.line("やさしい日本語で")
    await small_town.line("椅子2脚とテーブル1つ")
    code = code_in(await small_town.line("つなぐ番号"))
    assert "つながりました" in await small_town.telegram(code)
    assert "900円" in await small_town.telegram("90センチ")


async def test_control_without_the_code_telegram_knows_nothing(small_town: SmallTown) -> None:
    await small_town.line("椅子2脚とテーブル1つ")
    assert "900円" not in await small_town.telegram("90センチ")


async def test_the_page_follows_too_and_an_old_page_undoes_nothing(small_town: SmallTown) -> None:
    page = {"language": "ja", "easy": False, "letter_size": "large"}
    code = code_in(await small_town.line("つなぐ番号"))
    conversation, answer = small_town.web(code, **page)
    assert "つながりました" in answer
    await small_town.line("やさしい日本語で")
    _, answer = small_town.web("扇風機はいくら", conversation, **page)
    assert "捨てる お金" in answer or "お金は" in answer


async def test_a_code_shown_on_the_page_works_in_a_chat(small_town: SmallTown) -> None:
    conversation, answer = small_town.web("つなぐ番号")
    assert "つながりました" in await small_town.line(code_in(answer))
    await small_town.line("椅子2脚とテーブル1つ")
    assert "900円" in small_town.web("90センチ", conversation)[1]


async def test_whoever_showed_the_code_is_told_and_can_undo_it_by_one_word(small_town: SmallTown) -> None:
    code = code_in(await small_town.line("つなぐ番号"))
    heard = await small_town.telegram(code)
    assert "覚えがないときは" in heard
    assert "切りました" in await small_town.line("つながり解除")
    await small_town.line("椅子2脚とテーブル1つ")
    assert "900円" not in await small_town.telegram("90センチ")
    assert "つながっていません" in await small_town.telegram("つながり解除")


async def test_a_code_works_once_and_for_ten_minutes(small_town: SmallTown) -> None:
    code = code_in(await small_town.line("つなぐ番号"))
    await small_town.telegram(code)
    assert "つながりませんでした" in await small_town.line(code, OTHER)
    late = code_in(await small_town.line("つなぐ番号"))
    small_town.later(minutes=10)
    assert "つながりませんでした" in await small_town.line(late, OTHER)


async def test_the_chat_that_shows_a_code_is_told_to_type_it_elsewhere(small_town: SmallTown) -> None:
    code = code_in(await small_town.line("つなぐ番号"))
    assert "もう一つの画面" in await small_town.line(code)


async def test_guessing_ends_after_five_wrong_codes_even_with_the_right_one(small_town: SmallTown) -> None:
    code = code_in(await small_town.line("つなぐ番号"))
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(WRONG_TRIES_EACH):
        assert "つながりませんでした" in await small_town.line(wrong, OTHER)
    assert "しばらくつなげません" in await small_town.line(code, OTHER)
    assert "つながりました" in await small_town.telegram(code)  # control: the code itself was good


@pytest.mark.parametrize("text", ["123456", "１２３４５６", "123 456", "123-456です。", "いちにさんよんごろく", "番号は 一二三四五六 です"])
def test_a_code_is_understood_typed_or_spoken(text: str) -> None:
    assert code_said(text) == "123456"


@pytest.mark.parametrize("text", ["12345", "1234567", "扇風機", "座布団123456枚", "にし", ""])
def test_other_words_are_no_code(text: str) -> None:
    assert code_said(text) == ""
