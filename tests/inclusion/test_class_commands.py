"""A programme goes out of one database into another by commands alone; what cannot be taken is told, with an exit code for scripts."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

from inclusion.cli import app
from inclusion.database import open_database
from inclusion.migrations import upgrade
from inclusion.staff.audit import AuditEntry
from lessons import Contact, ScheduledSession, Wish, apply
from tests.lessons.programme import plan_class


@pytest.fixture
def use(monkeypatch, tmp_path):
    """Makes a fresh town's database the one that commands work on."""
    opened = []

    def fresh(name):
        monkeypatch.setenv("INCLUSION_VAR", str(tmp_path / name))
        url = f"sqlite:///{tmp_path / name / 'inclusion.sqlite3'}"
        monkeypatch.setenv("DATABASE_URL", url)
        database = open_database(url)
        upgrade(url)
        opened.append(database)
        return database

    yield fresh
    for database in opened:
        database.close()


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def planned(database):
    with database.writing() as session:
        return plan_class(session, datetime.now(UTC), id="a", name="地図の見方", what_to_bring="スマホ", fee_yen=500)


def classes(database):
    with database.reading() as session:
        return session.exec(select(ScheduledSession)).all()


def test_sheets_written_by_one_town_fill_an_empty_one_and_come_out_the_same(use, tmp_path):
    planned(use("one"))
    assert run("export", "classes", tmp_path / "out").exit_code == 0
    other = use("other")
    taken = run("import-classes", tmp_path / "out")
    assert taken.exit_code == 0 and "取り込みました" in taken.output
    run("export", "classes", tmp_path / "again")
    assert {one.name: one.read_bytes() for one in (tmp_path / "out").iterdir()} == {
        one.name: one.read_bytes() for one in (tmp_path / "again").iterdir()
    }
    assert [one.fee_yen for one in classes(other)] == [500]


def test_sheets_are_not_poured_over_classes_that_are_there(use, tmp_path):
    planned(use("one"))
    run("export", "classes", tmp_path / "out")
    refused = run("import-classes", tmp_path / "out")
    assert refused.exit_code == 1 and "import-events" in refused.output


def test_a_folder_that_is_not_there_is_a_wrong_call(use, tmp_path):
    use("one")
    assert run("import-classes", tmp_path / "nowhere").exit_code == 2


def test_a_sheet_with_a_slip_is_named_and_nothing_of_it_is_kept(use, tmp_path):
    planned(use("one"))
    run("export", "classes", tmp_path / "out")
    for sheet in (tmp_path / "out").iterdir():
        sheet.write_text(sheet.read_text(encoding="utf-8-sig").replace(",500", ",五百円"), encoding="utf-8")
    other = use("other")
    refused = run("import-classes", tmp_path / "out")
    assert refused.exit_code == 1 and refused.output.strip() and classes(other) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_the_event_list_goes_out_and_comes_in_in_both_encodings_and_is_noted(use, tmp_path, encoding):
    planned(use("one"))
    written = run("export", "events")
    assert written.exit_code == 0
    (tmp_path / "list.csv").write_bytes(written.output.encode(encoding))
    other = use("other")
    told = run("import-events", tmp_path / "list.csv")
    assert told.exit_code == 0 and "新しい教室 1" in told.output
    with other.reading() as session:
        assert [one.action for one in session.exec(select(AuditEntry)).all()] == ["lesson.import_events"]
    assert "同じ教室 1" in run("import-events", tmp_path / "list.csv").output


def test_checking_tells_what_would_happen_and_writes_nothing(use, tmp_path):
    planned(use("one"))
    run("export", "events", "--to", tmp_path / "list.csv")
    other = use("other")
    told = run("import-events", tmp_path / "list.csv", "--check")
    assert told.exit_code == 0 and "新しい教室 1" in told.output and classes(other) == []


def test_a_room_smaller_than_its_people_is_refused_with_the_line(use, tmp_path):
    database = use("one")
    planned(database)
    with Session(database.engine) as session, session.begin():
        for n in range(2):
            apply(session, Wish("a", Contact(f"人{n}", f"090000000{n}0", True)), datetime.now(UTC) + timedelta(seconds=1))
    run("export", "events", "--to", tmp_path / "list.csv")
    text = (tmp_path / "list.csv").read_text(encoding="utf-8-sig")
    head, row = text.splitlines()[:2]
    place = head.split(",").index("定員")
    cells = row.split(",")
    cells[place] = "1"
    (tmp_path / "list.csv").write_text("\n".join([head, ",".join(cells)]) + "\n", encoding="utf-8")
    refused = run("import-events", tmp_path / "list.csv")
    assert refused.exit_code == 1 and "2行目" in refused.output and classes(database)[0].maximum_attendee_capacity == 2


def test_a_file_that_is_no_text_is_refused_with_a_sentence(use, tmp_path):
    use("one")
    (tmp_path / "list.csv").write_bytes(b"\x80\x81\xfe\xff\x00")
    refused = run("import-events", tmp_path / "list.csv")
    assert refused.exit_code == 1 and "CSV UTF-8" in refused.output
