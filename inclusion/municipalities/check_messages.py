"""Reworded sentences: a misspelt { } would break the answer at the very moment someone waits for it."""

from __future__ import annotations

import string
from collections.abc import Iterator

from accessibility import Messages

from .columns import MESSAGES
from .findings import Finding, error, warning
from .pack import Pack
from .sheets import Row


def message_findings(pack: Pack, platform: Messages) -> Iterator[Finding]:
    """Rewordings of sentences that do not exist, and placeholders that will never be filled."""
    for row in pack.rows(MESSAGES):
        original = platform.texts.get(row["id"])
        if original is None:
            what = f"『{row['id']}』という文はありません。"
            yield warning(MESSAGES.file, row.line, "id", what, "messages フォルダーの id と見比べ、打ち間違いを直してください。")
        else:
            yield from _placeholders(row, _names(original["ja"]) or frozenset())


def _placeholders(row: Row, known: frozenset[str]) -> Iterator[Finding]:
    for column in MESSAGES.names[1:-1]:
        names = _names(row[column])
        if names is None:
            todo = "{ と } を一つずつ組にしてください。文字としての { は {{ と書きます。"
            yield error(MESSAGES.file, row.line, column, "{ } の組が正しくありません。", todo)
            continue
        for name in sorted(names - known):
            usable = "、".join(f"{{{one}}}" for one in sorted(known)) or "ありません"
            what = f"{{{name}}} は、この文では使えません。"
            yield error(MESSAGES.file, row.line, column, what, f"打ち間違いを直してください。使えるのは: {usable}。")


def _names(text: str) -> frozenset[str] | None:
    """The names in { }, None when the braces do not pair."""
    try:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)
    except ValueError:
        return None
