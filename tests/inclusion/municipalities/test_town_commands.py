"""The commands a clerk types to bring a town in, ask it, and hand its data on."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from inclusion.cli import app
from inclusion.learning.own_questions import changed_answers, remember_answers

from .conftest import TinyTown
from .importing_files import STANDARD, five, written
from .test_importing import NOW


def typed(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def imported(tmp_path: Path) -> Path:
    folder = tmp_path / "town"
    assert typed("import-town", "5374", five(tmp_path / "five"), "--to", folder, "--name", "小里町").exit_code == 0
    return folder


def test_import_check_and_ask_follow_one_another(imported: Path) -> None:
    assert typed("check-town", imported).exit_code == 0
    asked = typed("ask", "--town", imported, "アイロンは何ごみ？")
    assert asked.exit_code == 0
    assert "燃やさないごみ" in asked.output


def test_what_a_phone_would_show_as_buttons_is_listed_in_the_terminal(imported: Path) -> None:
    asked = typed("ask", "--town", imported, "スマホの字が小さい")
    assert "  1. iPhone\n" in asked.output and "  2. Android\n" in asked.output


def test_a_refused_import_ends_with_one_and_says_why(tmp_path: Path) -> None:
    refused = typed("import-town", "standard", written(tmp_path / "x.csv", "あ,い\n1,2\n"), "--to", tmp_path / "town")
    assert refused.exit_code == 1
    assert "取り込みませんでした" in refused.output
    assert typed("import-town", "excel", tmp_path, "--to", tmp_path / "town").exit_code == 2


def test_the_report_is_printed_and_names_the_next_step(tmp_path: Path) -> None:
    done = typed("import-town", "standard", written(tmp_path / "x.csv", STANDARD), "--to", tmp_path / "town")
    assert "品目 5件" in done.output
    assert "確かめてください" in done.output
    assert "check-town" in done.output


def test_days_and_calendar_are_given_for_an_area(imported: Path, tmp_path: Path) -> None:
    assert "燃やすごみ" in typed("collections", "--town", imported, "--area", "東町四丁目").output
    file = tmp_path / "days.ics"
    assert typed("export", "ical", "--town", imported, "--area", "東町四丁目", "--to", file).exit_code == 0
    assert file.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert typed("export", "ical", "--town", imported, "--area", "どこか").exit_code == 2


def test_a_town_is_handed_on_in_both_forms(imported: Path) -> None:
    assert typed("export", "standard", "--town", imported).output.startswith("全国地方公共団体コード,ID,")
    assert json.loads(typed("export", "schema", "--town", imported).output)["@context"] == "https://schema.org"


def test_a_new_town_is_started_and_a_strange_name_refused(tmp_path: Path) -> None:
    assert typed("new-town", "kosato", "--to", tmp_path / "kosato", "--name", "小里町").exit_code == 0
    assert typed("check-town", tmp_path / "kosato").exit_code == 0
    assert typed("new-town", "小里", "--to", tmp_path / "other").exit_code == 1


def test_the_towns_own_questions_show_which_answers_changed(town: TinyTown) -> None:
    town.write("questions.jsonl", '{"q": "傘は何ごみ？"}\n椅子を捨てたい\n')
    assert [change.expected for change in changed_answers(town.folder, NOW)[1]] == [None, None]
    assert remember_answers(town.folder, NOW) == 2
    assert changed_answers(town.folder, NOW) == (2, ())
    town.change("waste/items.csv", "S00001,,いす,いす,いす,S00001,,1,脚,300", "S00001,,いす,いす,いす,S00001,,1,脚,900")
    changed = typed("check-town", town.folder)
    assert "答えが変わりました" in changed.output
    assert "300円" in changed.output
    assert "900円" in changed.output
    assert "答えが変わったもの 1件" in changed.output


def test_a_town_without_questions_is_checked_as_before(town: TinyTown) -> None:
    assert "質問集" not in typed("check-town", town.folder).output
