"""Words that lead to several rows get one answer that shows them all; without it the first row would win, and be wrong with confidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from accessibility import Readings

from .numbering import Numbered, plain
from .reading_words import bare, made_reading, parts_of

MOST_LINES = 12
LONGEST_NOTE = 80


def by_word(numbered: Iterable[Numbered]) -> dict[str, list[Numbered]]:
    """Every word a resident may say for these rows, keywords included, with all rows it may mean."""
    found: dict[str, list[Numbered]] = defaultdict(list)
    for one in numbered:
        for word in dict.fromkeys(plain(bare(word)) for word in (*parts_of(one.row.name), *one.row.words)):
            found[word].append(one)
    return found


def shared_words(words: Mapping[str, Sequence[Numbered]], readings: Readings, phone: bool) -> dict[str, dict[str, str]]:
    """Word -> policy row, for every word that leads to rows which do not say the same."""
    found: dict[str, dict[str, str]] = {}
    for word, owners in words.items():
        if len({(one.row.category, one.row.note, one.row.fee_yen) for one in owners}) > 1:
            found[word] = {"id": f"b.kind{len(found) + 1:03}", **_kinds(word, owners, readings, phone)}
    return found


def _kinds(word: str, owners: Sequence[Numbered], readings: Readings, phone: bool) -> dict[str, str]:
    name = _as_written(word, owners)
    categories = list(dict.fromkeys(one.row.category for one in owners))
    alike = f"どれも「{categories[0]}」です" if len(categories) == 1 else "素材や大きさ、種類で分け方が変わります"
    lines = [_line(one) for one in owners[:MOST_LINES]]
    if len(owners) > MOST_LINES:
        lines.append(f"ほかにも{len(owners) - MOST_LINES}通りあります。役所の一覧で確かめてください")
    return {
        "name": name,
        "reading": made_reading(name, readings) or owners[0].reading,
        "category": "・".join(categories),
        "headline": f"「{name}」は、{alike}。",
        "details": "|".join(line.replace("|", "／") for line in lines),
        "contacts": "bulky_center" if phone and any(one.bulky for one in owners) else "",
        "source": "imported",
        "checked_on": "",
    }


def _line(one: Numbered) -> str:
    fee = f" {one.row.fee_yen:,}円（未照合）" if one.row.fee_yen is not None else ""
    note = f"（{one.row.note}）" if one.row.note and len(one.row.note) <= LONGEST_NOTE else ""
    return f"{one.row.name} … {one.row.category}{fee}{note}"


def _as_written(word: str, owners: Sequence[Numbered]) -> str:
    names = (bare(name) for one in owners for name in (*parts_of(one.row.name), *one.row.words))
    return next((name for name in names if plain(name) == word), word)
