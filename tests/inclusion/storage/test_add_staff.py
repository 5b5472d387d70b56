"""The command that lets the first member of staff in, also from a script."""

from __future__ import annotations

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from inclusion.cli import app
from inclusion.database import open_database
from inclusion.staff.accounts import StaffRow, all_staff
from inclusion.staff.passwords import Passwords

PASSWORD = "correct horse battery"


@pytest.fixture
def address(tmp_path, monkeypatch) -> str:
    monkeypatch.chdir(tmp_path)
    address = f"sqlite:///{tmp_path}/town.db"
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("INCLUSION_VAR", str(tmp_path))
    return address


@pytest.mark.parametrize("piped", [PASSWORD, f"{PASSWORD}\n", f"{PASSWORD}\r\n", f"{PASSWORD}\n{PASSWORD}\n"])
def test_a_pipe_gives_the_password_as_one_line(address, piped):
    done = CliRunner().invoke(app, ["add-staff", "hanako", "--name", "花子"], input=piped)
    assert done.exit_code == 0 and "'hanako' can now sign in" in done.output and PASSWORD not in done.output
    with open_database(address).reading() as session:
        row = session.exec(select(StaffRow)).one()
    assert row.login == "hanako" and Passwords().match(row.password_hash, PASSWORD)


def test_an_empty_pipe_is_told_what_a_password_needs(address):
    done = CliRunner().invoke(app, ["add-staff", "hanako", "--name", "花子"], input="")
    assert done.exit_code == 2 and "Choose at least 12 characters" in done.output
    with open_database(address).reading() as session:
        assert not all_staff(session)
