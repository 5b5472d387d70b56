"""Values a Town cannot be built without: whole numbers, and the keys of town.toml, slots.yaml and guard.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .columns import BULKY_KEYS, GROUP_KEYS, GUARD_KEYS, ITEMS, ROW_KEYS, SORTING_KEYS, TOWN_KEYS
from .findings import Finding, error
from .outline import Node
from .pack import GUARD, SLOTS, TOWN, Pack
from .sheets import Row

OPTIONAL_KEYS = ("unless", "details")


def value_findings(pack: Pack) -> Iterator[Finding]:
    """Every value that would keep the pack from being loaded."""
    yield from _settings(pack)
    for row in pack.rows(ITEMS):
        yield from _numbers(row)
    yield from _groups(pack)
    yield from _guard(pack)


def _numbers(row: Row) -> Iterator[Finding]:
    pieces, fee = row["pieces_per_fee"], row["fee_yen"]
    if not re.fullmatch(r"[1-9][0-9]{0,3}", pieces):
        yield error(
            ITEMS.file,
            row.line,
            "pieces_per_fee",
            f"『{pieces}』は1以上の整数ではありません。",
            "何個で手数料1回分かを半角の数字で書いてください。",
        )
    if fee and not re.fullmatch(r"[0-9]{1,6}", fee):
        yield error(
            ITEMS.file,
            row.line,
            "fee_yen",
            f"『{fee}』は0以上の整数ではありません。",
            "円の数を半角の数字だけで書いてください（「円」や「,」は要りません）。",
        )


def _settings(pack: Pack) -> Iterator[Finding]:
    settings = pack.settings
    if not settings:
        return
    for key in TOWN_KEYS:
        kind = list if key == "other_towns" else str
        if not isinstance(settings.get(key), kind):
            yield _setting(pack, key, "文字の並び" if kind is list else "文字")
    if isinstance(settings.get("timezone"), str) and not _is_zone(settings["timezone"]):
        yield error(
            TOWN,
            pack.setting_lines.get("timezone", 0),
            "timezone",
            "この名前の時間帯はありません。",
            '"Asia/Tokyo" のように書いてください。',
        )
    yield from _bulky(pack, settings.get("bulky"))
    sorting = settings.get("sorting")
    for key in SORTING_KEYS:
        if not isinstance(sorting, dict) or not isinstance(sorting.get(key), str):
            yield error(
                TOWN,
                pack.setting_lines.get("sorting", 0),
                key,
                "[sorting] にこの項目がありません。",
                f'[sorting] の下に {key} = "…" と書いてください。',
            )


def _bulky(pack: Pack, rules: Any) -> Iterator[Finding]:
    if not isinstance(rules, dict):
        yield error(TOWN, 0, "bulky", "[bulky] の項目がありません。", "粗大ごみの券と上限を [bulky] の下に書いてください。")
        return
    for key in BULKY_KEYS:
        value = rules.get(key)
        if key == "tickets":
            if not _are_tickets(value):
                yield _setting(pack, key, '{name = "A券", yen = 200} の並び')
        elif key in ("contact", "fee_page"):
            if not isinstance(value, str):
                yield _setting(pack, key, "文字")
        elif not isinstance(value, int) or isinstance(value, bool) or value < 1:
            yield _setting(pack, key, "1以上の整数")


def _are_tickets(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(ticket, dict) and isinstance(ticket.get("name"), str) and isinstance(ticket.get("yen"), int) and ticket["yen"] > 0
        for ticket in value
    )


def _setting(pack: Pack, key: str, kind: str) -> Finding:
    return error(TOWN, pack.setting_lines.get(key, 0), key, "この項目がないか、値の種類が違います。", f"{key} に{kind}を書いてください。")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _groups(pack: Pack) -> Iterator[Finding]:
    if pack.groups.value and not pack.groups.entries:
        yield error(
            SLOTS,
            pack.groups.line,
            "",
            "「まとまりの番号: 内容」の並びになっていません。",
            "docs/town-packs.md の見本にならって書いてください。",
        )
    for name, group in pack.groups.entries.items():
        yield from _missing_keys(SLOTS, group, GROUP_KEYS, f"まとまり『{name}』")
        for number, row in enumerate(group.get("rows").parts, start=1):
            yield from _missing_keys(SLOTS, row, ROW_KEYS, f"『{name}』の{number}番目の区分")


def _guard(pack: Pack) -> Iterator[Finding]:
    if pack.guard.value and not pack.guard.parts:
        yield error(
            GUARD, pack.guard.line, "", "「- id: …」の並びになっていません。", "docs/town-packs.md の見本にならって書いてください。"
        )
    for number, rule in enumerate(pack.guard.parts, start=1):
        needed = tuple(key for key in GUARD_KEYS if key not in OPTIONAL_KEYS)
        yield from _missing_keys(GUARD, rule, needed, f"{number}番目の決まり")


def _missing_keys(file: str, node: Node, keys: tuple[str, ...], named: str) -> Iterator[Finding]:
    for key in keys:
        if key not in node.entries:
            yield error(file, node.line, key, f"{named}にこの項目がありません。", f"「{key}: 」の行を足してください。")
