"""The rules that put 119 before everything: a pattern that cannot be read, or a number that is not there, must never go live."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

from .check_cells import read_date, unknown_ids
from .columns import CONTACTS
from .findings import Finding, error, warning
from .outline import Node
from .pack import GUARD, Pack

EXPLAINED = {
    "missing )": "「(」が閉じていません",
    "unterminated subpattern": "「(」が閉じていません",
    "unbalanced parenthesis": "「)」が多すぎます",
    "unterminated character set": "「[」が閉じていません",
    "nothing to repeat": "くり返しの記号（* + ?）の前に何もありません",
    "multiple repeat": "くり返しの記号（* + ?）が続いています",
    "bad escape": "「\\」のあとの文字が使えません",
    "bad character range": "[ ] の中の「-」の前後が逆です",
    "min repeat greater than max repeat": "{ } の中の数が大小逆です",
}


def guard_findings(pack: Pack) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for rule in pack.guard.parts:
        yield from _texts(rule)
        yield from _patterns(rule)
        yield from _contacts(pack, rule)
        name = rule.get("rule")
        if name.text and name.text in first:
            what = f"決まりの名前『{name.text}』は{first[name.text]}行目でも使われています。"
            yield error(GUARD, name.line, "rule", what, "別の名前にしてください。")
        first.setdefault(name.text, name.line)
    yield from _not_reviewed(pack.guard.parts)


def _texts(rule: Node) -> Iterator[Finding]:
    for key in ("rule", "headline"):
        if key in rule.entries and not rule.get(key).text:
            yield error(GUARD, rule.get(key).line, key, "空になっています。", "ことばを書いてください。")
    rule_id, reviewed = rule.get("id"), rule.get("reviewed_on")
    if "id" in rule.entries and not rule_id.text.startswith("r."):
        yield error(GUARD, rule_id.line, "id", f"『{rule_id.text}』は r. で始まっていません。", "r.emergency のように書いてください。")
    if reviewed.text and read_date(reviewed.text) is None:
        yield error(
            GUARD,
            reviewed.line,
            "reviewed_on",
            f"日付『{reviewed.text}』を読めません。",
            "文を確かめた日を 2026-11-24 のように書いてください。",
        )


def _not_reviewed(rules: tuple[Node, ...]) -> Iterator[Finding]:
    waiting = [rule.get("reviewed_on") for rule in rules if "reviewed_on" in rule.entries and not rule.get("reviewed_on").text]
    if waiting:
        what = f"担当者がまだ確かめていない決まりが{len(waiting)}件あります（この行が最初）。"
        yield warning(GUARD, waiting[0].line, "reviewed_on", what, "文と連絡先を確かめたら、その日を書いてください。")


def _patterns(rule: Node) -> Iterator[Finding]:
    if "patterns" in rule.entries and not rule.get("patterns").texts:
        yield error(GUARD, rule.get("patterns").line, "patterns", "見つけることばが1つもありません。", "patterns に1つ以上書いてください。")
    for key in ("patterns", "unless"):
        node = rule.get(key)
        for part in node.parts or (node,) * bool(node.text):
            if problem := _pattern_problem(part.text):
                yield error(GUARD, part.line, key, f"『{part.text}』は正規表現として使えません（{problem}）。", "書き方を直してください。")


def _pattern_problem(pattern: str) -> str:
    """Why this pattern cannot be used, "" when it can."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = re.compile(pattern)
    except re.error as broken:
        reason = next((told for told_as, told in EXPLAINED.items() if told_as in broken.msg), broken.msg)
        return reason if broken.pos is None else f"{broken.pos + 1}文字目: {reason}"
    except (RecursionError, OverflowError):
        return "長すぎるか、数が大きすぎます"
    return "何にでも当てはまります" if found.search("") else ""


def _contacts(pack: Pack, rule: Node) -> Iterator[Finding]:
    node = rule.get("contacts")
    yield from unknown_ids(pack, CONTACTS, "連絡先", GUARD, node.line, "contacts", node.texts)
    without_phone = {row["id"] for row in pack.rows(CONTACTS) if not row["phone"]}
    for contact in node.texts:
        if contact in without_phone:
            what = f"連絡先『{contact}』には電話番号がありません。"
            yield error(GUARD, node.line, "contacts", what, "contacts.csv に番号を書くか、別の連絡先にしてください。")
