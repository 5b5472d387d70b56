"""Fees and the words residents say: a fee nobody can trace and a word that leads to two things are the two costliest mistakes."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from .columns import ALIASES, ITEMS, NUMBER_SLOTS, POLICIES, SORTING, WORD_SLOTS
from .findings import Finding, error, warning
from .pack import Pack
from .sheets import Row


def waste_findings(pack: Pack) -> Iterator[Finding]:
    for row in pack.rows(ITEMS):
        yield from _fee(row)
    yield from _groups_of_items(pack)
    targets = _targets(pack)
    for row in pack.rows(ALIASES):
        yield from _alias(pack, row, targets)
    yield from _same_words(pack)
    yield from _words_of_other_items(pack)


def _fee(row: Row) -> Iterator[Finding]:
    if row["fee_yen"] and not row["source"]:
        yield error(
            ITEMS.file,
            row.line,
            "source",
            "手数料があるのに出典がありません。",
            "手数料をどこで見たか、sources.csv の番号を書いてください。",
        )
    if row["fee_yen"] and not row["fee_as_of"]:
        yield error(
            ITEMS.file,
            row.line,
            "fee_as_of",
            "手数料があるのに、いつの金額かがありません。",
            "2026-05 のように、金額の年月を書いてください。",
        )
    if row["checked_on"] and not row["fee_yen"]:
        yield warning(ITEMS.file, row.line, "checked_on", "手数料がないのに照合日があります。", "手数料を書くか、照合日を消してください。")


def _groups_of_items(pack: Pack) -> Iterator[Finding]:
    told: set[str] = set()
    for row in pack.rows(ITEMS):
        group = row["group"]
        if group and group != row["id"] and group not in pack.groups.entries and group not in told:
            told.add(group)
            what = f"まとまりの番号『{group}』は slots.yaml にありません。"
            yield error(
                ITEMS.file, row.line, "group", what, f"slots.yaml に足すか、大きさの区分がない品目なら『{row['id']}』と書いてください。"
            )


def _targets(pack: Pack) -> frozenset[str]:
    faqs = {page.id for page in pack.faqs}
    return pack.ids(ITEMS) | pack.ids(POLICIES) | pack.ids(SORTING) | frozenset(pack.groups.entries) | faqs


def _alias(pack: Pack, row: Row, targets: frozenset[str]) -> Iterator[Finding]:
    file, target = ALIASES.file, row["target"]
    if target and target not in targets:
        yield error(file, row.line, "target", *_unknown_target(target))
    if row["language"] == "ja" and not row["reading"]:
        yield error(file, row.line, "reading", f"『{row['word']}』の読みがありません。", "ひらがなで読みを書いてください。")
    for part in filter(None, (part.strip() for part in row["slots"].split(";"))):
        yield from _preset(pack, row, part)


def _unknown_target(target: str) -> tuple[str, str]:
    if target.startswith(("n.", "b.")):
        return f"案内の番号『{target}』は policy.csv にありません。", "番号を確かめるか、policy.csv に案内を足してください。"
    if target.startswith("f."):
        return f"よくある質問『{target}』は faq フォルダーにありません。", f"番号を確かめるか、faq/{target}.md を作ってください。"
    if target[:1].isupper():
        return f"品目番号『{target}』は items.csv にありません。", "番号を確かめるか、items.csv に品目を足してください。"
    return f"まとまりの番号『{target}』は slots.yaml にありません。", "番号を確かめるか、slots.yaml にまとまりを足してください。"


def _preset(pack: Pack, row: Row, part: str) -> Iterator[Finding]:
    name, _, value = (piece.strip() for piece in part.partition("="))
    group = pack.groups.entries.get(row["target"])
    if name not in (*NUMBER_SLOTS, *WORD_SLOTS) or not value:
        what, todo = f"『{part}』を読めません。", "persons=2 のように「名前=値」で書き、いくつもあれば ; で区切ってください。"
        yield error(ALIASES.file, row.line, "slots", what, todo)
    elif name in NUMBER_SLOTS and not value.replace(".", "", 1).isdecimal():
        yield error(ALIASES.file, row.line, "slots", f"『{name}』の値『{value}』は数ではありません。", "半角の数字で書いてください。")
    elif group and name not in group.get("slots").texts:
        what = f"まとまり『{row['target']}』では『{name}』を使いません。"
        yield warning(ALIASES.file, row.line, "slots", what, "slots.yaml の slots に足すか、この値を消してください。")


def plain(word: str) -> str:
    """The word as a resident's ear has it: width, case, blanks and kana script do not matter."""
    folded = "".join(unicodedata.normalize("NFKC", word).casefold().split())
    return "".join(chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヶ" else letter for letter in folded)


def _same_words(pack: Pack) -> Iterator[Finding]:
    """One word for two targets; the same row twice; one word for two sizes of the same thing."""
    families = _families(pack)
    targets: dict[tuple[str, str], list[Row]] = defaultdict(list)
    first: dict[tuple[str, str, str], int] = {}
    for row in pack.rows(ALIASES):
        before = targets[row["language"], plain(row["word"])]
        exactly = (row["language"], row["word"], row["target"])
        if other := next((one for one in before if one["target"] != row["target"]), None):
            yield _two_targets(row, other, families)
        elif exactly in first:
            what = f"『{row['word']}』が同じ行き先で2回書かれています（{first[exactly]}行目）。"
            yield warning(ALIASES.file, row.line, "word", what, "どちらかの行を消してください。")
        first.setdefault(exactly, row.line)
        if all(one["target"] != row["target"] for one in before[:2]):
            before.append(row)


def _families(pack: Pack) -> dict[str, str]:
    """Item id (or group id) -> the group it belongs to."""
    return {row["id"]: row["group"] for row in pack.rows(ITEMS)} | {group: group for group in pack.groups.entries}


def _two_targets(row: Row, other: Row, families: dict[str, str]) -> Finding:
    here, there = row["target"], other["target"]
    what = f"『{row['word']}』の行き先が2つあります（{other.line}行目は『{there}』、この行は『{here}』）。"
    family = families.get(here, here)
    if family == families.get(there, there):
        return warning(ALIASES.file, row.line, "word", what, f"大きさを聞いて決めるなら、行き先を『{family}』の1行にまとめてください。")
    return error(ALIASES.file, row.line, "word", what, "どちらか一つを残してください。迷うことばなら、もっと詳しい言い方に分けてください。")


def _words_of_other_items(pack: Pack) -> Iterator[Finding]:
    families = _families(pack)
    said: dict[str, set[str]] = defaultdict(set)
    for item in pack.rows(ITEMS):
        said[plain(item["said"])] |= {item["group"], item["id"]}
    for row in pack.rows(ALIASES):
        owners = said.get(plain(row["word"]), set()) if row["language"] == "ja" else set()
        if owners and row["target"] in families and families[row["target"]] not in owners:
            what = f"『{row['word']}』は items.csv では別の品目（{'、'.join(sorted(owners))}）の呼び名です。"
            yield warning(ALIASES.file, row.line, "word", what, "行き先が正しいか確かめてください。")
