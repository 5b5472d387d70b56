"""The commands that look at what is written: how hard a sentence is, and which words of a town are read in two ways."""

from __future__ import annotations

import csv

import pytest
from typer.testing import CliRunner, Result

from inclusion.cli import app

from .conftest import TinyTown

DOUBTFUL, SETTLED = "管理会社に聞いてください。", "掃除機を出してください。"


def typed(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.mark.parametrize(
    ("text", "words", "advice"),
    [("当該の 書類です。", "「当該」", "「その」と書いてください"), ("令和8年に します。", "「令和8年」", "西暦で書いてください")],
)
def test_a_hard_text_is_told_with_its_place_and_what_to_write_instead(text: str, words: str, advice: str) -> None:
    told = typed("plain", text)
    assert told.exit_code == 1
    assert told.output.startswith(f"✗ {words}") and advice in told.output and "直す所が 1 あります。" in told.output


def test_an_easy_text_is_told_to_be_easy_and_advice_alone_does_not_refuse_it() -> None:
    """Control: the command does not refuse whatever it is given."""
    assert typed("plain", "ここに ごみを 出して ください。").output == "やさしい日本語の規則に合っています。\n"
    advised = typed("plain", "ここで アプリケーションを つかいます。")
    assert advised.exit_code == 0 and advised.output.startswith("・ 「アプリケーション」")


def test_a_call_without_a_text_is_wrong() -> None:
    assert typed("plain").exit_code == 2
    for nothing in ("", "  ", "hello"):
        told = typed("plain", nothing)
        assert told.exit_code == 2 and told.output.startswith("日本語の文がありません。") and "例:" in told.output


def review(town: TinyTown) -> dict[str, dict[str, str]]:
    told = typed("review-readings", "--town", town.folder)
    assert told.exit_code == 0
    return {row["written"]: row for row in csv.DictReader(told.stdout.splitlines())}


def test_words_read_in_two_ways_are_listed_with_their_sentence_until_the_town_settles_them(town: TinyTown) -> None:
    town.change("faq/f.apply.md", "電話で申し込みます。", f"{DOUBTFUL}\n\n{SETTLED}")
    found = review(town)
    row = {"written": "管理会社", "shown": "かんりがいしゃ", "other": "かんりかいしゃ", "where": "f.apply", "sentence": DOUBTFUL}
    assert found["管理会社"] == row and not [one for one in found.values() if one["sentence"] == SETTLED]
    town.add("places.csv", "管理会社,かんりがいしゃ,会社")
    assert "管理会社" not in review(town)


def test_a_town_that_is_not_there_is_a_wrong_call(town: TinyTown) -> None:
    assert typed("review-readings", "--town", town.folder / "nowhere").exit_code == 2
