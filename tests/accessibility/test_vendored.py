"""What others wrote lies here unchanged, with its licence, and a changed byte is noticed."""

import hashlib
import tomllib
from pathlib import Path

import pytest

VENDOR = Path(__file__).parents[2] / "accessibility" / "static" / "vendor"
FOLDERS = sorted(folder for folder in VENDOR.iterdir() if folder.is_dir())


def changed(folder: Path) -> list[str]:
    version = tomllib.loads((folder / "VERSION.toml").read_text(encoding="utf-8"))
    listed = version["sha256"]
    present = {file.name for file in folder.iterdir()} - {"VERSION.toml"}
    wrong = [name for name in listed if hashlib.sha256((folder / name).read_bytes()).hexdigest() != listed[name]]
    return wrong + sorted(present ^ set(listed))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_vendored_package_is_as_it_was_published(folder: Path) -> None:
    version = tomllib.loads((folder / "VERSION.toml").read_text(encoding="utf-8"))
    assert version["package"] and version["version"] and version["licence"] == "MIT"
    assert changed(folder) == []


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    for file in FOLDERS[0].iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes() + (b" " if file.suffix == ".css" else b""))
    assert changed(tmp_path) == ["tokens.css"]
