"""What one sentence takes back, counts together, measures by the way or tells of its place."""

from __future__ import annotations

import pytest

from inclusion.understanding import Request, Talk, Understanding
from inclusion.understanding.measures import measures

from .conftest import NOW


def ask(understanding: Understanding, *turns: str) -> Request:
    talk = Talk()
    for said in turns:
        request, talk = understanding.understand(said, talk, NOW)
    return request


@pytest.mark.parametrize(
    "said",
    [
        "扇風機、じゃないわ、掃除機を捨てたい",
        "扇風機、やないわ、掃除機を捨てたい",
        "扇風機、ではないです、掃除機を捨てたい",
        "扇風機、間違えました、掃除機",
    ],
)
def test_a_thing_taken_back_within_the_sentence_is_gone(understanding: Understanding, said: str) -> None:
    meant = ask(understanding, "掃除機を捨てたい")
    assert ask(understanding, said).ids == meant.ids
    assert set(meant.ids) < set(ask(understanding, "扇風機、掃除機を捨てたい").ids)  # control


@pytest.mark.parametrize("end", ["の三点で", "の3点でいくら", "、以上3点です", "、計3点"])
def test_a_count_behind_a_list_counts_the_list(understanding: Understanding, end: str) -> None:
    counts = {item.id: item.units for item in ask(understanding, f"扇風機、掃除機、ベビーバス{end}").items}
    assert sorted(counts.values()) == [1, 1, 1]


def test_a_count_of_the_last_thing_stays_its_own(understanding: Understanding) -> None:
    """Control: as many as the list is long, but said of one thing."""
    items = {item.said: item.pieces for item in ask(understanding, "扇風機、掃除機、ベビーバス3個").items}
    assert items["ベビーバス"] == 3


def test_the_material_of_a_sliding_door_is_asked_for(understanding: Understanding) -> None:
    assert ask(understanding, "古い引き戸を処分したい").ids == ("tategu",)
    assert ask(understanding, "古い引き戸を処分したい", "ガラスです").ids == ("S00270",)


@pytest.mark.parametrize("said", ["事務所で使っていた椅子を出したい", "閉店するので棚を処分したい", "会社から出た机を捨てたい"])
def test_what_an_office_throws_away_is_a_businesss(understanding: Understanding, said: str) -> None:
    request = ask(understanding, said)
    assert request.ids == ("f.business",) and request.action in ("confirm", "faq")


def test_the_cleaning_office_is_no_office_that_throws_away(understanding: Understanding) -> None:
    """Control."""
    assert ask(understanding, "椅子を出したい。会社の帰りに買ったもの").ids != ("f.business",)


@pytest.mark.parametrize("said", ["ゴルフの一式", "ゴルフの道具一式を捨てたい", "ゴルフ用品セット"])
def test_a_whole_set_is_known_by_what_it_is_for(understanding: Understanding, said: str) -> None:
    assert ask(understanding, said).ids == ask(understanding, "ゴルフ用具").ids


def test_a_little_more_than_a_metre_is_more_than_a_metre() -> None:
    assert measures("幅が1メートルちょっとの古い本棚")[0].amount == 101.0
    assert measures("幅が1メートルの古い本棚")[0].amount == 100.0


def test_a_size_told_in_a_story_is_kept_for_the_question(understanding: Understanding) -> None:
    request = ask(understanding, "幅が90センチの古い本棚を捨てたい", "高さは170センチくらい")
    assert request.action == "answer" and request.ids == ask(understanding, "本棚 高さ170cm 幅90cm").ids


@pytest.mark.parametrize("said", ["シングルベッド、あ、ちゃうわ、ダブルやった", "ベッドはシングル、じゃないわ、ダブルです"])
def test_a_kind_taken_back_within_the_sentence_is_the_last_one_said(understanding: Understanding, said: str) -> None:
    assert ask(understanding, said).ids == ask(understanding, "ダブルベッド").ids
    assert ask(understanding, "シングルベッド").ids != ask(understanding, "ダブルベッド").ids  # control


@pytest.mark.parametrize(
    ("turns", "said"),
    [
        (("椅子2脚捨てたい", "やっぱり椅子はやめて扇風機だけ"), "扇風機"),
        (("椅子2脚捨てたい", "違った、1脚だった"), "椅子1脚"),
        (("椅子2脚捨てたい", "じゃあ扇風機だったら"), "扇風機"),
    ],
)
def test_a_change_of_mind_in_the_next_turn(understanding: Understanding, turns: tuple[str, ...], said: str) -> None:
    changed, plain = ask(understanding, *turns), ask(understanding, said)
    assert [(one.id, one.units) for one in changed.items] == [(one.id, one.units) for one in plain.items] != []


def test_the_chairs_of_a_shop_are_a_businesss(understanding: Understanding) -> None:
    assert ask(understanding, "お店の椅子を10脚").ids == ("f.business",)
    assert ask(understanding, "お店で買った椅子を10脚").ids != ("f.business",)  # control


def test_one_side_is_corrected_and_the_other_stays(understanding: Understanding) -> None:
    first = ask(understanding, "本棚を捨てたい", "高さ180の幅90")
    corrected = ask(understanding, "本棚を捨てたい", "高さ180の幅90", "やっぱり幅120だった")
    assert corrected.action == "answer" and corrected.ids == ask(understanding, "本棚 高さ180 幅120").ids != first.ids
