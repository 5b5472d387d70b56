"""The town's sorting table as 自治体標準「ごみ分別」 CSV, so that what staff put right here can go back into the open-data catalogue."""

from __future__ import annotations

import csv
import io

from inclusion.municipalities.town import SortingRow, Town

COLUMNS = ("全国地方公共団体コード", "ID", "地方公共団体名", "ゴミの品目", "分別区分", "注意点", "料金種別", "料金", "料金備考", "備考")


def standard_csv(town: Town) -> str:
    """Every row of the sorting table, with the fee where the item of the same id has one, then bulky items without a row."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in town.sorting.values():
        writer.writerow(_row(town, row))
    for item in town.items.values():
        if item.id not in town.sorting:
            fee = "" if item.fee_yen is None else str(item.fee_yen)
            writer.writerow((*_head(town, item.id), item.name, "粗大ごみ", "", "", fee, "", ""))
    return out.getvalue()


def _row(town: Town, row: SortingRow) -> tuple[str, ...]:
    item = town.items.get(row.id)
    fee = str(item.fee_yen) if item and item.fee_yen is not None else ""
    return (*_head(town, row.id), row.name, row.category, row.note, row.fee_kind, fee, "", row.remark)


def _head(town: Town, row_id: str) -> tuple[str, str, str]:
    official = f"{town.code}{row_id}" if town.code and not row_id.startswith(town.code) else row_id
    return town.code, official, town.name
