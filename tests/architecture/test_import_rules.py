"""The storeys of the house: who may import whom, and that every package opens alone."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ABOVE = {
    "accessibility": ("bots", "lessons", "streaming", "inclusion", "fastapi"),
    "bots": ("lessons", "streaming", "inclusion", "fastapi"),
    "lessons": ("bots", "streaming", "inclusion", "fastapi"),
    "streaming": ("bots", "lessons", "inclusion", "fastapi"),
}


def loaded_above(package: str) -> str:
    code = f"import sys, {package}; print([m for m in {ABOVE[package]!r} if m in sys.modules])"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--config", "pyproject.toml", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("package", ABOVE)
def test_every_lower_package_opens_alone(package: str) -> None:
    assert loaded_above(package) == "[]"


def test_all_import_contracts_are_kept() -> None:
    outcome = lint_imports(ROOT)
    assert outcome.returncode == 0, outcome.stdout


def test_a_planted_wrong_import_is_caught(tmp_path: Path) -> None:
    """Control: the same check fails when lessons reaches into bots."""
    for package in ("inclusion", "bots", "lessons", "streaming", "accessibility"):
        subprocess.run(["cp", "-r", str(ROOT / package), str(tmp_path)], check=True)
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "lessons" / "wrong.py").write_text("from bots import Message\n", encoding="utf-8")
    outcome = lint_imports(tmp_path)
    assert outcome.returncode != 0
    assert "lessons.wrong -> bots" in outcome.stdout
