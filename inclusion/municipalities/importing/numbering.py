"""Rows of a draft, each once, with an id that stays and a reading; without it two rows could answer under one number."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import jaconv

from accessibility import Readings

from .draft import DraftRow, Note, doubt, repair
from .reading_words import NOT_KANA, reading_of

BULKY = re.compile(r"粗大|大型|大ごみ|oversized")
OFFICIAL = re.compile(r"^\d{5,6}(S\d{5})$")
OWN_ID = re.compile(r"^S\d{5}$")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A draft row with its id and reading."""

    id: str
    reading: str
    made: bool
    row: DraftRow

    @property
    def bulky(self) -> bool:
        return bool(BULKY.search(self.row.category))


def plain(word: str) -> str:
    """The word as a resident's ear has it: width, case and kana script do not matter."""
    return str(jaconv.kata2hira(unicodedata.normalize("NFKC", word)).lower().replace(" ", ""))


def distinct(rows: Sequence[DraftRow], notes: list[Note]) -> list[DraftRow]:
    """Without rows that say the same again."""
    seen: dict[tuple[str, str, str], int] = {}
    kept = []
    for row in rows:
        key = plain(row.name), row.category, row.note
        if key in seen and row.fee_yen is None:
            notes.append(repair(row.file, row.line, f"『{row.name}』は{seen[key]}行目と同じなので、1つにしました。"))
            continue
        seen.setdefault(key, row.line)
        kept.append(row)
    return kept


def numbered(rows: Sequence[DraftRow], readings: Readings, notes: list[Note]) -> list[Numbered]:
    """Every row with its own id: the official one where it is used once, else the next free number."""
    official = [found[1] if (found := OFFICIAL.match(row.official_id)) else row.official_id for row in rows]
    counted = Counter(official)
    taken = {own for own in official if OWN_ID.match(own) and counted[own] == 1}
    if doubles := [own for own, number in counted.items() if own and number > 1]:
        notes.append(repair("", 0, f"同じ ID の行があったので（{'、'.join(doubles[:5])}）、新しい番号を付けました。"))
    ready: list[Numbered] = []
    fresh = (f"S{number:05}" for number in range(1, 100_000))
    for row, own in zip(rows, official, strict=True):
        reading, made = reading_of(row.name, row.reading, readings)
        if not reading:
            notes.append(doubt(row.file, row.line, f"『{row.name}』の読みを作れないので、取り込んでいません。"))
            continue
        if made and _other_initial(row.reading, reading):
            notes.append(doubt(row.file, row.line, f"『{row.name}』の読みを『{reading}』としましたが、元の頭文字は『{row.reading}』です。"))
        row_id = own if own in taken else next(one for one in fresh if one not in taken)
        ready.append(Numbered(row_id, reading, made, row))
    return ready


def _other_initial(given: str, made: str) -> bool:
    initial = NOT_KANA.sub("", jaconv.kata2hira(unicodedata.normalize("NFKC", given)))[:1]
    return bool(initial) and _unvoiced(initial) != _unvoiced(made[:1])


def _unvoiced(sign: str) -> str:
    """か for が: lists put both under one head."""
    small = dict(zip("ぁぃぅぇぉっゃゅょ", "あいうえおつやゆよ", strict=True))
    return small.get(sign) or str(unicodedata.normalize("NFD", sign)[:1])
