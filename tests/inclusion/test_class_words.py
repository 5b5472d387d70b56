"""Words about one's own class are understood typed, pressed and spoken; other words are left to the rest of the platform."""

from dataclasses import replace

import pytest

from accessibility import Answer, Choice, Readings
from accessibility.hearing import Heard
from inclusion.classes.choosing import chosen_by_sound
from inclusion.classes.words import board_code, meant, pressed, wish

CLASSES = Answer(
    "lesson", "どれにしますか。", choices=(Choice("12/1 電話", "12/1（火）10:00 電話"), Choice("12/2 地図", "12/2（水）14:00 地図"))
)
SEAT = Answer("lesson", "席が取れました。", choices=(Choice("取り消す", "12/1（火）10:00 電話 を取り消す"),))
WASTE = Answer("answer", "600円です。")


@pytest.mark.parametrize(
    "said", ["2番目", "2", "二番", "２番目でお願いします", "にばんめでお願いします", "最後の", "一番下の教室で", "地図", "12/2 地図"]
)
def test_the_second_class_is_chosen_by_number_or_name(said):
    assert meant(said, CLASSES) == "12/2（水）14:00 地図"
    assert meant(said, replace(CLASSES, action="faq")) == "12/2（水）14:00 地図"  # the timetable as the answer to a question
    assert meant(said, replace(CLASSES, choices=(Choice("一人用", "一人用です"), Choice("二人用", "二人用です")), action="clarify")) == said


HEARD_AS = [
    *(("一番め", 0.58, 1), ("2段め", 0.33, 2), ("にばめ", 0.05, 2), ("呼んばんめ", 0.2, 4), ("さんばん", 0.09, 3)),
    *(("2段", 0.37, 2), ("呼んぶん", 0.24, 4), ("最初にお", 0.25, 1), ("さいごの教室", 0.33, 4), ("一番えのでお願いします", 0.4, 1)),
    *(("じばんめ", 0.4, 0), ("介護の", 0.28, 0)),
]
FOUR = replace(
    CLASSES,
    choices=(*CLASSES.choices, Choice("12/3（木） 写真", "12/3（木）14:00 写真"), Choice("12/4（金） 買い物", "12/4（金）14:00 買い物")),
)


@pytest.mark.parametrize(("written", "sure", "number"), HEARD_AS)
def test_an_ordinal_is_known_by_its_sound_however_the_ears_write_it(written, sure, number):
    """What the town's own ears made of 1番目 to 最初の in the platform's voice; 介護の is near 最後の and 買い物 alike, and is neither."""
    words = chosen_by_sound(Heard.of(written, sure), FOUR, Readings().kana)
    assert (meant(words, FOUR) if words else "") == (FOUR.choices[number - 1].says if number else "")


@pytest.mark.parametrize(
    "heard",
    [
        Heard.of("椅子を捨てたい", 0.4),
        Heard.of("二段ベッド", 0.6),
        Heard.of("いあん", 0.06),
        Heard.of("看板を捨てたい", 0.6),
        Heard.of("はい", 0.9),
    ],
)
def test_control_what_sounds_like_no_button_chooses_none(heard):
    assert chosen_by_sound(heard, FOUR, Readings().kana) == ""


def test_a_class_is_chosen_by_a_name_that_was_misheard():
    assert meant(chosen_by_sound(Heard.of("かうもの", 0.4), FOUR, Readings().kana), FOUR) == "12/4（金）14:00 買い物"
    assert chosen_by_sound(Heard.of("2段め", 0.4), replace(FOUR, action="faq"), Readings().kana)
    assert (
        chosen_by_sound(Heard.of("2段め", 0.4), replace(FOUR, action="answer", choices=(Choice("はい", "はい"),) * 4), Readings().kana)
        == ""
    )


@pytest.mark.parametrize("said", ["9番目", "椅子を捨てたい", "1"])
def test_what_chooses_nothing_stays_as_it_was_said(said):
    assert meant(said, WASTE if said == "1" else CLASSES) == said


def test_a_late_yes_takes_no_seat_away():
    assert meant("はい", SEAT) == "はい" and meant("はい", CLASSES) == "12/1（火）10:00 電話"


def test_a_button_says_what_to_do_with_which_class():
    assert pressed("12/1（火）10:00 電話 を取り消す") == ("cancel", "12/1（火）10:00 電話")
    assert pressed("12/1（火）10:00 電話 を本当に取り消す") == ("really_cancel", "12/1（火）10:00 電話")
    assert pressed("12/1（火）10:00 電話") == ("choose", "12/1（火）10:00 電話")
    assert pressed("粗大ごみを取り消す") is None


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("申し込みを見せて", "mine"),
        ("教室をキャンセルしたい", "cancel_some"),
        ("待つのをやめる", "leave_some"),
        ("席に決めます", "accept_some"),
        ("私の記録", "record"),
        ("家族に頼みたい", "family_code"),
        ("家族をやめる", "family_end"),
        ("家族は見るだけ", "family_see"),
        ("家族は申し込みまで", "family_book"),
        ("家族は全部できる", "family_cancel"),
        ("cancel my class", "cancel_some"),
        ("粗大ごみの申し込みをキャンセルしたい", None),
        ("家具をやめる", None),
    ],
)
def test_wishes_about_ones_own_classes(said, wanted):
    assert wish(said, None) == wanted


def test_a_bare_cancel_means_a_class_only_right_after_talking_of_classes():
    assert (wish("キャンセル", SEAT), wish("キャンセル", WASTE), wish("キャンセル", None)) == ("cancel_some", None, None)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("着きました 4821", "4821"),
        ("4821", "4821"),
        ("４８２１です着きました", "4821"),
        ("着きました。よんはちにいち", "4821"),
        ("到着しました、四八二一です", "4821"),
        ("よんはちにいち", ""),
        ("つ来ました番号は呼んはちに一です", "4821"),
        ("つ来ました番号は呼んはちに一でう", "4821"),
        ("椅子4821個", ""),
    ],
)
def test_the_number_on_the_board_is_heard(said, code):
    assert board_code(said) == code
