"""Prepared answers, contacts and settings: an answer past its day, or one that sends people to a number that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from .check_cells import READING, date_findings, is_url, read_date, unknown_ids
from .columns import CONTACTS, SOURCES
from .faq_pages import FaqPage
from .findings import Finding, error, warning
from .pack import TOWN, Pack
from .sheets import Row


def answer_findings(pack: Pack, today: date) -> Iterator[Finding]:
    if not (pack.folder / "faq").is_dir() or not any((pack.folder / "faq").glob("*.md")):
        yield warning("faq", 0, "", "答えのページが1つもありません。", "faq フォルダーに f.apply.md のようなページを作ってください。")
    for page in pack.faqs:
        yield from _faq(pack, page, today)
    for row in pack.rows(CONTACTS):
        yield from _contact(row)
    yield from _settings(pack, today)


def _faq(pack: Pack, page: FaqPage, today: date) -> Iterator[Finding]:
    file, head = page.file, page.head
    name = PurePosixPath(file).stem
    if page.id != name:
        yield error(file, head.get("id").line, "id", f"番号『{page.id}』がファイル名『{name}』と違います。", "どちらかにそろえてください。")
    if not head.get("title").text:
        yield error(file, head.get("title").line, "title", "空になっています。", "質問を1行で書いてください。")
    contacts, source, checked = head.get("contacts"), head.get("source"), head.get("checked_on")
    yield from unknown_ids(pack, CONTACTS, "連絡先", file, contacts.line, "contacts", contacts.texts)
    if not source.text:
        yield error(file, source.line, "source", "出典がありません。", "sources.csv にある番号を書いてください。")
    yield from unknown_ids(pack, SOURCES, "出典", file, source.line, "source", (source.text,))
    if checked.text:
        yield from date_findings(file, checked.line, "checked_on", checked.text, today, month_allowed=True)
    yield from _expiry(page, today)
    for link in head.get("links").parts:
        if not link.get("label").text or not is_url(link.get("url").text):
            yield error(
                file, link.line, "links", "案内先の名前か番地が正しくありません。", "label と、https:// から始まる url を書いてください。"
            )


def _expiry(page: FaqPage, today: date) -> Iterator[Finding]:
    until = page.head.get("valid_until")
    if not until.text:
        return
    last_day = read_date(until.text, month_allowed=False)
    if last_day is None:
        yield error(
            page.file, until.line, "valid_until", f"日付『{until.text}』を読めません。", "2026-11-24 のように、半角で書いてください。"
        )
    elif last_day < today:
        what = f"期限（{until.text}）が過ぎています。"
        yield error(page.file, until.line, "valid_until", what, "内容を確かめて期限を延ばすか、ファイルを消してください。")


def _contact(row: Row) -> Iterator[Finding]:
    if row["phone"] and not re.fullmatch(r"#?[0-9]+(-[0-9]+)*", row["phone"]):
        what = f"電話番号『{row['phone']}』に数字と「-」以外の文字があります。"
        yield error(CONTACTS.file, row.line, "phone", what, "03-1234-5678 のように、半角で書いてください。")
    if not row["phone"] and not row["address"]:
        yield warning(CONTACTS.file, row.line, "phone", "電話番号も住所もありません。", "どちらかを書いてください。")
    if bool(row["opens"]) != bool(row["closes"]) or bool(row["opens"]) != bool(row["open_days"]):
        what = "open_days・opens・closes のうち、空のものがあります。"
        yield error(CONTACTS.file, row.line, "opens", what, "3つとも書くか、はっきりしないなら3つとも空にしてください。")


def _settings(pack: Pack, today: date) -> Iterator[Finding]:
    if not pack.settings:
        return
    yield from _desks(pack)
    reading = pack.settings.get("reading")
    if not pack.settings.get("name"):
        yield _setting(pack, "name", "自治体の名前がありません。", "住民が知っている名前を書いてください。")
    if reading == "":
        todo = "ひらがなで書いてください。声とふりがなに使います。"
        yield warning(TOWN, pack.setting_lines.get("reading", 0), "reading", "自治体の名前の読みがまだありません。", todo)
    elif isinstance(reading, str) and not READING.fullmatch(reading):
        yield _setting(pack, "reading", "読みがないか、ひらがな以外の文字があります。", "ひらがなで書いてください。")
    page = _under(pack, "bulky", "fee_page")
    if page and not is_url(page):
        yield _setting(pack, "fee_page", "Web ページの番地ではありません。", "https:// から始めてください。")
    lines = pack.setting_lines
    yield from unknown_ids(pack, SOURCES, "出典", TOWN, lines.get("source", 0), "source", (_under(pack, "sorting", "source"),))
    if checked_on := _under(pack, "sorting", "checked_on"):
        yield from date_findings(TOWN, lines.get("checked_on", 0), "checked_on", checked_on, today, month_allowed=True)


def _desks(pack: Pack) -> Iterator[Finding]:
    phones = {row["id"]: row["phone"] for row in pack.rows(CONTACTS)}
    bulky = pack.settings.get("bulky")
    desks = {"help_contact": pack.settings.get("help_contact"), "contact": bulky.get("contact") if isinstance(bulky, dict) else None}
    for key, desk in desks.items():
        if isinstance(desk, str) and desk not in phones:
            yield _setting(pack, key, f"連絡先『{desk}』が contacts.csv にありません。", "番号を確かめるか、行を足してください。")
        elif isinstance(desk, str) and not phones[desk]:
            what = f"連絡先『{desk}』の電話番号がまだないので、住民に番号を案内できません。"
            yield warning(TOWN, pack.setting_lines.get(key, 0), key, what, "contacts.csv に電話番号を書いてください。")


def _under(pack: Pack, table: str, key: str) -> str:
    """A word under a [table] of town.toml, "" where it is not there or not a word."""
    entries = pack.settings.get(table)
    value = entries.get(key) if isinstance(entries, dict) else None
    return value if isinstance(value, str) else ""


def _setting(pack: Pack, key: str, what: str, todo: str) -> Finding:
    return error(TOWN, pack.setting_lines.get(key, 0), key, what, todo)
