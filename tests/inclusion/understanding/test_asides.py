"""A thing told in passing is not thrown away with the one that is meant."""

from __future__ import annotations

import pytest

from inclusion.understanding import Talk, Understanding

from .conftest import NOW, Conversation


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ("着物を掛けておいた衣桁", "S00087"),
        ("おひなさまを飾ってた雛壇を捨てたい", "S00372"),
        ("雛壇なんですけどね、おひなさまを並べてたんですよ", "S00372"),
        ("昔ビデオテープを見ていたビデオデッキ", "S00371"),
        ("瀬戸物の火鉢", "S00373"),
        ("火鉢なんですが、瀬戸物なの", "S00373"),
        ("布団を干していた物干し竿", "S00429"),
    ],
)
def test_only_what_is_meant_is_counted(understanding: Understanding, said: str, target: str) -> None:
    request, _ = understanding.understand(said, Talk(), NOW)
    assert request.ids == (target,)


@pytest.mark.parametrize(
    ("said", "targets"),
    [
        ("椅子を捨てて机も捨てたい", {"desk", "S00088"}),
        ("布団を3枚と座布団を5枚捨てたい", {"S00376", "S00194"}),
        ("椅子が壊れたので机と一緒に捨てたい", {"desk", "S00088"}),
        ("ベッドを買い替えたのでマットレスを捨てたい", {"bed", "mattress"}),
    ],
)
def test_two_things_meant_stay_two(understanding: Understanding, said: str, targets: set[str]) -> None:
    request, _ = understanding.understand(said, Talk(), NOW)
    assert set(request.ids) == targets


def test_a_name_that_ends_in_a_thing_is_that_thing(understanding: Understanding) -> None:
    request, _ = understanding.understand("コンビニ弁当の空き容器", Talk(), NOW)
    assert request.ids == ("S00059",)


@pytest.mark.parametrize(("said", "faq"), [("ふるほん祭りはいつ", "f.fest_oldbook"), ("ファミリーバザールはいつ", "f.fest_bazaar")])
def test_a_festival_named_after_a_thing_is_a_festival(understanding: Understanding, said: str, faq: str) -> None:
    request, _ = understanding.understand(said, Talk(), NOW)
    assert request.ids == (faq,)


def test_how_slowly_is_no_small_talk(understanding: Understanding) -> None:
    request, _ = understanding.understand("ものすごくゆっくり話して", Talk(), NOW)
    assert request.ids == ("s.slower",)


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("引っ越すので布団と炊飯器を捨てたい", ("S00376", "S00216")),
        ("I'm moving out next week and need to get rid of a futon", ("S00376",)),
        ("引っ越しで大量のごみが出ます", ("f.moving",)),
        ("引っ越しで布団がたくさん出ます", ("f.moving",)),
    ],
)
def test_why_a_thing_is_thrown_away_does_not_hide_the_thing(conversation: Conversation, said: str, ids: tuple[str, ...]) -> None:
    assert conversation.say(said).ids == ids


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("ポータブルトイレ（介護用）は収集の対象になりますか？", ["S00132"]),
        ("シングルベッドの枠だけ出します。マットはもう処分済みです。", ["S00212"]),
        ("シングルベッドの枠とマットレスを出します。", ["S00212"]),
        ("FAX機。捨てたい。料金?", ["S00313"]),
    ],
)
def test_what_stands_beside_a_thing_does_not_change_it(conversation: Conversation, said: str, ids: list[str]) -> None:
    request = conversation.say(said)
    assert [item.id for item in request.items] == ids


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("おひなさまはとっとくんです。飾る段、雛壇だけ、捨てたいの", {"S00372"}),
        ("自転車はまだ乗るから、空気入れだけ出したい", {"S00156"}),
        ("自転車の前の輪っか、車輪だけ一つ残ってるんだけど", {"S00201"}),
        ("こたつ本体はまだ使うの。上の板、こたつ板だけ割れちゃったから", {"S00179"}),
        ("枕2つと空気入れだけ出したい", {"S00417", "S00156"}),
        ("枕だけでなく空気入れも", {"S00417", "S00156"}),
        ("枕が2つあって、空気入れが1つだけあります", {"S00417", "S00156"}),
    ],
)
def test_of_several_things_the_one_alone_is_to_go(conversation: Conversation, said: str, ids: set[str]) -> None:
    assert set(conversation.say(said).ids) == ids
