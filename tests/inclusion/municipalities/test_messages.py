"""The tables of messages, all of them: every language, the same values, easy Japanese, the limits of buttons, no draft in danger."""

from __future__ import annotations

import csv
import re
import string
from importlib.resources import files

import pytest

from accessibility.plain_japanese import breaches
from bots.line.outgoing import LABEL, TEXT
from tests.towns import demo_town

LANGUAGES = ("ja", "ja-easy", "en", "zh-Hans", "ko")
FOR_STAFF = ("ja", "en")
TABLES = sorted(
    (file for file in (files("inclusion.municipalities") / "messages").iterdir() if file.name.endswith(".csv")), key=lambda f: f.name
)
SAID = re.compile(r"[._]says(_\d+)?$")  # what a button sends back to us: read by us, shown to nobody
BUTTON = re.compile(r"(?<!ask\.)label(_\d+)?$")


def rows(table) -> list[dict[str, str]]:
    return list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def unlike(row: dict[str, str]) -> list[str]:
    """The languages in which the row wants a value that the Japanese sentence does not give, or leaves one out."""
    return [one for one in LANGUAGES if row[one] and placeholders(row[one]) != placeholders(row["ja"])]


def too_long(row: dict[str, str]) -> list[str]:
    """The languages in which a button's words do not fit. What is filled in on buttons are days and hours."""
    if not BUTTON.search(row["id"]):
        return []
    return [one for one in LANGUAGES if LABEL.measure(re.sub(r"\{\w+\}", "00", row[one])) > LABEL.most]


def languages_of(row: dict[str, str]) -> tuple[str, ...]:
    if SAID.search(row["id"]):
        return ("ja",)
    return FOR_STAFF if row["id"].startswith("staff.") else LANGUAGES


def missing(row: dict[str, str]) -> list[str]:
    return [language for language in languages_of(row) if not row[language].strip()]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_sentence_is_there_in_every_language_of_its_readers(table) -> None:
    assert {row["id"]: missing(row) for row in rows(table) if missing(row)} == {}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_language_tells_the_same_values(table) -> None:
    """No language of any sentence may do without one, so there is no list of exceptions."""
    assert {row["id"]: unlike(row) for row in rows(table) if unlike(row)} == {}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_easy_japanese_keeps_the_strict_rules(table) -> None:
    hard = {row["id"]: [str(found) for found in breaches(row["ja-easy"])] for row in rows(table)}
    assert {name: found for name, found in hard.items() if found} == {}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_buttons_and_messages_fit_the_narrowest_channel(table) -> None:
    assert {row["id"]: too_long(row) for row in rows(table) if too_long(row)} == {}
    assert all(TEXT.measure(row[one]) < TEXT.most / 2 for row in rows(table) for one in LANGUAGES)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_what_no_person_has_read_says_so(table) -> None:
    """Chinese and Korean are machine-made until somebody who speaks them has taken the mark away for the row."""
    unmarked = [row["id"] for row in rows(table) for one in ("zh-Hans", "ko") if row[one] and one not in row["note"]]
    assert unmarked == []


def test_what_is_said_in_danger_is_no_row_of_these_tables() -> None:
    """Drafts (未確認) stand in these tables. Dangers are answered with a town's own sentences, each with the day a person read it."""

    town = demo_town()
    urgent = [rule for rule in town.guard if rule.id in ("r.emergency", "r.fraud")]
    drafts = {row[one] for table in TABLES for row in rows(table) if "未確認" in row["note"] for one in LANGUAGES}
    said = {text for rule in urgent for text in (rule.headline, *rule.details)}
    assert len(urgent) > 5 and not said & drafts and all(rule.reviewed_on for rule in urgent)


def test_the_checks_notice_a_bad_row() -> None:
    """Control."""
    bad = {"id": "web.x_label", "ja": "短い", "ja-easy": "令和8年の 当該書類。", "en": "", "zh-Hans": "{a}", "ko": "가", "note": ""}
    assert missing(bad) == ["en"] and unlike(bad) == ["zh-Hans"] and breaches(bad["ja-easy"])


def test_the_check_notices_a_value_that_a_translation_leaves_out() -> None:
    """Control."""
    lost = {"id": "x", "ja": "{day}は{yen}", "ja-easy": "{yen}です", "en": "{yen} on {day}", "zh-Hans": "{day}", "ko": ""}
    assert unlike(lost) == ["ja-easy", "zh-Hans"]


def test_the_check_notices_a_button_whose_words_do_not_fit() -> None:
    """Control; what is no button may be as long as it likes."""
    long = {"id": "web.x_label_2", "ja": "短い", "ja-easy": "短い", "en": "x" * (LABEL.most + 1), "zh-Hans": "短", "ko": "가{day}" * 9}
    assert too_long(long) == ["en", "ko"] and too_long(long | {"id": "web.x"}) == []
