"""Writes a new town's folder, whole or not at all; a half-written pack would be found by the first resident who asks."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from inclusion.municipalities.columns import (
    ALIASES,
    COLLECTIONS,
    CONTACTS,
    FESTIVALS,
    ITEMS,
    MESSAGES,
    PLACES,
    POLICIES,
    SORTING,
    SOURCES,
    SheetShape,
)
from inclusion.municipalities.errors import ImportRefused

Cells = Mapping[str, str]
EMPTY_SHEETS = (FESTIVALS, PLACES, ITEMS, SORTING, POLICIES, ALIASES)


def sheet(shape: SheetShape, rows: Iterable[Cells]) -> str:
    """One CSV file; a column a row does not name stays empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, shape.names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def minimum(file: str) -> str:
    """A file every new pack starts from."""
    return (files(__package__) / "minimum" / file).read_text(encoding="utf-8")


def sources(rows: Sequence[Cells]) -> str:
    """The sources every pack has, then the town's own."""
    return minimum("sources.csv") + _body(SOURCES, rows)


def contacts(rows: Sequence[Cells]) -> str:
    """The town's desks, then the numbers that hold nationwide."""
    head, _, national = minimum("contacts.csv").partition("\n")
    return f"{head}\n{_body(CONTACTS, rows)}{national}"


def empty_sheets() -> dict[str, str]:
    """Every CSV file a pack needs, with its heading only."""
    return {shape.file: sheet(shape, ()) for shape in EMPTY_SHEETS}


def waste_sheets(sorting: Iterable[Cells], items: Iterable[Cells], policies: Iterable[Cells], aliases: Iterable[Cells]) -> dict[str, str]:
    shapes = ((SORTING, sorting), (ITEMS, items), (POLICIES, policies), (ALIASES, aliases))
    return {shape.file: sheet(shape, rows) for shape, rows in shapes}


def messages_sheet(rows: Iterable[Cells]) -> str:
    return sheet(MESSAGES, rows)


def collections_sheet(rows: Iterable[Cells]) -> str:
    return sheet(COLLECTIONS, rows)


def write_pack(folder: Path, texts: Mapping[str, str]) -> None:
    """All files at once: made beside the folder, then moved into its place. Raises ImportRefused when something is there already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ImportRefused(
            f"{folder} には、もうファイルがあります。職員の直しを消さないよう、別の場所か空のフォルダーを指定してください。"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as refused:
        raise ImportRefused(f"{folder} に書けません（{refused.strerror}）。書き込めるフォルダーを指定してください。") from None
    try:
        for file, text in texts.items():
            (made / file).parent.mkdir(parents=True, exist_ok=True)
            (made / file).write_text(text, encoding="utf-8", newline="")
        made.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        made.replace(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _body(shape: SheetShape, rows: Iterable[Cells]) -> str:
    return sheet(shape, rows).partition("\n")[2]
