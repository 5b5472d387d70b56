"""What is handed to a voice."""

import pytest

from accessibility.speaking import digit_by_digit, lines_to_say, sentences_to_say
from accessibility.speaking.script import Line, with_a_short_beginning


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("電話は03-3264-2111です。", "電話はゼロサン、サンニーロクヨン、ニーイチイチイチです。"),
        ("☎ 0120-123-456", "ゼロイチニーゼロ、イチニーサン、ヨンゴーロク"),
        ("すぐに119番へ。", "すぐにヒャクジューキュー番へ。"),
        ("受付は10月20日（火）8:30〜17:00です。", "受付は10月20日、火曜日、8時30分から17時です。"),
        ("月〜金", "月曜から金曜"),
        ("くわしくは https://example.jp/a?b=1", "くわしくは"),
        ("https://example.jp/をごらんください。", "をごらんください。"),
        ("www.city.example.lg.jp か example.lg.jp/gomi/ へ。", "か へ。"),
        ("0332642111へ。", "ゼロサン、サンニーロクヨン、ニーイチイチイチへ。"),
        ("0120123456へ。", "ゼロイチニーゼロ、イチニーサン、ヨンゴーロクへ。"),
        ("09012345678へ。", "ゼロキューゼロ、イチニーサンヨン、ゴーロクナナハチへ。"),
        ("「ソファー」は※800円です。", "ソファー は 800円です。"),
        ("警察（事件・事故） 110。", "警察、事件、事故、ヒャクトー。"),
        ("警察、事件、事故、110。", "警察、事件、事故、ヒャクトー。"),
        ("アプリ分けちよ！か収集カレンダー", "アプリ分けちよか収集カレンダー"),
        ("消費者ホットライン 188（いやや）へ。", "消費者ホットライン イチハチハチ、いやや、へ。"),
        ("迷ったら#9110へ。", "迷ったらシャープ、キューイチイチゼロへ。"),
        ("アプリ「分けちよ！」か収集カレンダーで見られます。", "アプリ 分けちよ か収集カレンダーで見られます。"),
        ("「A券○枚・B券○枚」と伝えます。", "A券何枚、B券何枚 と伝えます。"),
        ("毎日8〜21時です。", "毎日8時から21時です。"),
        ("区役所は九段南1-2-1です。", "区役所は九段南1の2の1です。"),
        ("写真を送る（1/5）。", "写真を送る、5のうち1番目。"),
        ("セブン-イレブンなど", "セブンイレブンなど"),
        ("高さ 110cm", "高さ 110センチ"),
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
    begun = with_a_short_beginning(lines_to_say("受付は8時から、夜7時までです。券は、前の日に買います。", "ja"))
    assert [line.text for line in begun] == ["受付は8時から、", "夜7時までです。", "券は、前の日に買います。"]
    assert with_a_short_beginning(lines_to_say("はい、そうです。", "ja")) == (Line("はい、そうです。", "ja"),)
    assert with_a_short_beginning(()) == ()


def test_each_line_of_an_english_answer_is_said_in_its_own_language() -> None:
    said = lines_to_say("今すぐ119番へ電話してください。Call 119 for fire or an ambulance. Call 110 for the police. 煙を吸わないで。", "en")
    assert [line.language for line in said] == ["ja", "en", "en", "ja"]
    assert said[0].text == "今すぐヒャクジューキュー番へ電話してください。"


@pytest.mark.parametrize(
    ("sentence", "begun"),
    [
        ("踏み台の手数料は300円です。", ["踏み台の手数料は、", "300円です。"]),
        ("古いはさみは燃やさないごみです。", ["古いはさみは燃やさないごみです。"]),
    ],
)
def test_a_sentence_without_a_pause_is_given_one_behind_its_topic(sentence: str, begun: list[str]) -> None:
    assert [line.text for line in with_a_short_beginning(lines_to_say(sentence, "ja"))] == begun
