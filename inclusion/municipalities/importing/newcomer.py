"""Makes a new town's folder: from files somebody published, or from nothing but its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accessibility import Readings
from inclusion.municipalities.errors import ImportRefused

from . import pack_files, templates
from .area_answers import area_answers, place_of
from .codes import repaired_code
from .dictionary import Dictionary, build_dictionary
from .draft import Draft, Note, doubt, repair
from .five374 import read_5374
from .json_forms import read_json
from .numbering import plain
from .pages import Known, faq_pages, messages
from .reading_words import bare, made_reading, parts_of
from .report import ImportReport
from .standard import read_standard

FORMATS = ("5374", "standard", "json")
UNNAMED = "この自治体"
MOST_SAMPLES = 2


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the clerk told beside the files; "" and None leave it to the files."""

    name: str = ""
    code: str = ""
    phone: str = ""
    as_of: str = ""
    swap: bool | None = None
    only_calendar: bool = False


def import_town(form: str, path: Path, folder: Path, today: date, wishes: Wishes | None = None) -> ImportReport:
    """Read `path`, write a pack into `folder` (new or empty) and tell what was done. Raises ImportRefused; nothing is written then."""
    wishes = wishes or Wishes()
    if not path.exists():
        raise ImportRefused(f"{path} がありません。ファイルかフォルダーの場所を確かめてください。")
    draft = _readers(wishes)[form](path)
    readings = Readings()
    dictionary = build_dictionary(draft.rows, readings, f"{today:%Y-%m}")
    notes: list[Note] = []
    name = _name(draft, wishes, readings, notes)
    words = {plain(part) for row in draft.rows for part in (*parts_of(row.name), *row.words)}
    policies, aliases = area_answers(draft.collections, words, readings, today, notes)
    notes += _code_notes(wishes)
    phone = wishes.phone or dictionary.bulky_phone
    desk = "bulky_center" if phone and not wishes.phone else "help_desk"
    if not phone:
        notes.append(doubt("contacts.csv", 0, "電話番号が分かりません。help_desk と bulky_center の phone に番号を書いてください。"))
    report = _report(name, draft, dictionary, (*draft.notes, *dictionary.notes, *notes))
    settings = templates.TownSettings(folder.name, name, made_reading(name, readings), _code(draft, wishes), wishes.as_of, desk)
    known = Known(name, dictionary.bulky_word, phone, wishes.phone, _some_area(draft), _samples(dictionary))
    texts = {
        **pack_files.empty_sheets(),
        **pack_files.waste_sheets(dictionary.sorting, dictionary.items, (*dictionary.policies, *policies), (*dictionary.aliases, *aliases)),
        **_calendar(draft),
        **_common(settings, known, draft),
        "import-report.md": report.text(),
    }
    pack_files.write_pack(folder, texts)
    return report


def new_town(slug: str, folder: Path, name: str = "") -> None:
    """A folder with commented templates, ready for its name. Raises ImportRefused when the folder holds something."""
    if not re.fullmatch(r"[a-z][a-z0-9-]*", slug):
        raise ImportRefused(f"『{slug}』は使えません。町の名前を、英字の小文字・数字・「-」で書いてください（例: kosato）。")
    settings = templates.TownSettings(slug, name, made_reading(name, Readings()) if name else "")
    known = Known(name or UNNAMED)
    first = pack_files.waste_sheets((), (), templates.first_policies(), templates.first_aliases())
    pack_files.write_pack(folder, {**pack_files.empty_sheets(), **first, **_common(settings, known, None), **templates.examples()})


def _readers(wishes: Wishes) -> Mapping[str, Callable[[Path], Draft]]:
    return {
        "5374": lambda path: read_5374(path, wishes.only_calendar),
        "standard": lambda path: read_standard(path, wishes.swap),
        "json": read_json,
    }


def _name(draft: Draft, wishes: Wishes, readings: Readings, notes: list[Note]) -> str:
    if name := wishes.name or draft.name:
        reading = made_reading(name, readings)
        notes.append(
            doubt("town.toml", 0, f"自治体の名前の読みは、こちらで作りました（{reading}）。違っていたら reading を直してください。")
        )
        return name
    told = f"自治体の名前がデータにないので『{UNNAMED}』としました。--name を付けて取り込み直すか、name と reading を直してください。"
    notes.append(doubt("town.toml", 0, told))
    return UNNAMED


def _code(draft: Draft, wishes: Wishes) -> str:
    return (repaired_code(wishes.code).code if wishes.code else "") or draft.code


def _code_notes(wishes: Wishes) -> list[Note]:
    code = repaired_code(wishes.code)
    found = [repair("town.toml", 0, f"自治体コード{code.repaired}")] if code.repaired else []
    return found + ([doubt("town.toml", 0, code.doubtful)] if code.doubtful else [])


def _report(name: str, draft: Draft, dictionary: Dictionary, notes: tuple[Note, ...]) -> ImportReport:
    areas = {row.area for row in draft.collections}
    counts = (len(dictionary.sorting), len(dictionary.items), len(areas), len(draft.collections))
    return ImportReport(name, *counts, dictionary.generated, notes, next(iter(_samples(dictionary)), "電池"))


def _calendar(draft: Draft) -> Mapping[str, str]:
    if not draft.collections:
        return {}
    rows = ({"area": row.area, "category": row.category, "rule": row.rule, "note": row.note} for row in draft.collections)
    return {"collections.csv": pack_files.collections_sheet(rows)}


def _common(settings: templates.TownSettings, known: Known, draft: Draft | None) -> Mapping[str, str]:
    """What every new pack has: settings, sources, desks, the least guard, three pages and its own wording."""
    return {
        "town.toml": templates.town_toml(settings),
        "sources.csv": pack_files.sources(templates.source_rows(known.name, draft)),
        "contacts.csv": pack_files.contacts(templates.desk_rows(known)),
        "slots.yaml": templates.slots_yaml(),
        "guard.yaml": pack_files.minimum("guard.yaml"),
        "messages.csv": pack_files.messages_sheet(messages(known)),
        "SOURCES.md": templates.sources_page(known.name, draft),
        **faq_pages(known),
    }


def _some_area(draft: Draft) -> str:
    return place_of(draft.collections[0].area) if draft.collections else ""


def _samples(dictionary: Dictionary) -> tuple[str, ...]:
    """Things to try: short names without brackets, from the beginning and the middle of the list."""
    shared = {row["name"] for row in dictionary.policies}
    names = [cells["name"] for cells in dictionary.sorting if len(cells["name"]) <= 8 and bare(cells["name"]) == cells["name"]]
    good = [name for name in names if name not in shared]
    return tuple(dict.fromkeys(good[at] for at in (0, len(good) // 2)))[:MOST_SAMPLES] if good else ()
