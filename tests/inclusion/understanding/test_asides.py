"""A thing told in passing is not thrown away with the one that is meant."""

from __future__ import annotations

import pytest

from inclusion.understanding import Talk, Understanding

from .conftest import NOW


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
