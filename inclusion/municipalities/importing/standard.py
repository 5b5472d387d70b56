"""自治体標準「ごみ分別」 CSV of three generations into a draft: columns are found by name, and oddities are repaired aloud."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inclusion.municipalities.errors import ImportRefused

from .codes import repaired_code, without_prefecture
from .draft import Draft, DraftRow, Note, doubt, repair
from .foreign import Record, read_records

# What each column may be called, the first one with content winning. "ゴミ" and "ごみ" count as the same.
CALLED: Mapping[str, tuple[str, ...]] = {
    "name": ("ごみの品目", "品目", "品名", "ごみの品目名", "品目名", "名称", "ごみの種類"),
    "category": ("分別区分", "種別", "区分", "分別", "分け方", "分類区分", "ごみの区分"),
    "note": ("注意点", "備考", "説明", "注意事項", "出し方", "出し方・注意", "出し方・注意点", "出し方のポイント", "注意"),
    "reading": ("読み", "よみ", "よみがな", "ごみの品目_カナ", "品目_カナ", "インデックス(ひらがな)", "インデックス", "カナ", "ふりがな"),
    "fee_kind": ("料金種別",),
    "fee": ("粗大ごみ回収料金", "料金", "手数料", "金額", "料金種別"),
    "fee_note": ("料金備考",),
    "remark": ("備考",),
    "id": ("id", "no"),
    "code": ("全国地方公共団体コード", "都道府県コード又は市区町村コード", "市区町村コード"),
    "town": ("地方公共団体名", "市区町村名"),
}
PREFIX = re.compile(r"^ごみの分別方法_")
# One amount, also for each piece: 500, 1,200円, 500円/台, 1枚300円, 400円(1個につき)
YEN = re.compile(r"^(?:1[^0-9,]{1,4}?)?[¥￥]?([0-9]{1,3}(?:,?[0-9]{3})*)円?(?:/1?[^0-9]{1,3}|\(1[^0-9]{1,6}\))?$")
TITLE_LINES = 10  # a spreadsheet may have its title, its date and an empty line above the column names
SORTS = re.compile(r"ごみ|ゴミ|資源|収集|燃|粗大|プラ|有害")
FEWEST_TO_JUDGE = 5


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file under their column names, made alike (half width, ごみ)."""

    file: str
    header: tuple[str, ...]
    records: tuple[Record, ...]

    def first(self, record: Record, meaning: str) -> str:
        """The first candidate column of this meaning that holds something in this row."""
        return next((value for name in CALLED[meaning] if (value := self.cell(record, name))), "")

    def cell(self, record: Record, column: str) -> str:
        at = self.header.index(column) if column in self.header else len(record.cells)
        return record.cells[at] if at < len(record.cells) else ""

    def has(self, meaning: str) -> bool:
        return any(name in self.header for name in CALLED[meaning])


def read_standard(path: Path, swap: bool | None = None) -> Draft:
    """One CSV file, or a folder that holds exactly one. `swap` exchanges name and category; None means: judge it. Raises ImportRefused."""
    notes: list[Note] = []
    file = _the_file(path)
    table = _table(file, notes)
    names, categories = ("category", "name") if _swapped(table, swap, notes) else ("name", "category")
    rows = [row for record in table.records if (row := _row(table, record, names, categories, notes))]
    if not rows:
        raise ImportRefused(f"{file.name} に、品目と分別区分のそろった行が1つもありません。")
    code, name = _town(table, notes)
    published = table.has("code") or table.has("town")
    title = f"{name or 'この自治体'} " + ("ごみ分別（自治体標準オープンデータから取り込み）" if published else f"ごみ分別表（{file.name}）")
    return Draft(tuple(rows), (), name, code, title, "", "official", tuple(notes))


def _the_file(path: Path) -> Path:
    if path.is_file():
        return path
    found = sorted(one for one in path.glob("*") if one.suffix.lower() in (".csv", ".tsv", ".txt") and one.is_file())
    if len(found) != 1:
        what = "ありません" if not found else f"{len(found)}つあります"
        raise ImportRefused(f"{path} に CSV ファイルが{what}。取り込むファイルを1つ指定してください。")
    return found[0]


def _table(file: Path, notes: list[Note]) -> Table:
    records = read_records(file, notes)
    tables = [_under(file, records, at) for at in range(min(TITLE_LINES, len(records)))]
    table = next((one for one in tables if not _missing(one)), None)
    if table is None:
        raise _no_heading(file, tables, [record.line for record in records])
    heading = records[tables.index(table)].line
    if table is not tables[0]:
        notes.append(repair(file.name, heading, "列の名前がこの行にあったので、上の行（表題など）は読み飛ばしました。"))
    known = {name for names in CALLED.values() for name in names} | {"都道府県名"}
    unused = [name for name in table.header if name and name not in known]
    if unused:
        notes.append(doubt(file.name, heading, f"使わなかった列があります: {'、'.join(unused)}"))
    return table


