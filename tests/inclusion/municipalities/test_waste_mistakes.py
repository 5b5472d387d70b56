"""Fees nobody can trace, words that lead two ways, size classes with holes."""

import pytest

from inclusion.municipalities import count_fee_checks

from .conftest import TinyTown

ITEMS, ALIASES, SLOTS = "waste/items.csv", "waste/aliases.csv", "slots.yaml"


def test_an_alias_for_an_item_that_is_not_there_reads_as_a_clerk_needs_it(town: TinyTown) -> None:
    town.add(ALIASES, "丸いす,まるいす,S00999,ja,,")
    assert town.only().sentence() == (
        "waste/aliases.csv の5行目『target』: 品目番号『S00999』は items.csv にありません。"
        "→ 番号を確かめるか、items.csv に品目を足してください。"
    )


@pytest.mark.parametrize(("target", "named"), [("n.x", "policy.csv"), ("f.x", "faq フォルダー"), ("sofa", "slots.yaml")])
def test_each_kind_of_unknown_target_names_the_file_to_look_in(town: TinyTown, target: str, named: str) -> None:
    town.add(ALIASES, f"なぞ,なぞ,{target},ja,,")
    assert named in town.only().what


def test_a_sentence_asked_about_nothing_of_ours_names_its_line(town: TinyTown) -> None:
    town.write("asked.csv", "id,sentence\nS00001,夕涼みに腰かけた木の\nS00999,よくわからないもの\n")
    assert (town.only().file, town.only().line, town.only().column) == ("asked.csv", 3, "id")


def test_one_word_for_two_things_is_an_error_on_the_later_line(town: TinyTown) -> None:
    town.add(ALIASES, "椅 子,いす,b.kasa,ja,,")
    assert (town.only().severity, town.only().line, town.only().column) == ("error", 5, "word")
    assert "2行目は『S00001』" in town.only().what


def test_one_word_for_two_sizes_of_one_thing_is_only_a_warning(town: TinyTown) -> None:
    town.add(ALIASES, "学習机,がくしゅうづくえ,S00002,ja,,")
    town.add(ALIASES, "学習机,がくしゅうづくえ,S00003,ja,,")
    assert town.only().severity == "warning"
    assert "『desk』の1行に" in town.only().todo


def test_the_same_word_in_two_languages_is_no_mistake(town: TinyTown) -> None:
    town.add(ALIASES, "chair,,b.kasa,ko,,")
    assert town.findings() == ()


def test_the_same_row_twice_is_a_warning(town: TinyTown) -> None:
    town.add(ALIASES, "椅子,いす,S00001,ja,,")
    assert town.only().severity == "warning"


def test_a_word_that_is_another_items_own_name_is_a_warning(town: TinyTown) -> None:
    town.add(ALIASES, "机,つくえ,S00001,ja,,")
    assert (town.only().severity, town.only().line) == ("warning", 5)


def test_an_alias_without_a_reading_is_an_error_in_japanese_only(town: TinyTown) -> None:
    town.add(ALIASES, "腰掛け,,S00001,ja,,")
    town.add(ALIASES, "stool,,S00001,en,,")
    assert (town.only().column, town.only().line) == ("reading", 5)


@pytest.mark.parametrize("slots", ["longest_cm", "longest_cm=長い", "weight=3"])
def test_preset_sizes_that_cannot_be_read_are_errors(town: TinyTown, slots: str) -> None:
    town.add(ALIASES, f"平机,ひらづくえ,desk,ja,{slots},")
    assert (town.only().severity, town.only().column) == ("error", "slots")


def test_a_preset_the_group_never_asks_for_is_a_warning(town: TinyTown) -> None:
    town.add(ALIASES, "平机,ひらづくえ,desk,ja,persons=2,")
    assert town.only().severity == "warning"


@pytest.mark.parametrize("reading", ["", "イス", "isu", "椅子"])
def test_a_reading_that_is_missing_or_not_hiragana_is_an_error(town: TinyTown, reading: str) -> None:
    town.change(ITEMS, "いす,いす,いす,S00001", f"いす,いす,{reading},S00001")
    assert (town.only().line, town.only().column) == (2, "reading")


@pytest.mark.parametrize(
    ("old", "new", "column"), [(",,,own\nS00002", ",,,\nS00002", "source"), ("300,2026-05,,,own", "300,,,,own", "fee_as_of")]
)
def test_a_fee_without_its_source_or_its_date_is_an_error(town: TinyTown, old: str, new: str, column: str) -> None:
    town.change(ITEMS, old, new)
    assert (town.only().severity, town.only().line, town.only().column) == ("error", 2, column)


