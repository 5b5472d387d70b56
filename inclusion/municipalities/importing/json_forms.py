"""The two JSON forms citizens' projects publish (separation + schedule, and gomidata) into a draft."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from inclusion.municipalities.collection_rules import Recurrence, Rule, write_rule
from inclusion.municipalities.errors import ImportRefused

from .draft import Draft, DraftCollection, DraftRow, Note, doubt
from .foreign import read_foreign_text

SEPARATION, SCHEDULE = "separation.json", "schedule.json"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
COMMON_CATEGORIES: Mapping[str, str] = {
    "burnable": "燃えるごみ",
    "unburnable": "燃えないごみ",
    "oversized": "粗大ごみ",
    "hazardous": "有害ごみ",
    "recyclable": "資源",
    "legalrecycling": "法律でリサイクルするもの",
    "pointcollection": "拠点回収",
    "localcollection": "地域の回収",
    "uncollectible": "収集しないもの",
}


def read_json(path: Path) -> Draft:
    """A file or the folder that holds the files, schema folders left aside. Raises ImportRefused."""
    notes: list[Note] = []
    found = {file.name: _parsed(file, notes) for file in _files(path)}
    gomidata = next((one for one in found.values() if isinstance(one, dict) and "articles" in one), None)
    if gomidata is not None:
        return _gomidata(gomidata, notes)
    separation, schedule = found.get(SEPARATION), found.get(SCHEDULE)
    if separation is None and schedule is None:
        raise ImportRefused(f"{path} に separation.json・schedule.json も、articles のある gomidata の JSON もありません。")
    try:
        rows = list(_separation(separation or {"categories": []}))
        collections = list(_schedule(schedule or {"areas": []}, notes))
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as broken:
        raise ImportRefused(f"JSON の形が決まりと違います（{broken}）。_schema の決まりと見比べてください。") from None
    name = str((schedule or {}).get("city_name_ja", ""))
    title = f"{name or 'この自治体'} ごみ分別と収集日（JSON から取り込み・未照合）"
    return Draft(tuple(rows), tuple(collections), name, "", title, str((schedule or {}).get("source_url", "")), notes=tuple(notes))


def _files(path: Path) -> list[Path]:
    start = path if path.is_dir() else path.parent
    if path.is_file() and path.name not in (SEPARATION, SCHEDULE):
        return [path]
    files = sorted(file for file in start.rglob("*.json") if "_schema" not in file.parts)
    if not files:
        raise ImportRefused(f"{path} に JSON のファイルがありません。")
    if doubles := [name for name, number in Counter(file.name for file in files).items() if number > 1]:
        raise ImportRefused(f"{path} に {'、'.join(doubles)} がいくつもあります。1つの自治体のフォルダーを指定してください。")
    return files


def _parsed(file: Path, notes: list[Note]) -> Any:
    try:
        return json.loads(read_foreign_text(file, notes))
    except (json.JSONDecodeError, RecursionError) as broken:
        line = getattr(broken, "lineno", 0)
        raise ImportRefused(f"{file.name} の{line}行目で JSON の書き方が崩れています。元のファイルを確かめてください。") from None


def _separation(separation: Mapping[str, Any]) -> Iterator[DraftRow]:
    for category in separation["categories"]:
        for item in category.get("items", ()):
            yield _item(item, category["name_ja"], "")
        for part in category.get("subcategories", ()):
            for item in part.get("items", ()):
                yield _item(item, category["name_ja"], part.get("preparation_ja", ""))


def _item(item: Mapping[str, Any], category: str, preparation: str) -> DraftRow:
    words = tuple(str(word) for word in item["keywords"] if word != item["name_ja"])
    note = str(item.get("notes_ja", ""))
    return DraftRow(str(item["name_ja"]), str(category), note, remark=str(preparation), words=words, file=SEPARATION)


def _schedule(schedule: Mapping[str, Any], notes: list[Note]) -> Iterator[DraftCollection]:
    areas = schedule["areas"]
    same = Counter(area["area_id"] for area in areas)
    if any(number > 1 for number in same.values()):
        notes.append(doubt(SCHEDULE, 0, "同じ area_id の地区がいくつもあるので、地区は名前で見分けました。"))
    for area in areas:
        for category in area["categories"]:
            days = category["collection_days"]
            rule = _rule(days)
            if rule is None:
                notes.append(
                    doubt(SCHEDULE, 0, f"『{area['area_name_ja']}』の{category['name_ja']}は、申し込み制なので収集日に入れていません。")
                )
                continue
            extra = [str(category[key]) for key in ("collection_time", "notes_ja") if category.get(key)]
            yield DraftCollection(str(area["area_name_ja"]), str(category["name_ja"]), write_rule(rule), " ".join(extra))


def _rule(days: Mapping[str, Any]) -> Rule | None:
    if days["type"] == "weekly":
        return Rule((Recurrence("weekly", weekdays=tuple(DAYS.index(day) for day in days["days"])),))
    if days["type"] == "monthly":
        nths = tuple((int(one["week"]), DAYS.index(one["day"])) for one in days["pattern"])
        return Rule((Recurrence("nth", nths=nths),))
    return None


def _gomidata(form: Mapping[str, Any], notes: list[Note]) -> Draft:
    """One municipality's articles; `localCategoryDefinition` names its own categories, the common ones get our words."""
    local = _local_categories(form.get("localCategoryDefinition"))
    try:
        rows = tuple(_article(article, local) for article in form["articles"])
    except (KeyError, TypeError, AttributeError) as broken:
        raise ImportRefused(f"JSON の形が gomidata の決まりと違います（{broken}）。") from None
    unnamed = sorted({row.category for row in rows} - set(local.values()) - set(COMMON_CATEGORIES.values()))
    if unnamed:
        notes.append(
            doubt("", 0, f"名前の分からない分類があります: {'、'.join(unnamed)}。waste/sorting.csv の category を直してください。")
        )
    if not local:
        notes.append(doubt("", 0, "分類の名前は共通の訳です。自治体の呼び方に合わせて waste/sorting.csv の category を直してください。"))
    name = form.get("municipality", "")
    named = str(name.get("name", "") if isinstance(name, dict) else name)
    code = str(name.get("code", "")) if isinstance(name, dict) else ""
    title = f"{named or 'この自治体'} ごみ分別（gomidata から取り込み・未照合）"
    return Draft(rows, (), named, code, title, str(form.get("sourceUrl", "")), notes=tuple(notes))


def _local_categories(definition: Any) -> Mapping[str, str]:
    """The town's own names, whether they come as a mapping or as a list of {id, name}."""
    if isinstance(definition, dict):
        return {str(key): str(value.get("name", key) if isinstance(value, dict) else value) for key, value in definition.items()}
    if isinstance(definition, list):
        found = {str(one.get("id") or one.get("categoryId", "")): str(one.get("name", "")) for one in definition if isinstance(one, dict)}
        return {key: value for key, value in found.items() if key and value}
    return {}


def _article(article: Mapping[str, Any], local: Mapping[str, str]) -> DraftRow:
    category = str(article["categoryId"])
    named = local.get(category) or COMMON_CATEGORIES.get(category, category)
    return DraftRow(str(article["name"]), named, str(article.get("note") or ""), str(article.get("nameKana") or ""))
