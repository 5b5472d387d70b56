"""Fees and the words residents say: a fee nobody can trace and a word that leads to two things are the two costliest mistakes."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from .columns import ALIASES, ASKED, ITEMS, NUMBER_SLOTS, POLICIES, SORTING, WORD_SLOTS
from .findings import Finding, error, warning
from .pack import Pack
from .sheets import Row

LIMIT, OVER = "max_", "over"


def waste_findings(pack: Pack) -> Iterator[Finding]:
    tickets = _ticket_values(pack)
    for row in pack.rows(ITEMS):
        yield from _fee(row)
        yield from _not_payable(row, tickets)
    yield from _groups_of_items(pack)
    targets = _targets(pack)
    for row in pack.rows(ALIASES):
        yield from _alias(pack, row, targets)
    for row in pack.rows(ASKED):
        if row["id"] and row["id"] not in targets:
            yield error(ASKED.file, row.line, "id", *_unknown_target(row["id"]))
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


def _not_payable(row: Row, tickets: tuple[int, ...]) -> Iterator[Finding]:
    """A fee that the town's tickets cannot make is nearly always a slip of the keyboard."""
    fee = int(row["fee_yen"]) if row["fee_yen"].isdecimal() and len(row["fee_yen"]) < 7 else 0
    if fee and tickets and not _can_pay(fee, tickets):
        kinds = "・".join(f"{yen}円" for yen in tickets)
        what = f"手数料 {fee}円は、処理券（{kinds}）の組合せで払えません。"
        yield warning(ITEMS.file, row.line, "fee_yen", what, "金額を確かめてください。正しければ town.toml の tickets を直してください。")


def _can_pay(fee: int, tickets: tuple[int, ...]) -> bool:
    reached = {0}
    for amount in range(1, fee + 1):
        if any(amount - yen in reached for yen in tickets):
            reached.add(amount)
    return fee in reached


def _ticket_values(pack: Pack) -> tuple[int, ...]:
    bulky = pack.settings.get("bulky")
    tickets = bulky.get("tickets") if isinstance(bulky, dict) else None
    kinds = tickets if isinstance(tickets, list) else []
    given = [one.get("yen") for one in kinds if isinstance(one, dict)]
    values = tuple(yen for yen in given if isinstance(yen, int) and yen > 0)
    return values if len(values) == len(kinds) else ()  # broken ones are told by their own check


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
        yield from _limit(row, part, targets) if part.startswith((LIMIT, OVER)) else _preset(pack, row, part)


def _unknown_target(target: str) -> tuple[str, str]:
    if target.startswith(("n.", "b.")):
        return f"案内の番号『{target}』は policy.csv にありません。", "番号を確かめるか、policy.csv に案内を足してください。"
    if target.startswith("f."):
        return f"よくある質問『{target}』は faq フォルダーにありません。", f"番号を確かめるか、faq/{target}.md を作ってください。"
    if target[:1].isupper():
        return f"品目番号『{target}』は items.csv にありません。", "番号を確かめるか、items.csv に品目を足してください。"
    return f"まとまりの番号『{target}』は slots.yaml にありません。", "番号を確かめるか、slots.yaml にまとまりを足してください。"


def _limit(row: Row, part: str, targets: frozenset[str]) -> Iterator[Finding]:
    """max_kg=10;over=n.heavy_iron: up to ten kilos the row's own target, above it another."""
    name, _, value = (piece.strip() for piece in part.partition("="))
    if name == OVER and value not in targets:
        yield error(ALIASES.file, row.line, "slots", *_unknown_target(value))
    elif name != OVER and not value.replace(".", "", 1).isdecimal():
        yield error(ALIASES.file, row.line, "slots", f"『{name}』の値『{value}』は数ではありません。", "半角の数字で書いてください。")


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
