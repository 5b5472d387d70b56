"""What is handed to a voice."""

import pytest

from accessibility.speaking import digit_by_digit, sentences_to_say
from accessibility.speaking.script import with_a_short_beginning


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("電話は03-3264-2111です。", "電話はゼロサン、サンニーロクヨン、ニーイチイチイチです。"),
        ("☎ 0120-123-456", "ゼロイチニーゼロ、イチニーサン、ヨンゴーロク"),
        ("すぐに119番へ。", "すぐにヒャクジューキュー番へ。"),
        ("受付は10月20日（火）8:30〜17:00です。", "受付は10月20日、火曜日、8時30分から17時です。"),
        ("月〜金", "月曜から金曜"),
        ("くわしくは https://example.jp/a?b=1", "くわしくは"),
        ("「ソファー」は※800円です。", "ソファー は 800円です。"),
    ],
)
def test_signs_are_said_as_people_say_them(written: str, said: str) -> None:
    assert sentences_to_say(written, "ja") == (said,)


def test_a_price_is_not_taken_for_a_telephone_number() -> None:
    assert sentences_to_say("2,200円、90-100センチ", "ja") == ("2,200円、90-100センチ",)


def test_sentences_are_said_one_by_one() -> None:
    assert sentences_to_say("申し込みます。次に、券を買います。\n前の日までです", "ja") == (
        "申し込みます。",
        "次に、券を買います。",
        "前の日までです",
    )


def test_an_english_number_is_said_digit_by_digit() -> None:
    assert sentences_to_say("Call 03-1234-5678. The fee is 600 yen.", "en") == ("Call 0 3, 1 2 3 4, 5 6 7 8.", "The fee is 600 yen.")
    assert digit_by_digit("03-12", "ko") == "0 3, 1 2"


@pytest.mark.parametrize("nothing", ["", "  \n ", "☎※「」", "https://example.jp/"])
def test_nothing_is_said_where_there_are_no_words(nothing: str) -> None:
    assert sentences_to_say(nothing, "ja") == ()


def test_only_the_first_sentence_is_begun_early_and_only_where_enough_is_left_to_say() -> None:
    assert with_a_short_beginning(("受付は8時から、夜7時までです。", "券は、前の日に買います。")) == (
        "受付は8時から、",
        "夜7時までです。",
        "券は、前の日に買います。",
    )
    assert with_a_short_beginning(("はい、そうです。",)) == ("はい、そうです。",)
    assert with_a_short_beginning(()) == ()
