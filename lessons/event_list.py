"""Classes as 自治体標準オープンデータセット「イベント一覧」; without it the town would type its classes again for its open-data catalogue.

Both headings are read: the standard's (2023 on) and the older recommended one. What the list has no column for (helpers, draws, who
applied) stays in our books; `class_sheets.py` carries that.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from .catalogue import ClassOnOffer
from .days import is_ours
from .helper_errors import SheetNumber, SheetWrong

COLUMNS: Final = (
    "全国地方公共団体コード", "ID", "地方公共団体名", "イベント名", "イベント名_カナ",
    "イベント名_英字", "開始日", "終了日", "開始時間", "終了時間",
    "開始日時特記事項", "説明", "料金(基本)", "料金(詳細)", "連絡先名称",
    "連絡先電話番号", "連絡先内線番号", "主催者", "場所名称", "所在地_連結表記",
    "建物名等(方書)", "緯度", "経度", "アクセス方法", "駐車場情報",
    "定員", "参加申込終了日", "参加申込終了時間", "参加申込方法", "URL",
    "タグ", "対象者", "カテゴリー", "備考",
)  # fmt: skip
OLDER: Final = {
    "都道府県コード又は市区町村コード": "全国地方公共団体コード",
    "NO": "ID",
    "市区町村名": "地方公共団体名",
    "イベント名_英語": "イベント名_英字",
    "料金（基本）": "料金(基本)",
    "料金（詳細）": "料金(詳細)",
    "住所": "所在地_連結表記",
    "方書": "建物名等(方書)",
}
TOLD: Final = {
    "code": "タグ",
    "name_kana": "イベント名_カナ",
    "description": "説明",
    "level": "カテゴリー",
    "address": "所在地_連結表記",
    "access": "アクセス方法",
    "whom": "対象者",
    "contact": "連絡先名称",
}
CALLED_OFF: Final = "中止"
SAMPLE: Final = "見本"
BRING: Final = "持ち物："
CIRCLE: Final = 180.0  # degrees
LARGEST: Final = 1_000_000
NEEDED: Final = ("ID", "イベント名", "開始日", "開始時間", "終了時間", "場所名称")


@dataclass(frozen=True, slots=True)
class Listed:
    """One event as the list tells it. `code` is the course (タグ), times are aware, `capacity` 0 where the list says none."""

    line: int
    id: str
    code: str
    name: str
    name_kana: str
    description: str
    level: str
    start: datetime
    end: datetime
    closes: datetime | None
    called_off: bool
    sample: bool
    fee_yen: int
    venue: str
    address: str
    floor: str
    room: str
    lat: float | None
    lon: float | None
    access: str
    parking: bool
    capacity: int
    whom: str
    bring: str
    contact: str


def write_event_list(classes: Iterable[ClassOnOffer], code: str, town: str, public_url: str = "") -> str:
    """The list as text with the standard's heading. `code` is the town's six digits."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for one in classes:
        writer.writerow({"全国地方公共団体コード": code, "地方公共団体名": town, **_row(one, public_url.rstrip("/"))})
    return out.getvalue()


