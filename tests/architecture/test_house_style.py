"""The parts of the house style that a machine can read."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("inclusion", "bots", "lessons", "streaming", "accessibility")
LONGEST_FILE = 300
LONGEST_FUNCTION = 30


@cache
def sources(package: str = "") -> tuple[Path, ...]:
    """Of one package or of all."""
    files = [path for one in ([package] if package else PACKAGES) for path in sorted((ROOT / one).rglob("*.py"))]
    return tuple(path for path in files if "versions" not in path.parts)


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("package", PACKAGES)
def test_no_file_is_longer_than_300_lines(package: str) -> None:
    assert sources(package)
    assert [ids(path) for path in sources(package) if path.read_text(encoding="utf-8").count("\n") > LONGEST_FILE] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_opens_with_the_reason_for_its_existence(package: str) -> None:
    written = [path for path in sources(package) if path.read_text(encoding="utf-8").strip()]
    assert [ids(path) for path in written if not ast.get_docstring(parsed(path))] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_functions_stay_short(package: str) -> None:
    too_long = [
        f"{ids(path)}: {f.name}"
        for path in sources(package)
        for f in functions(path)
        if (f.end_lineno or 0) - f.lineno + 1 > LONGEST_FUNCTION + _docstring_lines(f)
    ]
    assert too_long == []


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_is_imported_inside_a_function_without_a_reason(package: str) -> None:
    """Optional heavy engines may be; the line then says why in a comment."""
    assert [told for path in sources(package) for told in _hidden_imports(path)] == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    wrong = re.compile(r"(?<![\w.])/(wo" + r"rk|ro" + r"ot)/|py" + r"pi\.org|npm" + r"js\.org")
    files = [p for p in ROOT.rglob("*") if p.suffix in {".py", ".md", ".toml", ".sh", ".html", ".css", ".js", ".yaml", ".csv"}]
    ours = [p for p in files if not {".venv", ".git", "node_modules", "vendor"} & set(p.relative_to(ROOT).parts)]
    assert not [str(p.relative_to(ROOT)) for p in ours if wrong.search(p.read_text(encoding="utf-8", errors="replace"))]


def test_no_code_asks_which_town_it_is() -> None:
    names = re.compile(r"chiyoda|千代田", re.IGNORECASE)
    allowed = {"inclusion/settings.py"}  # the default of INCLUSION_TOWN
    assert not [ids(p) for p in sources() if ids(p) not in allowed and names.search(p.read_text(encoding="utf-8"))]


def _docstring_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    text = ast.get_docstring(function)
    return text.count("\n") + 1 if text else 0


def _hidden_imports(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    hidden = [node for f in functions(path) for node in ast.walk(f) if isinstance(node, ast.Import | ast.ImportFrom)]
    return [f"{ids(path)}:{node.lineno}" for node in hidden if "#" not in lines[node.lineno - 1]]
