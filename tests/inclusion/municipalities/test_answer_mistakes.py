"""Prepared answers, guard rules and contacts that would mislead someone."""

import pytest

from .conftest import TinyTown

FAQ, GUARD, CONTACTS = "faq/f.apply.md", "guard.yaml", "contacts.csv"


def test_an_answer_past_its_day_is_an_error(town: TinyTown) -> None:
    town.change(FAQ, 'valid_until: ""', "valid_until: 2026-11-23")
    assert (town.only().severity, town.only().file, town.only().line, town.only().column) == ("error", FAQ, 10, "valid_until")


def test_an_answer_is_still_good_on_its_last_day(town: TinyTown) -> None:
    town.change(FAQ, 'valid_until: ""', "valid_until: 2026-11-24")
    assert town.findings() == ()


@pytest.mark.parametrize("key", ["title", "keywords", "source", "valid_until", "known"])
def test_a_missing_line_in_the_head_is_named(town: TinyTown, key: str) -> None:
    head = [line for line in town.read(FAQ).splitlines() if not line.startswith(f"{key}:")]
    town.write(FAQ, "\n".join(head))
    assert (town.findings()[0].file, town.findings()[0].column) == (FAQ, key)


def test_broken_yaml_in_a_head_is_placed_by_the_line_of_the_page(town: TinyTown) -> None:
    town.change(FAQ, "title: 申し込みのしかた", "title: 申し込み: しかた")
    assert (town.findings()[0].line, town.findings()[0].file) == (3, FAQ)


def test_a_page_without_an_answer_is_an_error(town: TinyTown) -> None:
    town.write(FAQ, town.read(FAQ).split("電話で")[0])
    assert "答えの文がありません。" in town.findings()[0].what


def test_a_page_without_a_head_is_an_error(town: TinyTown) -> None:
    town.write(FAQ, "電話で申し込みます。\n")
    assert (town.findings()[0].line, town.findings()[0].file) == (1, FAQ)


def test_a_page_whose_name_is_not_its_id_is_an_error(town: TinyTown) -> None:
    town.change(FAQ, "id: f.apply", "id: f.aply")
    assert town.only().column == "id"


@pytest.mark.parametrize(("old", "new", "column"), [("[desk]", "[disk]", "contacts"), ("source: own", "source: hearsay", "source")])
def test_unknown_contacts_and_sources_of_an_answer_are_errors(town: TinyTown, old: str, new: str, column: str) -> None:
    town.change(FAQ, old, new)
    assert town.only().column == column


def test_a_link_that_is_no_address_is_an_error(town: TinyTown) -> None:
    town.change(FAQ, "https://example.jp/fees", "example")
    assert town.only().column == "links"


def test_a_town_without_any_answers_is_warned(town: TinyTown) -> None:
    (town.folder / FAQ).unlink()
    assert (town.only().severity, town.only().file) == ("warning", "faq")


@pytest.mark.parametrize(
    ("pattern", "told"), [("火事(", "「(」が閉じていません"), ("火事[", "「[」"), ("*火事", "くり返し"), ("火事|", "何にでも")]
)
def test_a_pattern_that_cannot_work_is_explained(town: TinyTown, pattern: str, told: str) -> None:
    town.change(GUARD, "patterns: [火事]", f"patterns: ['{pattern}']")
    assert (town.only().line, town.only().column) == (3, "patterns")
    assert told in town.only().what


def test_a_guard_rule_that_sends_to_an_unknown_desk_is_an_error(town: TinyTown) -> None:
    town.change(GUARD, "contacts: [desk]", "contacts: [nobody]")
    assert (town.only().line, town.only().column) == (7, "contacts")


def test_a_guard_rule_that_sends_to_a_desk_without_a_phone_is_an_error(town: TinyTown) -> None:
    town.change(GUARD, "contacts: [desk]", "contacts: [hall]")
    assert "電話番号がありません" in town.only().what


def test_a_rule_nobody_has_reviewed_is_a_warning_and_no_error(town: TinyTown) -> None:
    town.change(GUARD, "reviewed_on: 2026-11-01", 'reviewed_on: ""')
    assert (town.only().severity, town.only().line, town.only().column) == ("warning", 8, "reviewed_on")


def test_two_guard_rules_of_one_name_are_an_error(town: TinyTown) -> None:
    town.write(GUARD, town.read(GUARD) * 2)
    assert (town.only().line, town.only().column) == (10, "rule")


def test_a_missing_key_of_a_guard_rule_is_named(town: TinyTown) -> None:
    town.change(GUARD, "  headline: すぐに119へ電話してください。\n", "")
    assert (town.only().severity, town.only().column) == ("error", "headline")


