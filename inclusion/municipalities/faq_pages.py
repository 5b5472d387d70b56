"""A faq/*.md page as its head and its sentences; without it staff could not write answers in a plain text file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .columns import FAQ_KEYS
from .decoding import read_text
from .findings import Finding, error
from .outline import Node, read_outline

FENCE = "---"


@dataclass(frozen=True, slots=True)
class FaqPage:
    """`file` is the path inside the pack. `headline` is the first paragraph, `details` the other lines that are not empty."""

    file: str
    head: Node
    headline: str
    details: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.head.get("id").text

    @property
    def lines(self) -> Mapping[str, int]:
        return {key: node.line for key, node in self.head.entries.items()}


def read_faq_pages(folder: Path) -> tuple[tuple[FaqPage, ...], list[Finding]]:
    """Every readable page of the pack, in the order of the file names."""
    findings: list[Finding] = []
    pages = (_page(folder, f"faq/{path.name}", findings) for path in sorted((folder / "faq").glob("*.md")))
    return tuple(page for page in pages if page), findings


def _page(folder: Path, file: str, findings: list[Finding]) -> FaqPage | None:
    text, unreadable = read_text(folder, file)
    findings += unreadable
    if text is None:
        return None
    lines = text.splitlines()
    end = _end_of_head(lines)
    if end is None:
        findings.append(
            error(file, 1, "", "「---」で囲んだ見出し部分がありません。", "1行目と、見出し部分の終わりに「---」だけの行を置いてください。")
        )
        return None
    head, broken = read_outline(file, "\n".join(lines[1:end]), first_line=2)
    findings += broken
    if head is None:
        return None
    missing = _head_findings(file, head)
    headline, details = _body(lines[end + 1 :])
    if not headline:
        missing.append(error(file, end + 1, "", "答えの文がありません。", "「---」の下に、それだけで答えになる短い文を書いてください。"))
    findings += missing
    return None if missing else FaqPage(file, head, headline, details)


def _end_of_head(lines: list[str]) -> int | None:
    if not lines or lines[0].strip() != FENCE:
        return None
    return next((number for number, line in enumerate(lines[1:], start=1) if line.strip() == FENCE), None)


def _head_findings(file: str, head: Node) -> list[Finding]:
    missing = [
        error(
            file, head.line, key, "見出し部分にこの項目がありません。", f'「{key}: 」の行を足してください（値がなければ "" と書きます）。'
        )
        for key in FAQ_KEYS
        if key not in head.entries
    ]
    known = head.get("known")
    if "known" in head.entries and known.text not in ("true", "false"):
        missing.append(
            error(file, known.line, "known", f"『{known.text}』は使えません。", "事実があれば true、まだなければ false と書いてください。")
        )
    return missing


def _body(lines: list[str]) -> tuple[str, tuple[str, ...]]:
    """The first paragraph in one line, then every other line that says something."""
    stripped = [line.strip() for line in lines]
    start = next((number for number, line in enumerate(stripped) if line), len(stripped))
    end = next((number for number in range(start, len(stripped)) if not stripped[number]), len(stripped))
    return "".join(stripped[start:end]), tuple(line for line in stripped[end:] if line)
