"""Bytes of a pack's file into text, or a finding that tells a clerk how to save it again; spreadsheets love to save CP932."""

from __future__ import annotations

from pathlib import Path

from .findings import Finding, error

LARGEST = 4_000_000
SAVE_AS_UTF8 = "表計算ソフトで開き直し、「名前を付けて保存」の種類で「CSV UTF-8」を選んで保存してください。"
BAD_LINES_SHOWN = 5


def read_text(folder: Path, file: str) -> tuple[str | None, list[Finding]]:
    """The text of `file`, or None with findings that say why it cannot be read. A byte order mark is dropped."""
    path = folder / file
    try:
        if path.stat().st_size > LARGEST:
            return None, [_too_large(file, path.stat().st_size)]
        raw = path.read_bytes()
    except OSError:
        return None, [error(file, 0, "", "ファイルを開けません。", "ファイルがあるか、読む権限があるかを確かめてください。")]
    return decode(file, raw)


def decode(file: str, raw: bytes) -> tuple[str | None, list[Finding]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, _wrong_encoding(file, raw)
    if "\0" not in text:
        return text, []
    if raw.count(b"\0") * 3 > len(raw):
        return None, [_saved_as(file, "UTF-16（Unicode テキスト）")]
    return None, _unreadable_characters(file, text)


def _wrong_encoding(file: str, raw: bytes) -> list[Finding]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or raw.count(b"\0") * 3 > len(raw):
        return [_saved_as(file, "UTF-16（Unicode テキスト）")]
    bad = _lines_not_utf8(raw)
    if not _has_japanese_utf8(raw, bad) and _is_cp932(raw):
        return [_saved_as(file, "Shift_JIS（CP932。表計算ソフトのふつうの「CSV」）")]
    shown = [_mixed(file, line) for line in bad[:BAD_LINES_SHOWN]]
    if len(bad) > BAD_LINES_SHOWN:
        shown.append(error(file, 0, "", f"ほかにも{len(bad) - BAD_LINES_SHOWN}行、UTF-8でない文字があります。", SAVE_AS_UTF8))
    return shown


def _lines_not_utf8(raw: bytes) -> list[int]:
    return [number for number, line in enumerate(raw.split(b"\n"), start=1) if not _is_utf8(line)]


def _has_japanese_utf8(raw: bytes, bad: list[int]) -> bool:
    """Whether some line outside `bad` holds UTF-8 beyond ASCII: then the file is a mixture and not one other encoding."""
    wrong = set(bad)
    return any(not line.isascii() for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1) if number not in wrong)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_cp932(raw: bytes) -> bool:
    try:
        raw.decode("cp932")
    except UnicodeDecodeError:
        return False
    return True


def _saved_as(file: str, encoding: str) -> Finding:
    return error(file, 0, "", f"文字コードが UTF-8 ではなく {encoding} です。", SAVE_AS_UTF8)


def _mixed(file: str, line: int) -> Finding:
    todo = "この行を打ち直し、ファイル全体を UTF-8 で保存してください。"
    return error(file, line, "", "この行に UTF-8 として読めない文字が混ざっています。", todo)


def _unreadable_characters(file: str, text: str) -> list[Finding]:
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if "\0" in line]
    what, todo = "目に見えない文字（NUL）が入っています。", "この行を打ち直してください。"
    return [error(file, line, "", what, todo) for line in lines[:BAD_LINES_SHOWN]]


def _too_large(file: str, size: int) -> Finding:
    what = f"ファイルが大きすぎます（{size // 1_000_000}MB。上限は{LARGEST // 1_000_000}MB）。"
    return error(file, 0, "", what, "別のファイルを置いていないか確かめ、使わない行を消してください。")
