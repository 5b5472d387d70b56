"""Two slips that cost a clerk an afternoon: a fee nobody can pay, and one sheet saved in the wrong encoding."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from inclusion.municipalities import check_town, town_folder

TODAY = date(2026, 11, 24)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(copytree(town_folder("chiyoda"), tmp_path / "chiyoda"))


def replace_in(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_fee_the_tickets_cannot_make_is_pointed_out(pack: Path) -> None:
    replace_in(pack / "waste" / "items.csv", ",300,2026-05,", ",350,2026-05,")
    (finding,) = [one for one in check_town(pack, TODAY) if one.column == "fee_yen"]
    assert "350円" in finding.what
    assert finding.severity == "warning"


def test_one_unreadable_sheet_gives_its_own_finding_and_not_a_thousand_others(pack: Path) -> None:
    sheet = pack / "waste" / "policy.csv"
    sheet.write_bytes(sheet.read_text(encoding="utf-8-sig").encode("cp932", "replace"))
    findings = check_town(pack, TODAY)
    assert len(findings) < 5
    assert {one.file for one in findings} == {"waste/policy.csv"}
