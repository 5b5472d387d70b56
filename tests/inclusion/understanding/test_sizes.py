"""Sizes as people say them, and the size classes they lead to."""

from __future__ import annotations

import pytest

from inclusion.municipalities import Group, SizeRow, Town
from inclusion.understanding.measures import measures, slots_of, with_derived
from inclusion.understanding.normalising import normalise
from inclusion.understanding.sizes import chosen_row


def slots(text: str) -> dict[str, str | float]:
    return with_derived(dict(slots_of(measures(normalise(text)))))


@pytest.mark.parametrize(
    ("text", "slot", "amount"),
    [
        ("直径90cm", "longest_cm", 90),
        ("一メートル20", "any_cm", 120),
        ("高さ170幅60", "two_longest_cm", 230),
        ("90×45×180", "two_longest_cm", 270),
        ("足して135センチ以下です", "two_longest_cm", 135),
        ("1メートル未満です", "any_cm", 99),
        ("六畳", "jo", 6),
        ("一畳より大きいです", "jo", 1.5),
        ("二十四インチ", "inch", 24),
        ("三人掛け", "persons", 3),
        ("厚さ8センチ", "thickness_cm", 8),
    ],
)
def test_a_size_is_read(text: str, slot: str, amount: float) -> None:
    assert slots(text)[slot] == amount


def test_a_count_of_pieces_is_no_size() -> None:
    assert slots("椅子4脚と布団3枚") == {}


@pytest.mark.parametrize(
    ("total", "item"),
    [
        (135, "S00345"),
        (136, "S00346"),
        (180, "S00346"),
        (181, "S00347"),
        (270, "S00347"),
        (271, "S00348"),
        (359, "S00348"),
        (360, "S00349"),
    ],
)
def test_each_edge_of_a_size_class_falls_where_the_ward_says(town: Town, total: float, item: str) -> None:
    row = chosen_row(town.groups["hakomono"], {"two_longest_cm": total})
    assert row is not None and row.item == item


def test_nothing_is_chosen_while_a_side_is_missing(town: Town) -> None:
    assert chosen_row(town.groups["hakomono"], {"height_cm": 180.0}) is None


def test_glass_is_only_chosen_when_it_was_said(town: Town) -> None:
    plain, glass = (chosen_row(town.groups["table"], known) for known in ({"any_cm": 90.0}, {"any_cm": 90.0, "material": "ガラス"}))
    assert plain is not None and plain.item == "S00288"
    assert glass is not None and glass.item == "S00291"


def test_a_broken_condition_chooses_nothing() -> None:
    group = Group("g", "g", "?", ("kind",), (SizeRow("x", {"kind": "丸い"}, "丸い", "丸い"),))
    assert chosen_row(group, {"kind": "四角い"}) is None


def test_every_group_has_at_most_five_short_buttons(town: Town) -> None:
    for group in town.groups.values():
        assert len(group.rows) <= 5, group.id
        assert all(len(row.label) <= 20 for row in group.rows), group.id
