"""Documentation is tested: every setting, command and make target is written down where people look."""

import re
from pathlib import Path

import pytest

from inclusion.settings import Settings

ROOT = Path(__file__).parents[2]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_every_setting_is_in_the_example_and_the_readme(setting: str) -> None:
    assert re.search(rf"^{setting.upper()}=", read(".env.example"), re.MULTILINE)
    assert setting.upper() in read("README.md")


@pytest.mark.parametrize("target", ["run", "test", "check", "bench", "soak", "help"])
def test_every_make_target_is_explained(target: str) -> None:
    assert re.search(rf"^{target}:.*## \w", read("Makefile"), re.MULTILINE)
    assert f"make {target}" in read("README.md") + read("CONTRIBUTING.md")
