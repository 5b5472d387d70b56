"""What a town's examples teach is kept beside them: the next start need not learn again, and a spoilt file harms nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from accessibility import Readings
from inclusion.municipalities import Town, load_town
from inclusion.municipalities.importing import new_town
from inclusion.understanding import topics as learning
from inclusion.understanding.meaning import Meaning, Vector
from inclusion.understanding.said import Example, examples
from inclusion.understanding.topics import Topics, stored_in, topics_of

READINGS = Readings({})
Started = tuple[Callable[[Town], Topics], list[int]]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """Opens a town's topics as a new process would; tells how many times anything was learnt."""
    lessons: list[int] = []
    learn = learning.learnt

    def counted(known: list[Example], readings: Readings) -> Topics:
        lessons.append(len(known))
        return learn(known[:60], readings)  # the first sixty teach it what this story needs

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
    assert (first.weights == second.weights).all()


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


def test_what_every_town_learns_from_is_encoded_once(monkeypatch: pytest.MonkeyPatch, town: Town) -> None:
    encoded: list[str] = []
    of = Meaning.of

    def counted(meaning: Meaning, texts: list[str]) -> Vector:
        encoded.extend(texts)
        return of(meaning, texts)

    monkeypatch.setattr(learning, "_shared", {})
    monkeypatch.setattr(Meaning, "of", counted)
    some = [*examples(town)][:40]
    first = learning.learnt(some, READINGS)
    once = len(encoded)
    second = learning.learnt([*some, Example("f.own", "小里の役場はどこにありますか")], READINGS)
    assert once > len(some) and len(encoded) - once == 3  # the width of a row is measured on one, and the new one is heard in two ways
    assert (learning.learnt(some, READINGS).weights == first.weights).all() and "f.own" in second.labels
