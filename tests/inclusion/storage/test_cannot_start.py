"""Where nothing can be kept, a command ends in one sentence that says what to do."""

from __future__ import annotations

import os
import socket

import pytest
from typer.testing import CliRunner

from inclusion.cli import app
from inclusion.settings import Settings


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs `inclusion` with these settings in an empty folder; gives the exit code and what was said."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str, **settings: str) -> tuple[int, str]:
        monkeypatch.setenv("INCLUSION_VAR", str(tmp_path / "var"))
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        done = CliRunner().invoke(app, words, input="correct horse battery")
        return done.exit_code, done.output

    return run


@pytest.fixture
def free_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


@pytest.mark.parametrize(("port", "level", "why"), [("99999", "INFO", "65535"), ("8000", "banana", "LOG_LEVEL")])
def test_a_port_or_a_log_level_that_there_is_not_is_told(run, port, level, why):
    code, said = run("serve", "--port", port, LOG_LEVEL=level)
    assert code == 2 and why in said and "Traceback" not in said


@pytest.mark.parametrize(("written", "meant"), [("warning", "WARNING"), ("Error", "ERROR")])
def test_a_log_level_may_be_written_small(written, meant):
    assert Settings(log_level=written, _env_file=None).log_level == meant


@pytest.mark.parametrize("command", ["serve", "migrate", "add-staff"])
def test_a_file_in_the_folders_place_is_told(run, tmp_path, free_port, command):
    (tmp_path / "taken").touch()
    code, said = run(*_call(command, free_port), INCLUSION_VAR=str(tmp_path / "taken"))
    assert code == 2 and "INCLUSION_VAR" in said and "Traceback" not in said


@pytest.mark.parametrize("command", ["serve", "migrate", "add-staff"])
def test_a_folder_that_cannot_be_written_is_told(run, monkeypatch, free_port, command):
    may = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode, **how: not mode & os.W_OK and may(path, mode, **how)
    )  # root may write anywhere else
    code, said = run(*_call(command, free_port))
    assert code == 2 and "Nothing can be written" in said


@pytest.mark.parametrize("command", ["serve", "migrate", "add-staff"])
@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("nonsense", "is not an address"),
        ("postgresql://town:hidden-word@127.0.0.1:1/town", "cannot be opened"),
        ("sqlite:///letter.txt", "cannot be opened"),
    ],
)
def test_a_database_that_cannot_be_opened_is_told(run, tmp_path, free_port, command, address, why):
    (tmp_path / "letter.txt").write_text("This is a letter and not a database. " * 100)
    code, said = run(*_call(command, free_port), DATABASE_URL=address)
    assert code == 2 and why in said and "DATABASE_URL" in said and "hidden-word" not in said


def _call(command: str, port: str) -> tuple[str, ...]:
    return {"serve": ("serve", "--port", port), "migrate": ("migrate",), "add-staff": ("add-staff", "hanako", "--name", "花子")}[command]
