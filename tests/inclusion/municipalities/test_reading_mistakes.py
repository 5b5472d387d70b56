"""Files that spreadsheets and editors spoil: never a stack trace, always a file, a line and what to do."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inclusion.municipalities import Finding, TownPackBroken, check_town, load_town

from .conftest import FILES, TODAY, TinyTown

ITEMS, ALIASES = "waste/items.csv", "waste/aliases.csv"


def about(findings: tuple[Finding, ...], file: str) -> list[Finding]:
    return [finding for finding in findings if finding.file == file]


@pytest.mark.parametrize(("encoding", "named"), [("cp932", "Shift_JIS"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16")])
def test_a_spreadsheet_saved_in_another_encoding_is_named(town: TinyTown, encoding: str, named: str) -> None:
    town.write("places.csv", town.read("places.csv"), encoding)
    finding = town.only()
    assert (finding.severity, finding.file) == ("error", "places.csv")
    assert named in finding.what
    assert "CSV UTF-8" in finding.todo


def test_one_line_pasted_in_another_encoding_is_found_by_its_number(town: TinyTown) -> None:
    path = town.folder / "places.csv"
    path.write_bytes(path.read_bytes() + "広場,ひろば,名所\n".encode("cp932") + "丘,おか,名所\n".encode())
    assert (town.only().line, town.only().file) == (3, "places.csv")


def test_a_missing_column_is_named(town: TinyTown) -> None:
    town.write("places.csv", "name,kind\n小里,町\n")
    assert (town.only().line, town.only().column, town.only().severity) == (1, "reading", "error")


def test_an_unknown_column_is_only_a_warning(town: TinyTown) -> None:
    town.write("places.csv", "name,reading,kind,memo\n小里,こさと,町,x\n")
    assert (town.only().severity, town.only().column) == ("warning", "memo")


def test_an_empty_file_says_which_heading_it_needs(town: TinyTown) -> None:
    town.write("places.csv", "")
    assert "ファイルが空です。" in town.only().what
    assert "name,reading,kind" in town.only().todo


@pytest.mark.parametrize("file", [name for name in FILES if not name.startswith("faq/")])
def test_a_missing_file_is_told(town: TinyTown, file: str) -> None:
    (town.folder / file).unlink()
    assert "ファイルがありません。" in about(town.findings(), file)[0].what


def test_a_row_with_too_few_cells_is_placed(town: TinyTown) -> None:
    town.add("places.csv", "広場,ひろば")
    assert (town.only().line, town.only().column) == (3, "3列目")


def test_a_row_with_too_many_cells_is_placed(town: TinyTown) -> None:
    town.add("places.csv", "広場,ひろば,名所,あ")
    assert (town.only().line, town.only().column) == (3, "4列目")
    assert "囲んでください" in town.only().todo


def test_a_quotation_that_never_closes_is_placed_where_it_opens(town: TinyTown) -> None:
    town.add("places.csv", '"広場,ひろば,名所')
    town.add("places.csv", "丘,おか,名所")
    assert (town.only().line, town.only().severity) == (3, "error")


def test_a_quoted_comma_is_no_mistake(town: TinyTown) -> None:
    town.add("places.csv", '"広場, 北",ひろばきた,名所')
    assert town.findings() == ()


def test_the_line_after_a_cell_with_a_line_break_is_still_numbered_rightly(town: TinyTown) -> None:
    town.add("places.csv", '"広\n場",ひろば,名所')
    town.add("places.csv", "丘,,名所")
    assert [(finding.line, finding.severity) for finding in town.findings()] == [(3, "warning"), (5, "error")]


def test_invisible_nul_characters_are_found(town: TinyTown) -> None:
    town.add("places.csv", "広\0場,ひろば,名所")
    assert (town.only().line, town.only().file) == (3, "places.csv")


def test_a_fifty_megabyte_file_is_not_even_read(town: TinyTown) -> None:
    with (town.folder / "places.csv").open("ab") as file:
        file.truncate(50_000_000)
    assert "大きすぎます（50MB" in town.only().what


def test_broken_toml_is_placed(town: TinyTown) -> None:
    town.change("town.toml", 'code = "999999"', 'code = "999999')
    assert (town.only().file, town.only().line) == ("town.toml", 4)


def test_broken_yaml_is_placed(town: TinyTown) -> None:
    town.change("guard.yaml", "  rule: fire", "  rule: fire: smoke")
    assert (town.only().file, town.only().line) == ("guard.yaml", 2)


def test_what_is_wrong_with_yaml_is_said_in_japanese(town: TinyTown) -> None:
    town.change("guard.yaml", "  rule: fire", "  rule: fire: smoke")
    assert "1行に「: 」が2つあるか" in town.only().what


def test_a_page_pasted_into_one_cell_is_told_shortly(town: TinyTown) -> None:
    town.add("places.csv", f"広場,{'A' * 5_000},名所")
    town.add("places.csv", f"{'丘' * 200_000},おか,名所")
    assert [(finding.line, finding.column) for finding in town.findings()] == [(3, "reading"), (4, "")]
    assert max(len(finding.what) for finding in town.findings()) < 400


def test_a_key_written_twice_is_found(town: TinyTown) -> None:
    town.change("slots.yaml", "  name: 机\n", "  name: 机\n  name: つくえ\n")
    assert (town.only().line, town.only().column) == (3, "name")


@pytest.mark.parametrize(
    "text", ["[" * 50_000, "{a: " * 5_000, "a: &a [*a, *a]", "- " * 3_000 + "x", "\t- x", "a: !!python/name:os.system x"]
)
def test_hostile_yaml_becomes_findings_and_not_a_crash(town: TinyTown, text: str) -> None:
    town.write("slots.yaml", text)
    assert about(town.findings(), "slots.yaml")


def spoilt_at_random(spoils: Callable[..., None], examples: int, **by: st.SearchStrategy[Any]) -> Callable[..., None]:
    tried = settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    return tried(given(**by)(spoils))


def holds_any_bytes(town: TinyTown, raw: bytes, file: str) -> None:
    before = (town.folder / file).read_bytes()
    for content in (raw, before + raw, raw + before):
        (town.folder / file).write_bytes(content)
        assert all(finding.what and finding.todo for finding in town.findings())
    (town.folder / file).write_bytes(before)


BYTES = {"raw": st.binary(max_size=300), "file": st.sampled_from(sorted(FILES))}
test_whatever_bytes_a_file_holds_checking_never_raises = spoilt_at_random(holds_any_bytes, 30, **BYTES)
test_whatever_bytes_a_file_holds_at_length = pytest.mark.soak(spoilt_at_random(holds_any_bytes, 600, **BYTES))
STRANGE = st.one_of(
    st.text(max_size=12),
    st.sampled_from([",", '"', "\n", "|", ":", "- ", "{", "[", "''", "=", "\t", "\u2028", "&a", "null", "true", "-1", "9" * 30]),
)


def holds_what_a_clerk_types(town: TinyTown, file: str, place: float, cut: int, text: str) -> None:
    """Checking never raises, and loading gives a town or findings."""
    before = FILES[file]
    start = int(place * len(before))
    town.write(file, (before[:start] + text + before[start + cut :]).encode("utf-8", "replace").decode())
    check_town(town.folder, TODAY)
    with contextlib.suppress(TownPackBroken):
        load_town(town.folder)
    town.write(file, before)


TYPED = {"file": st.sampled_from(sorted(FILES)), "place": st.floats(0, 1), "cut": st.integers(0, 15), "text": STRANGE}
test_whatever_a_clerk_types_loading_gives_a_town_or_findings = spoilt_at_random(holds_what_a_clerk_types, 60, **TYPED)
test_whatever_a_clerk_types_at_length = pytest.mark.soak(spoilt_at_random(holds_what_a_clerk_types, 1500, **TYPED))


def test_a_folder_where_a_file_should_be_is_told(town: TinyTown, tmp_path: Path) -> None:
    (town.folder / "places.csv").unlink()
    (town.folder / "places.csv").mkdir()
    assert about(town.findings(), "places.csv")