def read_event_list(text: str, tz: str) -> Sequence[Listed]:
    """Every event of a list. Raises SheetWrong for the first cell that cannot be used."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    heading = [OLDER.get(name.strip(), name.strip()) for name in reader.fieldnames or ()]
    for name in NEEDED:
        if name not in heading:
            raise SheetWrong(1, name, "、".join(heading[:4]))
    reader.fieldnames = heading
    zone = ZoneInfo(tz)
    return [_listed({name: (cell or "").strip() for name, cell in row.items() if name}, n, zone) for n, row in enumerate(reader, 2)]


def _row(one: ClassOnOffer, public_url: str) -> Mapping[str, str]:
    place, venue, zone = one.session, one.venue, ZoneInfo(one.session.tz)
    start, end, closes = (at.astimezone(zone) for at in (place.start_date, place.end_date, place.registration_closes))
    days = {"開始日": f"{start:%Y-%m-%d}", "終了日": f"{end:%Y-%m-%d}", "開始時間": f"{start:%H:%M}", "終了時間": f"{end:%H:%M}"}
    remarks = [*([SAMPLE] if place.sample else []), *([BRING + place.what_to_bring] if place.what_to_bring else [])]
    where = {
        "場所名称": venue.name,
        "所在地_連結表記": venue.address,
        "建物名等(方書)": " ".join(part for part in (venue.floor, place.room) if part),
        "緯度": "" if venue.lat is None else str(venue.lat),
        "経度": "" if venue.lon is None else str(venue.lon),
        "アクセス方法": venue.nearest_station,
        "駐車場情報": "有" if "parking" in venue.is_accessible else "",
    }
    return {
        "ID": place.id, "イベント名": place.name, "イベント名_カナ": one.course.name_kana, **days, **where,
        "開始日時特記事項": CALLED_OFF if place.state == "cancelled" else "", "説明": one.course.description,
        "料金(基本)": str(place.fee_yen), "連絡先名称": place.contact, "定員": str(place.maximum_attendee_capacity),
        "参加申込終了日": f"{closes:%Y-%m-%d}", "参加申込終了時間": f"{closes:%H:%M}",
        "URL": f"{public_url}/lessons/{place.id}" if public_url else "", "タグ": one.course.code, "対象者": place.target_audience,
        "カテゴリー": one.course.level, "備考": "。".join(remarks),
    }  # fmt: skip


def _listed(row: Mapping[str, str], line: int, zone: ZoneInfo) -> Listed:
    floor, _, room = row.get("建物名等(方書)", "").rpartition(" ")
    remarks, _, bring = row.get("備考", "").partition(BRING)
    fee = unicodedata.normalize("NFKC", row.get("料金(基本)", "")).replace(",", "").removesuffix("円")
    start, end, closes = _times(row, line, zone)
    told = {name: row.get(column, "") for name, column in TOLD.items()}
    return Listed(
        line=line,
        id=_needed(row, "ID", line),
        name=_needed(row, "イベント名", line),
        venue=_needed(row, "場所名称", line),
        start=start,
        end=end,
        closes=closes,
        called_off=CALLED_OFF in row.get("開始日時特記事項", ""),
        sample=remarks.startswith(SAMPLE),
        fee_yen=0 if fee in ("", "無料") else _number(fee, "料金(基本)", line),
        floor=floor,
        room=room,
        lat=_degrees(row, "緯度", line),
        lon=_degrees(row, "経度", line),
        parking=row.get("駐車場情報", "")[:1] == "有",
        capacity=_number(row.get("定員") or "0", "定員", line),
        bring=bring,
        **told,
    )


def _times(row: Mapping[str, str], line: int, zone: ZoneInfo) -> tuple[datetime, datetime, datetime | None]:
    """Begin, end, and the end of applications where the list tells one."""
    first = _day(row, "開始日", line)
    start = datetime.combine(first, _time(row, "開始時間", line), zone)
    last = _day(row, "終了日", line) if row.get("終了日") else first
    end = datetime.combine(last, _time(row, "終了時間", line), zone)
    if end <= start:
        raise SheetWrong(line, "終了時間", row["終了時間"])
    if not row.get("参加申込終了日"):
        return start, end, None
    by = _time(row, "参加申込終了時間", line) if row.get("参加申込終了時間") else time(23, 59)
    return start, end, datetime.combine(_day(row, "参加申込終了日", line), by, zone)


def _needed(row: Mapping[str, str], column: str, line: int) -> str:
    if not row.get(column):
        raise SheetWrong(line, column, "")
    return row[column]


def _day(row: Mapping[str, str], column: str, line: int) -> date:
    """2026-12-01, 2026/12/1, 20261201, also in full-width digits."""
    found = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", unicodedata.normalize("NFKC", row.get(column, "")))
    try:
        if found:
            day = date(int(found[1]), int(found[2]), int(found[3]))
            if is_ours(day):
                return day
    except ValueError:
        pass
    raise SheetWrong(line, column, row.get(column, ""))


def _time(row: Mapping[str, str], column: str, line: int) -> time:
    """10:00, 10時, 10時30分."""
    found = re.fullmatch(r"(\d{1,2})[:時](\d{1,2})?分?(?::\d{2})?", unicodedata.normalize("NFKC", row.get(column, "")))
    try:
        if found:
            return time(int(found[1]), int(found[2] or 0))
    except ValueError:
        pass
    raise SheetWrong(line, column, row.get(column, ""))


def _number(cell: str, column: str, line: int) -> int:
    found = re.fullmatch(r"(\d{1,7})(?:人|名|円)?", unicodedata.normalize("NFKC", cell))
    if found is None or int(found[1]) > LARGEST:
        raise SheetNumber(line, column, cell)
    return int(found[1])


def _degrees(row: Mapping[str, str], column: str, line: int) -> float | None:
    cell = unicodedata.normalize("NFKC", row.get(column, ""))
    try:
        found = float(cell) if cell else None
    except ValueError:
        raise SheetNumber(line, column, row.get(column, "")) from None
    if found is not None and not abs(found) <= CIRCLE:  # not a number is not within it either
        raise SheetNumber(line, column, row.get(column, ""))
    return found
