"""Reworded sentences: a misspelt { } would break an answer at the moment someone waits for it, a lost one would keep the fee back."""

from __future__ import annotations

import string
from collections.abc import Iterator

from accessibility import Messages
from accessibility.plain_japanese import breaches

from .columns import MESSAGES, TRANSLATIONS
from .findings import Finding, error, warning
from .pack import Pack
from .sheets import Row

EASY = "ja-easy"
OWN_NAME = frozenset({"town"})  # a town may write its own name out


def message_findings(pack: Pack, platform: Messages) -> Iterator[Finding]:
    """Rewordings of sentences that do not exist, placeholders that are never filled or get lost, and easy Japanese that is not easy."""
    for row in pack.rows(MESSAGES):
        original = platform.texts.get(row["id"])
        if original is None:
            what = f"『{row['id']}』という文はありません。"
            yield warning(MESSAGES.file, row.line, "id", what, "messages フォルダーの id と見比べ、打ち間違いを直してください。")
        else:
            yield from _placeholders(row, _names(original["ja"]) or frozenset())
        yield from _hard_words(MESSAGES.file, row)
    for row in pack.rows(TRANSLATIONS):
        yield from _hard_words(TRANSLATIONS.file, row)


def _placeholders(row: Row, known: frozenset[str]) -> Iterator[Finding]:
    for column in MESSAGES.names[1:-1]:
        names = _names(row[column])
        if names is None:
            todo = "{ と } を一つずつ組にしてください。文字としての { は {{ と書きます。"
            yield error(MESSAGES.file, row.line, column, "{ } の組が正しくありません。", todo)
        elif row[column]:
            yield from _unlike(row, column, names, known)


def _unlike(row: Row, column: str, names: frozenset[str], known: frozenset[str]) -> Iterator[Finding]:
    """A name nobody fills is most likely the misspelt one, so what is missing is told only where there is none."""
    for name in sorted(names - known):
        usable = "、".join(f"{{{one}}}" for one in sorted(known)) or "ありません"
        what = f"{{{name}}} は、この文では使えません。"
        yield error(MESSAGES.file, row.line, column, what, f"打ち間違いを直してください。使えるのは: {usable}。")
    for name in sorted(known - names - OWN_NAME) if names <= known else ():
        what = f"{{{name}}} がないので、そこに入る言葉や数が住民に伝わりません。"
        yield error(MESSAGES.file, row.line, column, what, f"文の中の入れたい所に {{{name}}} と書いてください。")


def _hard_words(file: str, row: Row) -> Iterator[Finding]:
    """The strict rules alone: a text that breaks one may not be shown as やさしい日本語."""
    for found in breaches(row[EASY]):
        what = f"やさしい日本語の決まり（{found.rule}）に合いません:「{found.words}」。"
        yield error(file, row.line, EASY, what, f"{found.suggestion}。")


def _names(text: str) -> frozenset[str] | None:
    """The names in { }, None when the braces do not pair."""
    try:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)
    except ValueError:
        return None