@pytest.mark.parametrize("fee", ["-300", "300円", "３百", "300.5", "1e3"])
def test_a_fee_that_is_not_a_whole_number_is_an_error(town: TinyTown, fee: str) -> None:
    town.change(ITEMS, ",脚,300,", f",脚,{fee},")
    assert (town.only().line, town.only().column) == (2, "fee_yen")


def test_an_id_used_twice_is_an_error_that_names_the_first_line(town: TinyTown) -> None:
    town.add(ITEMS, "S00001,,たな,たな,たな,S00001,,1,台,300,2026-05,,,own")
    assert (town.only().line, town.only().column) == (5, "id")
    assert "2行目でも" in town.only().what


@pytest.mark.parametrize(
    ("day", "severity"), [("2026/05/01", "error"), ("2026-02-30", "error"), ("昨日", "error"), ("2027-01-01", "warning")]
)
def test_a_day_that_is_none_or_not_yet_is_told(town: TinyTown, day: str, severity: str) -> None:
    town.change(ITEMS, "2026-05,,,own", f"2026-05,{day},,own")
    assert (town.only().severity, town.only().column) == (severity, "checked_on")


def test_an_item_of_a_group_that_is_not_there_is_an_error(town: TinyTown) -> None:
    town.change(ITEMS, "いす,いす,いす,S00001", "いす,いす,いす,isu")
    assert (town.only().line, town.only().column) == (2, "group")


def test_a_size_class_with_an_item_of_another_group_is_an_error(town: TinyTown) -> None:
    town.change(SLOTS, "item: S00003", "item: S00001")
    assert {(finding.line, finding.column) for finding in town.findings()} == {(7, "item"), (2, "rows")}


def test_a_group_without_classes_is_an_error(town: TinyTown) -> None:
    town.write(SLOTS, "desk: {name: 机, question: 長さは, slots: [longest_cm], rows: []}\n")
    assert [finding.column for finding in town.findings()] == ["rows", "rows", "rows"]


@pytest.mark.parametrize("condition", ["about 100", "100..50", "", "=<100", "100"])
def test_a_condition_nobody_can_read_is_an_error(town: TinyTown, condition: str) -> None:
    town.change(SLOTS, '"<100"', f'"{condition}"')
    assert (town.only().severity, town.only().line, town.only().column) == ("error", 6, "longest_cm")


def test_a_size_class_without_a_condition_is_an_error(town: TinyTown) -> None:
    town.change(SLOTS, 'when: {longest_cm: "<100"}', "when: {}")
    assert (town.only().severity, town.only().line, town.only().column) == ("error", 6, "when")


@pytest.mark.parametrize(("condition", "told"), [("<=100", "重なって"), ("<120", "重なって"), ("<90", "入らない大きさ")])
def test_sizes_in_two_classes_or_in_none_are_warnings(town: TinyTown, condition: str, told: str) -> None:
    town.change(SLOTS, '"<100"', f'"{condition}"')
    assert (town.only().severity, town.only().line) == ("warning", 7)
    assert told in town.only().what


def test_people_are_counted_whole_so_one_and_two_leave_no_hole(town: TinyTown) -> None:
    text = town.read(SLOTS).replace("longest_cm", "persons").replace("<100", "<=1").replace(">=100", ">=2")
    town.write(SLOTS, text)
    town.change(ALIASES, "longest_cm=90", "persons=1")
    assert town.findings() == ()


def test_a_button_longer_than_twenty_characters_is_an_error(town: TinyTown) -> None:
    town.change(SLOTS, "label: 1メートル未満", f"label: {'長' * 21}")
    assert (town.only().line, town.only().column) == (6, "label")
    assert "21文字" in town.only().what


def test_an_unknown_way_of_asking_is_an_error(town: TinyTown) -> None:
    town.change(SLOTS, "slots: [longest_cm]", "slots: [longest_cm, weight_kg]")
    assert (town.only().line, town.only().column) == (4, "slots")


def test_a_sorting_row_that_points_at_no_policy_is_an_error(town: TinyTown) -> None:
    town.change("waste/sorting.csv", "b.kasa", "b.amagasa")
    assert (town.only().file, town.only().line, town.only().column) == ("waste/sorting.csv", 2, "policy")


def test_recording_a_check_lowers_the_number_of_unchecked_fees(town: TinyTown) -> None:
    before = count_fee_checks(town.folder)
    town.change(ITEMS, "300,2026-05,,,own", "300,2026-05,2026-11-20,,own")
    after = count_fee_checks(town.folder)
    assert (before.unchecked, before.checked, before.without_fee) == (1, 1, 1)
    assert (after.unchecked, after.checked) == (0, 2)
    assert "1件が未照合です" in before.sentence()
    assert "すべて照合済み" in after.sentence()
