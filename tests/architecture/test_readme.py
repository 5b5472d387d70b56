"""The README's commands are run, and every command of ours is in it or in its help."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inclusion.cli import COMMANDS, app

ROOT = Path(__file__).parents[2]
TALKS_BACK = ("chat", "add-staff", "serve", "deliver")  # these wait for somebody; they have tests of their own


def readme_commands() -> list[str]:
    found = re.findall(r"^\.venv/bin/inclusion (.+?)(?:\s+#.*)?$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    return sorted({command for command in found if command.split()[0] not in TALKS_BACK and "path/to" not in command})


@pytest.mark.parametrize("command", readme_commands())
def test_what_the_readme_says_to_type_works(command: str) -> None:
    done = CliRunner().invoke(app, shlex.split(command))
    assert done.exit_code == 0, done.output
    assert done.stdout.strip()


def test_a_command_works_in_a_process_of_its_own() -> None:
    command = next(one for one in readme_commands() if one.startswith("ask"))
    done = subprocess.run([sys.executable, "-m", "inclusion", *shlex.split(command)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_there_are_commands_to_try() -> None:
    """Control: the pattern above still finds them."""
    assert len(readme_commands()) >= 4


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_explained(command: str) -> None:
    documents = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))))
    assert f"inclusion {command}" in documents
