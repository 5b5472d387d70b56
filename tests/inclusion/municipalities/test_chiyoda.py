"""The bundled pack of Chiyoda: whole, checked, and true to what it was made from."""

import csv
from datetime import date
from pathlib import Path

import pytest

from inclusion.municipalities import Town, check_town, count_fee_checks, town_folder
from tests.towns import demo_town

SHARED = Path(__file__).parents[4] / "shared" / "data"
CHECKED_AT = date(2026, 11, 24)
MUST_NOT_BE_USED = ("0570-03-7000", "03-5296-7000", "0570-07-5530", "0570-046-556")
OFFICES = ("kojimachi", "fujimi", "jimbocho", "kandakoen", "manseibashi", "izumibashi")

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the source data are not beside this checkout")


@pytest.fixture(scope="module")
def chiyoda() -> Town:
    return demo_town()


def shared_rows(path: str) -> list[dict[str, str]]:
    with (SHARED / path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_pack_has_no_error() -> None:
    errors = [str(finding) for finding in check_town("chiyoda", CHECKED_AT) if finding.severity == "error"]
    assert errors == []


def test_every_item_and_sorting_row_is_there(chiyoda: Town) -> None:
    assert (len(chiyoda.items), len(chiyoda.sorting)) == (381, 446)


def test_344_fees_wait_for_a_clerk_and_37_items_have_none() -> None:
    checks = count_fee_checks("chiyoda")
    assert (checks.unchecked, checks.checked, checks.without_fee) == (344, 0, 37)


def test_cushions_and_carpet_tiles_are_charged_by_five(chiyoda: Town) -> None:
    by_five = {item.said for item in chiyoda.items.values() if item.pieces_per_fee == 5}
    assert by_five == {"座布団", "タイルカーペット"}
    assert {item.pieces_per_fee for item in chiyoda.items.values()} == {1, 5}


def test_what_people_say_has_no_brackets(chiyoda: Town) -> None:
    assert not [item.said for item in chiyoda.items.values() if set(item.said) & set("（）()")]


def test_every_fee_says_where_and_when_it_was_published(chiyoda: Town) -> None:
    assert {(item.source, item.fee_as_of) for item in chiyoda.items.values() if item.fee_yen is not None} == {("compiled", "2026-05")}


def test_umbrella_and_air_conditioner_lead_to_their_policies(chiyoda: Town) -> None:
    policies = {row.name: row.policy for row in chiyoda.sorting.values()}
    assert (policies["傘"], policies["エアコン"], policies["アルミホイル"]) == ("b.kasa", "n.aircon", "")


def test_six_branch_offices_have_an_address_and_no_invented_number(chiyoda: Town) -> None:
    offices = [chiyoda.contacts[f"office_{name}"] for name in OFFICES]
    assert all(office.address and not office.phone and not office.hours for office in offices)


def test_emergency_numbers_are_the_reviewed_ones(chiyoda: Town) -> None:
    desks = ("fire", "police", "ambulance_advice", "police_advice", "consumer", "kokoro")
    assert [chiyoda.contacts[desk].phone for desk in desks] == ["119", "110", "#7119", "#9110", "188", "0570-064-556"]


def test_numbers_marked_old_or_wrong_appear_nowhere_in_the_pack() -> None:
    texts = [
        path.read_text(encoding="utf-8") for path in town_folder("chiyoda").rglob("*") if path.suffix in {".csv", ".md", ".yaml", ".toml"}
    ]
    assert len(texts) > 10
    assert not [number for number in MUST_NOT_BE_USED for text in texts if number in text]


def test_the_great_festivals_alternate(chiyoda: Town) -> None:
    assert (chiyoda.festivals["kanda"].years, chiyoda.festivals["sanno"].years) == ("odd", "even")


@needs_shared
def test_fees_names_and_groups_are_those_of_the_source(chiyoda: Town) -> None:
    source = {row["id"]: (row["name"], row["fee"], row["cond"], row["group"]) for row in shared_rows("understanding/kb_items.csv")}
    ours = {
        item.id: (item.name, "" if item.fee_yen is None else str(item.fee_yen), item.condition, item.group)
        for item in chiyoda.items.values()
    }
    assert ours == source


@needs_shared
def test_fees_are_those_of_the_second_source_too(chiyoda: Town) -> None:
    source = {row["official_id"]: row["fee_yen"] for row in shared_rows("chiyoda/bulky_items.csv")}
    assert {item.official_id: "" if item.fee_yen is None else str(item.fee_yen) for item in chiyoda.items.values()} == source


@needs_shared
def test_the_wards_own_words_are_untouched(chiyoda: Town) -> None:
    columns = ("ゴミの品目", "分別区分", "注意点", "料金種別", "備考")
    source = [tuple(row[column] for column in columns) for row in shared_rows("chiyoda/chiyoda_sorting_dictionary.csv")]
    assert [(row.name, row.category, row.note, row.fee_kind, row.remark) for row in chiyoda.sorting.values()] == source


@needs_shared
def test_every_policy_id_of_the_contract_is_answered(chiyoda: Town) -> None:
    assert {row["id"] for row in shared_rows("understanding/kb_policy.csv")} <= set(chiyoda.policies)


@needs_shared
def test_every_faq_id_of_the_contract_is_answered(chiyoda: Town) -> None:
    assert {row["id"] for row in shared_rows("understanding/kb_faq.csv")} <= set(chiyoda.faqs)


@needs_shared
def test_place_readings_are_those_of_the_source(chiyoda: Town) -> None:
    source = [(row["name"], row["reading"], row["kind"]) for row in shared_rows("chiyoda/places_readings.csv")]
    assert [(place.name, place.reading, place.kind) for place in chiyoda.places] == source
