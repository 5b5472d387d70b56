"""What a town's examples teach is kept beside them: the next start need not learn again, and a spoilt file harms nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from accessibility import Readings
from inclusion.municipalities import Town, load_town
from inclusion.municipalities.importing import new_town
from inclusion.understanding import topics as learning
from inclusion.understanding.meaning import Meaning, Vector
from inclusion.understanding.said import Example
from inclusion.understanding.topics import Topics, stored_in, topics_of
from inclusion.understanding.trunk import Trunk, bundled_trunk

READINGS = Readings({})
Started = tuple[Callable[[Town], Topics], list[int]]


@cache
def learnt_once(known: tuple[Example, ...], words: tuple[Example, ...], learn: Callable[..., Topics] = learning.learnt) -> Topics:
    return learn(list(known), bundled_trunk(), READINGS, list(words))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """Opens a town's topics as a new process would; tells how many times anything was learnt."""
    lessons: list[int] = []

    def counted(known: list[Example], trunk: Trunk, readings: Readings, words: list[Example]) -> Topics:
        lessons.append(len(known))
        return learnt_once(tuple(known[:20]), tuple(words[:20]))  # the first twenty teach it what these stories need

    monkeypatch.setattr(learning, "learnt", counted)

    def start(town: Town) -> Topics:
        monkeypatch.setattr(learning, "_held", {})
        return topics_of(town, READINGS)

    return start, lessons


@pytest.fixture
def town(tmp_path: Path) -> Town:
    new_town("kosato", tmp_path / "kosato", "小里町")
    return load_town(tmp_path / "kosato")


def test_the_second_start_reads_what_the_first_one_learnt(started: Started, town: Town) -> None:
    start, lessons = started
    first, second = start(town), start(town)
    assert len(lessons) == 1
    assert first.labels == second.labels
    assert (first.layer.weights == second.layer.weights).all()


@pytest.mark.parametrize("spoilt", [b"", b"no archive at all", b"PK\x03\x04 cut off"])
def test_a_spoilt_file_is_learnt_anew(started: Started, town: Town, spoilt: bytes) -> None:
    start, lessons = started
    stored_in(town).write_bytes(spoilt)
    start(town)
    start(town)
    assert len(lessons) == 1


def test_a_folder_nobody_may_write_to_still_gives_a_town(started: Started, town: Town, tmp_path: Path) -> None:
    start, lessons = started
    away = replace(town, folder=str(tmp_path / "gone"))
    assert start(away).labels
    assert start(away).labels
    assert len(lessons) == 2


def test_what_every_town_learns_from_is_not_read_again(monkeypatch: pytest.MonkeyPatch, town: Town) -> None:
    read: list[str] = []
    of = Meaning.of

    def counted(meaning: Meaning, texts: list[str]) -> Vector:
        read.extend(texts)
        return of(meaning, texts)

    monkeypatch.setattr(Meaning, "of", counted)
    own = [Example("f.own", "小里の役場はどこにありますか"), Example("f.own", "役場"), Example("f.other", "ごみの日")]
    topics = learning.learnt(own, bundled_trunk(), READINGS)
    assert len(read) == 6  # each as it is written and as it sounds
    assert {"f.own", "f.other", "◯", "✕", "!fraud", "s.larger"} <= set(topics.labels)
    assert not [label for label in topics.labels if label.startswith("h.")]  # a town without one-to-one help explains no telephone


def test_the_same_examples_teach_the_same() -> None:
    own = [Example("f.own", "小里の役場はどこにありますか"), Example("f.other", "ごみの日")]
    first, second = (learning.learnt(own, bundled_trunk(), READINGS) for _ in range(2))
    assert (first.layer.weights == second.layer.weights).all()