def _under(file: Path, records: Sequence[Record], at: int) -> Table:
    """The file read as if its column names stood in this record."""
    return Table(file.name, tuple(_column(name) for name in records[at].cells), tuple(records[at + 1 :]))


def _missing(table: Table) -> list[str]:
    return [told for meaning, told in (("name", "品目"), ("category", "分別区分")) if not table.has(meaning)]


def _no_heading(file: Path, tables: Sequence[Table], lines: Sequence[int]) -> ImportRefused:
    """Told by the line that comes nearest to column names."""
    nearest = min(tables, key=lambda table: len(_missing(table)), default=Table(file.name, (), ()))
    shown, line = "、".join(name for name in nearest.header[:12] if name), lines[tables.index(nearest)] if tables else 1
    return ImportRefused(
        f"{file.name} に{'と'.join(_missing(nearest))}の列が見つかりません（{line}行目: {shown}）。"
        "列の名前を「品目」と「分別区分」に直して、CSV で保存し直してください。"
    )


def _column(name: str) -> str:
    """A column's name made alike: half width, ごみ, without the spaces that centre it (品　名)."""
    alike = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).replace("ゴミ", "ごみ").lower()
    return PREFIX.sub("", alike)


def _swapped(table: Table, asked: bool | None, notes: list[Note]) -> bool:
    """Whether names stand under 分別区分: then few different "names" sound like categories, and many "categories" do not."""
    if asked is not None:
        swapped = asked
    else:
        names = Counter(value for record in table.records if (value := table.first(record, "name")))
        categories = Counter(value for record in table.records if (value := table.first(record, "category")))
        sorting = sum(number for value, number in names.items() if SORTS.search(value))
        things = sum(number for value, number in categories.items() if not SORTS.search(value))
        enough = names.total() >= FEWEST_TO_JUDGE and len(names) < len(categories)
        swapped = enough and sorting * 2 > names.total() and things * 2 > categories.total()
    if swapped:
        notes.append(repair(table.file, 1, "品目の列と分別区分の列の中身が逆だったので、入れ替えました。"))
    return swapped


def _row(table: Table, record: Record, names: str, categories: str, notes: list[Note]) -> DraftRow | None:
    name, category = table.first(record, names), table.first(record, categories)
    if not name or not category:
        if name or category:
            empty = "分別区分" if name else "品目"
            notes.append(doubt(table.file, record.line, f"『{name or category}』の{empty}が空なので、取り込んでいません。"))
        return None
    note, remark = table.first(record, "note"), table.cell(record, "備考")
    fee_kind = table.first(record, "fee_kind")
    return DraftRow(
        name=name,
        category=category,
        note=note,
        reading=table.first(record, "reading"),
        fee_kind=fee_kind,
        fee_yen=_fee(table, record, notes),
        remark=" ".join(dict.fromkeys(text for text in (table.first(record, "fee_note"), remark) if text and text != note)),
        official_id=table.first(record, "id"),
        file=table.file,
        line=record.line,
    )


def _fee(table: Table, record: Record, notes: list[Note]) -> int | None:
    """A fee that is one whole number of yen; anything else stays out and is told."""
    written = table.first(record, "fee")
    plain = unicodedata.normalize("NFKC", written).replace(" ", "").replace("／", "/")
    if found := YEN.match(plain):
        return int(found[1].replace(",", ""))
    if plain and plain not in ("無料", "有料", "-", "ー") and re.search(r"\d", plain):
        notes.append(doubt(table.file, record.line, f"料金『{written}』は1つの金額ではないので、入れていません。"))
    return None


def _town(table: Table, notes: list[Note]) -> tuple[str, str]:
    codes = Counter(value for record in table.records if (value := table.first(record, "code")))
    towns = Counter(without_prefecture(value) for record in table.records if (value := table.first(record, "town")))
    if len(towns) > 1:
        notes.append(doubt(table.file, 0, f"自治体の名前が{len(towns)}通りあります（{'、'.join(towns)}）。一番多いものにしました。"))
    if not codes:
        return "", towns.most_common(1)[0][0] if towns else ""
    code = repaired_code(codes.most_common(1)[0][0])
    notes += [repair(table.file, 0, f"自治体コード{code.repaired}")] if code.repaired else []
    notes += [doubt(table.file, 0, code.doubtful)] if code.doubtful else []
    return code.code, towns.most_common(1)[0][0] if towns else ""
