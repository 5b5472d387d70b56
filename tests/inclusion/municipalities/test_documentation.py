"""docs/town-packs.md lists exactly the files, columns and keys that the code reads, in both of its languages."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from inclusion.municipalities.columns import (
    BULKY_KEYS,
    FAQ_KEYS,
    GROUP_KEYS,
    GUARD_KEYS,
    NUMBER_SLOTS,
    ROW_KEYS,
    SHEETS,
    SORTING_KEYS,
    TOWN_KEYS,
    WORD_SLOTS,
)

TEXT = (Path(__file__).parents[3] / "docs" / "town-packs.md").read_text(encoding="utf-8")
ENGLISH, JAPANESE = TEXT.split("\n# 日本語\n")
LANGUAGES = pytest.mark.parametrize("page", [ENGLISH, JAPANESE], ids=["english", "japanese"])


def documented(page: str, heading: str) -> tuple[str, ...]:
    """The names in the first column of the table under this heading."""
    sections = re.split(r"^### ", page, flags=re.MULTILINE)[1:]
    under = {section.splitlines()[0].strip().strip("`"): section for section in sections}
    return tuple(re.findall(r"^\| `([^`]+)` \|", under[heading], re.MULTILINE))


@LANGUAGES
@pytest.mark.parametrize("shape", SHEETS, ids=lambda shape: shape.file)
def test_the_documented_columns_are_the_codes_columns(page: str, shape) -> None:  # type: ignore[no-untyped-def]
    assert documented(page, shape.file) == shape.names


@LANGUAGES
@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("town.toml", TOWN_KEYS + BULKY_KEYS + SORTING_KEYS),
        ("slots.yaml", GROUP_KEYS + ROW_KEYS),
        ("guard.yaml", GUARD_KEYS),
        ("faq/*.md", FAQ_KEYS),
        ("slots", NUMBER_SLOTS + WORD_SLOTS),
    ],
)
def test_the_documented_keys_are_the_codes_keys(page: str, heading: str, keys: tuple[str, ...]) -> None:
    assert documented(page, heading) == keys


@LANGUAGES
def test_every_word_a_choice_column_accepts_is_documented(page: str) -> None:
    words = [word for shape in SHEETS for column in shape.columns for word in column.choices]
    assert [word for word in words if f"`{word}`" not in page] == []


def test_both_languages_have_the_same_sections_in_the_same_order() -> None:
    levels = [re.findall(r"^(#{2,3}) ", page, re.MULTILINE) for page in (ENGLISH, JAPANESE)]
    assert all(one == other for one, other in pairwise(levels))
