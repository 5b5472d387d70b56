"""The tables of patterns that clerks keep: a row that cannot be used is named before anybody is answered from it."""

from __future__ import annotations

import pytest

from inclusion.understanding import patterns


def test_every_row_of_ours_can_be_used() -> None:
    assert list(patterns.faults()) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("slow,any,ゆっくり.{0,2}話,a note", "カンマで切れています"),
        ("slow,any,ゆっくり.{0,2}話", "カンマで切れています"),
        ("slow,any,(ゆっくり,a note", "式として読めません"),
        ("slow,all,ゆっくり,a note", "before、any、after"),
        (",any,ゆっくり,a note", "両方がいります"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_reason(monkeypatch: pytest.MonkeyPatch, line: str, told: str) -> None:
    with_row(monkeypatch, line)
    (fault,) = patterns.faults()
    assert fault.startswith("words/patterns/wishes.csv 2行目") and told in fault


def test_a_quoted_row_with_a_comma_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    with_row(monkeypatch, 'slow,any,"ゆっくり.{0,2}話",a note')
    assert list(patterns.faults()) == [] and patterns.Patterns("wishes")("slow").search("ゆっくりと話して")


def with_row(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """The only table, with this row in its second line."""
    monkeypatch.setattr(patterns, "TABLES", ("wishes",))
    monkeypatch.setattr(patterns, "_rows", lambda table: patterns.rows_of(f"{','.join(patterns.COLUMNS)}\n{line}\n", table))
