"""Whether the size classes of slots.yaml lead every resident to exactly one fee: no gap, no overlap, no class forgotten."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise

from .columns import ITEMS, NUMBER_SLOTS, WORD_SLOTS
from .conditions import Span, parse_condition
from .findings import Finding, error, warning
from .outline import Node
from .pack import SLOTS, Pack

LONGEST_LABEL = 20
MOST_ROWS = 50


def slot_findings(pack: Pack) -> Iterator[Finding]:
    members: dict[str, list[str]] = defaultdict(list)
    for row in pack.rows(ITEMS):
        members[row["group"]].append(row["id"])
    for name, group in pack.groups.entries.items():
        if group.entries:
            yield from _group(name, group, members[name], pack.ids(ITEMS))


def _group(name: str, group: Node, members: list[str], items: frozenset[str]) -> Iterator[Finding]:
    rows = group.get("rows").parts
    if not rows:
        yield error(SLOTS, group.line, "rows", f"まとまり『{name}』に区分が1つもありません。", "rows に品目を並べてください。")
    if len(rows) > MOST_ROWS:
        what = f"まとまり『{name}』に区分が{len(rows)}あります（{MOST_ROWS}まで）。"
        yield error(SLOTS, group.line, "rows", what, "1つの質問では選べません。まとまりを分けてください。")
        return
    for key in ("name", "question"):
        if key in group.entries and not group.get(key).text:
            yield error(SLOTS, group.get(key).line, key, f"まとまり『{name}』のこの項目が空です。", "住民に見せることばを書いてください。")
    for slot in group.get("slots").texts:
        if slot not in (*NUMBER_SLOTS, *WORD_SLOTS):
            yield error(
                SLOTS, group.get("slots").line, "slots", f"『{slot}』という聞き方はありません。", f"{_slot_names()} から選んでください。"
            )
    for row in rows:
        yield from _row(name, group, row, members, items)
    yield from _forgotten(name, group, members)
    yield from _labels(name, rows)
    yield from _ranges(name, rows)


def _row(name: str, group: Node, row: Node, members: list[str], items: frozenset[str]) -> Iterator[Finding]:
    item, label = row.get("item"), row.get("label")
    if item.text not in items:
        what = f"品目番号『{item.text}』は items.csv にありません。"
        yield error(SLOTS, item.line, "item", what, "番号を確かめるか、items.csv に品目を足してください。")
    elif item.text not in members:
        what = f"品目『{item.text}』はまとまり『{name}』の品目ではありません。"
        yield error(SLOTS, item.line, "item", what, f"この行を消すか、items.csv の group を『{name}』にしてください。")
    if len(label.text) > LONGEST_LABEL:
        what = f"ボタンの文字『{label.text}』が{len(label.text)}文字あります（{LONGEST_LABEL}文字まで）。"
        yield error(SLOTS, label.line, "label", what, "短くしてください。")
    for key in ("label", "says"):
        if key in row.entries and not row.get(key).text:
            yield error(SLOTS, row.get(key).line, key, "空になっています。", "ボタンのことばを書いてください。")
    if "when" in row.entries and not row.get("when").entries:
        yield error(
            SLOTS, row.line, "when", "条件がないので、いつでもこの区分になってしまいます。", '{longest_cm: "<100"} のように書いてください。'
        )
    for slot, condition in row.get("when").entries.items():
        yield from _condition(group, slot, condition)


def _condition(group: Node, slot: str, condition: Node) -> Iterator[Finding]:
    if slot not in group.get("slots").texts:
        yield error(
            SLOTS, condition.line, slot, f"『{slot}』はこのまとまりの slots にありません。", "slots に足すか、この条件を消してください。"
        )
    elif slot in (*NUMBER_SLOTS, *WORD_SLOTS) and parse_condition(slot, condition.text) is None:
        form = '"<100" ">=100" "100..150" "100..=150" のどれかの形' if slot in NUMBER_SLOTS else "「ガラス」のような、ことば"
        yield error(SLOTS, condition.line, slot, f"条件『{condition.text}』を読めません。", f"{form}で書いてください。")


def _forgotten(name: str, group: Node, members: list[str]) -> Iterator[Finding]:
    listed = {row.get("item").text for row in group.get("rows").parts}
    for item in members:
        if item not in listed:
            what = f"まとまり『{name}』の品目『{item}』が区分にありません。"
            yield error(SLOTS, group.line, "rows", what, "rows に足すか、items.csv の group を直してください。")


def _labels(name: str, rows: tuple[Node, ...]) -> Iterator[Finding]:
    for label, times in Counter(row.get("label").text for row in rows).items():
        if label and times > 1:
            line = [row.get("label").line for row in rows if row.get("label").text == label][1]
            yield warning(
                SLOTS,
                line,
                "label",
                f"まとまり『{name}』に同じボタン『{label}』が{times}つあります。",
                "見分けられることばにしてください。",
            )


def _ranges(name: str, rows: tuple[Node, ...]) -> Iterator[Finding]:
    """Among rows that ask the same things: two that hold at once, and sizes that none of them holds."""
    alike: dict[tuple[object, ...], list[tuple[Node, dict[str, Span]]]] = defaultdict(list)
    for row in rows:
        parsed = {slot: parse_condition(slot, node.text) for slot, node in row.get("when").entries.items()}
        spans = {slot: span for slot, span in parsed.items() if isinstance(span, Span)}
        words = tuple(sorted((slot, word) for slot, word in parsed.items() if isinstance(word, str)))
        alike[(words, tuple(sorted(spans)))].append((row, spans))
    for family in alike.values():
        yield from _overlaps(name, family)
        yield from _gaps(name, family)


def _overlaps(name: str, family: list[tuple[Node, dict[str, Span]]]) -> Iterator[Finding]:
    for (first, spans), (second, others) in combinations(family, 2):
        if all(spans[slot].overlaps(others[slot]) and not _only_way_to_say(spans[slot], others[slot]) for slot in spans):
            what = f"まとまり『{name}』の『{first.get('item').text}』と『{second.get('item').text}』の条件が重なっています。"
            yield warning(SLOTS, second.line, "when", what, "どの大きさも、1つの区分だけに入るように直してください。")


def _only_way_to_say(earlier: Span, later: Span) -> bool:
    """`180..=270` followed by `270..360` share 270: no condition can leave it out of the second, and the row written first wins."""
    return earlier.high == later.low and later.high < math.inf


def _gaps(name: str, family: list[tuple[Node, dict[str, Span]]]) -> Iterator[Finding]:
    slots = {slot for _, spans in family for slot in spans}
    if len(slots) != 1:
        return
    slot = slots.pop()
    ordered = sorted(family, key=lambda one: (one[1][slot].low, one[1][slot].high))
    for (first, spans), (second, others) in pairwise(ordered):
        if not spans[slot].meets(others[slot]):
            pair = f"『{first.get('item').text}』と『{second.get('item').text}』"
            what = f"まとまり『{name}』の{pair}の間に、どの区分にも入らない大きさがあります。"
            yield warning(SLOTS, second.line, "when", what, "境目の数字と「以上・未満」を確かめてください。")


def _slot_names() -> str:
    return "、".join((*NUMBER_SLOTS, *WORD_SLOTS))
