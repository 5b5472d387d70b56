"""What a resident hears when naming where she lives: the collection days of every area of that name, as rows of policy and aliases."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from accessibility import Readings
from inclusion.municipalities.collection_days import in_words
from inclusion.municipalities.collection_rules import parse_rule

from .draft import DraftCollection, Note, doubt
from .numbering import plain
from .reading_words import made_reading

NUMBER = r"[0-9０-９一二三四五六七八九十]+"
BLOCKS = re.compile(rf"[（(].*$|(?:{NUMBER}(?:丁目)?(?:[〜～~・、，,\-－ー]|から)*)+丁目.*$")
LONGEST_CATEGORY = 12
Cells = Mapping[str, str]


def area_answers(
    collections: Sequence[DraftCollection], taken: Collection[str], readings: Readings, today: date, notes: list[Note]
) -> tuple[list[Cells], list[Cells]]:
    """Policy rows and alias rows, one of each for every name of a place; names that are also things stay out."""
    policies: list[Cells] = []
    aliases: list[Cells] = []
    skipped = []
    for place, rows in _by_place(collections).items():
        reading = made_reading(place, readings)
        if plain(place) in taken or not reading:
            skipped.append(place)
            continue
        row_id = f"b.days{len(policies) + 1:03}"
        policies.append(_policy(row_id, place, reading, rows, today))
        aliases += _ways_to_ask(place, reading, row_id, rows, readings)
    if skipped:
        notes.append(doubt("collections.csv", 0, f"品目と同じ名前なので、地区の名前だけでは答えません: {'、'.join(skipped)}"))
    _note_old_days(collections, today, notes)
    return policies, aliases


def _ways_to_ask(place: str, reading: str, row_id: str, rows: Sequence[DraftCollection], readings: Readings) -> list[Cells]:
    """新井, 新井のごみの日, 新井の燃やすごみ: the place alone, and with what one asks about."""
    asked = {"": "", "のごみ": "のごみ", "のごみの日": "のごみのひ"}
    asked |= {f"の{category}": f"の{made_reading(category, readings)}" for category in dict.fromkeys(row.category for row in rows)}
    words = ((f"{place}{more}", f"{reading}{spoken}") for more, spoken in asked.items() if len(more) <= LONGEST_CATEGORY)
    return [
        {"word": word, "reading": spoken, "target": row_id, "language": "ja", "slots": "", "note": "取り込みで作成"}
        for word, spoken in words
    ]


def place_of(area: str) -> str:
    """暁町１〜３丁目 -> 暁町: what people say when asked where they live."""
    return BLOCKS.sub("", area).strip(" 　") or area


def days_told(collections: Iterable[DraftCollection], today: date) -> dict[str, tuple[str, str]]:
    """Headline and details of every place, as `area_answers` words them on that day."""
    return {place: _told(place, rows, today) for place, rows in _by_place(collections).items()}


def _by_place(collections: Iterable[DraftCollection]) -> dict[str, list[DraftCollection]]:
    found: dict[str, list[DraftCollection]] = defaultdict(list)
    for row in collections:
        found[place_of(row.area)].append(row)
    return found


def _policy(row_id: str, place: str, reading: str, rows: Sequence[DraftCollection], today: date) -> Cells:
    headline, details = _told(place, rows, today)
    return {
        "id": row_id,
        "name": f"{place}の収集日",
        "reading": f"{reading}のしゅうしゅうび",
        "category": "収集日",
        "headline": headline,
        "details": details,
        "contacts": "",
        "source": "imported",
        "checked_on": "",
    }


def _told(place: str, rows: Sequence[DraftCollection], today: date) -> tuple[str, str]:
    areas = dict.fromkeys(row.area for row in rows)
    several = len(areas) > 1
    headline = f"「{place}」の収集日は、丁目などで分かれます。" if several else f"「{place}」の収集日です。"
    lines = [line for area in areas for line in _lines(area, [row for row in rows if row.area == area], several, today)]
    notes = dict.fromkeys(row.note for row in rows if row.note)
    return headline, "|".join(text.replace("|", "／") for text in (*lines, *notes))


def _lines(area: str, rows: Sequence[DraftCollection], several: bool, today: date) -> list[str]:
    said = [f"{row.category} … {_days(row.rule, today)}" for row in rows]
    return [f"{area}: {'／'.join(said)}"] if several else said


def _days(text: str, today: date) -> str:
    rule = parse_rule(text)
    if rule is None:
        return text
    if rule.ends_before(today):
        last = max(day for one in rule.recurrences for day in one.dates)
        return f"収集日の一覧は{last.year}年{last.month}月{last.day}日で終わっています。新しい予定は役所にお尋ねください"
    return in_words(rule)


def _note_old_days(collections: Iterable[DraftCollection], today: date, notes: list[Note]) -> None:
    old = [row for row in collections if (rule := parse_rule(row.rule)) and rule.ends_before(today)]
    if old:
        told = f"日付の一覧がもう終わっているものが{len(old)}件あります。新しい予定を collections.csv に入れてください。"
        notes.append(doubt("collections.csv", 0, told))
