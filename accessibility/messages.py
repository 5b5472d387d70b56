"""Every fixed sentence we say, one id per message and its languages side by side, so that staff edit a spreadsheet and not code."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Self

from .errors import MessageBroken, MessageMissing

COLUMNS = ("ja", "ja-easy", "en", "zh-Hans", "ko")


@dataclass(frozen=True, slots=True)
class Messages:
    """Message id -> language -> text. A later file's row wins over an earlier one, so a town can reword what the platform says."""

    texts: Mapping[str, Mapping[str, str]]

    @classmethod
    def from_files(cls, files: Iterable[Traversable]) -> Self:
        """Read CSV files with the columns id, ja, ja-easy, en, zh-Hans, ko (UTF-8, BOM accepted)."""
        texts: dict[str, Mapping[str, str]] = {}
        for file in files:
            rows = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
            for row in rows:
                texts[row["id"]] = {column: row[column] for column in COLUMNS if row.get(column)}
        return cls(texts)

    def say(self, message_id: str, language: str = "ja", easy: bool = False, **values: object) -> str:
        """The message in `language` (easy Japanese when asked and written), falling back to Japanese.

        Raises MessageMissing for an unknown id and MessageBroken when a placeholder has no value.
        """
        if message_id not in self.texts:
            raise MessageMissing(message_id)
        columns = self.texts[message_id]
        column = "ja-easy" if easy and language == "ja" else language
        text = columns.get(column) or columns["ja"]
        try:
            return text.format(**values).replace("\\n", "\n")
        except KeyError as missing:
            raise MessageBroken(message_id, column, str(missing.args[0])) from None