@pytest.mark.parametrize("phone", ["０３-0000-0000", "03(0000)0000", "電話"])
def test_a_phone_number_people_cannot_press_is_an_error(town: TinyTown, phone: str) -> None:
    town.change(CONTACTS, "03-0000-0000", phone)
    assert (town.only().line, town.only().column) == (2, "phone")


@pytest.mark.parametrize(("old", "new", "column"), [("mon-fri", "平日", "open_days"), ("09:00", "9時", "opens"), ("17:00", "", "opens")])
def test_opening_hours_a_machine_cannot_read_are_errors(town: TinyTown, old: str, new: str, column: str) -> None:
    town.change(CONTACTS, old, new)
    assert (town.only().line, town.only().column) == (2, column)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ('help_contact = "desk"', 'help_contact = "hall"', "help_contact"),
        ("max_items = 10", 'max_items = "ten"', "max_items"),
        ('"Asia/Tokyo"', '"Asia/Kosato"', "timezone"),
        ('"こさとまち"', '"コサト"', "reading"),
        ("yen = 300", "yen = -3", "tickets"),
        ('source = "own"', 'source = "hearsay"', "source"),
        ('checked_on = "2026-11-01"', 'checked_on = "autumn"', "checked_on"),
    ],
)
def test_settings_that_cannot_be_right_are_placed(town: TinyTown, old: str, new: str, column: str) -> None:
    line = town.read("town.toml")[: town.read("town.toml").index(old)].count("\n") + 1
    town.change("town.toml", old, new)
    assert (town.only().column, town.only().line) == (column, line)


@pytest.mark.parametrize(
    ("message_id", "text", "severity", "column"),
    [
        ("live.festival", "{name さん", "error", "ja"),
        ("live.festival", "{nmae}は{season}", "error", "ja"),
        ("live.festibal", "{name}は{season}", "warning", "id"),
    ],
)
def test_a_reworded_sentence_that_would_break_is_found(town: TinyTown, message_id: str, text: str, severity: str, column: str) -> None:
    town.write("messages.csv", f"id,ja,ja-easy,en,zh-Hans,ko,note\n{message_id},{text},,,,,\n")
    assert (town.only().file, town.only().line, town.only().severity, town.only().column) == ("messages.csv", 2, severity, column)


def reworded(town: TinyTown, message_id: str, ja: str, easy: str = "", en: str = "") -> None:
    town.write("messages.csv", f"id,ja,ja-easy,en,zh-Hans,ko,note\n{message_id},{ja},{easy},{en},,,\n")


def test_a_reworded_sentence_with_its_own_placeholders_is_fine(town: TinyTown) -> None:
    reworded(town, "live.festival", "{season}に{place}で{name}", "{season}に {place}で {name}")
    assert town.findings() == ()


@pytest.mark.parametrize(("ja", "en", "column"), [("{yen}です。", "", "ja"), ("「{said}」は{yen}です。", "It is {yen}.", "en")])
def test_a_reworded_sentence_that_loses_a_value_is_found_in_its_language(town: TinyTown, ja: str, en: str, column: str) -> None:
    reworded(town, "waste.fee_one", ja, en=en)
    assert (town.only().severity, town.only().line, town.only().column) == ("error", 2, column)
    assert "{said} がない" in town.only().what and "{said} と書いて" in town.only().todo


def test_a_town_may_write_its_own_name_out(town: TinyTown) -> None:
    reworded(town, "greeting.hello", "こんにちは。小里町のことを、何でもたずねてください。")
    assert town.findings() == ()


def test_easy_japanese_that_is_not_easy_is_an_error_with_what_to_write_instead(town: TinyTown) -> None:
    reworded(town, "refuse.chitchat", "何でも聞いてください。", "当該の ことを 聞いてください。")
    assert (town.only().severity, town.only().file, town.only().line, town.only().column) == ("error", "messages.csv", 2, "ja-easy")
    assert "「当該」" in town.only().what and "「その」" in town.only().todo


@pytest.mark.parametrize(
    "easy", ["この ことを 聞いてください。", "ごみの ことと まつりの ことと きょうしつの ことを ここで 何でも 聞いてください。"]
)
def test_easy_japanese_is_fine_and_a_long_sentence_is_only_advised_against(town: TinyTown, easy: str) -> None:
    """Control: the rules judge what is written for easy readers, and not the Japanese beside it."""
    reworded(town, "refuse.chitchat", "当該の事項について、何でもお尋ねください。", easy)
    assert town.findings() == ()
