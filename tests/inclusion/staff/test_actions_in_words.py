"""Whatever the journal can hold is told in words on the first page of staff, whoever did it and on whichever page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import inclusion
from tests.towns import demo_town

HERE = Path(inclusion.__file__).parent
PREFIX = {
    "web/classes/staff.py": "lesson.",
    "web/classes/decisions.py": "lesson.",
    "web/classes/day.py": "lesson.",
    "web/classes/team.py": "team.",
    "web/classes/roster.py": "team.",
    "web/classes/places.py": "team.",
    "web/classes/planning.py": "team.",
    "web/classes/tutoring.py": "tutoring.",
    "web/live/planning.py": "live.",
    "web/staff/people.py": "",
}
DOERS = {"do", "_done", "_tried", "_note", "_witness"}
WITNESSES = {"record", "witness"}
LEARNED = {f"learned_{kind}" for kind in ("alias", "draft", "faq", "out_of_scope", "reading", "undone")}
CODE = re.compile(r"[a-z][a-z_.]*")


def named(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def calls(tree: ast.AST) -> list[ast.Call]:
    return [one for one in ast.walk(tree) if isinstance(one, ast.Call)]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def pressed(tree: ast.AST) -> set[str]:
    """The keys of every table of deeds (word → function), and the words of a volunteer's standing."""
    found = set[str]()
    for one in ast.walk(tree):
        if isinstance(one, ast.Dict) and any(isinstance(value, ast.Lambda) for value in one.values):
            found |= {key.value for key in one.keys if isinstance(key, ast.Constant)}
        if isinstance(one, ast.Assign) and getattr(one.targets[0], "id", "") == "STEPS" and isinstance(one.value, ast.Tuple):
            found |= {each.value for each in one.value.elts if isinstance(each, ast.Constant)}
    return found


def doings(module: ast.Module) -> Iterator[tuple[ast.Call, set[str]]]:
    """Every call that journals, with the steps of the function around it (of the file, where it has no table itself)."""
    functions = [one for one in ast.walk(module) if isinstance(one, ast.FunctionDef)]
    for call in (one for one in calls(module) if named(one) in DOERS):
        around = [one for one in functions if any(inner is call for inner in ast.walk(one))]
        innermost = max(around, key=lambda one: one.lineno) if around else module
        yield call, pressed(innermost) or pressed(module)


def said(argument: ast.expr, steps: set[str]) -> Iterator[str]:
    """What an argument of a doer can be as an action."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and CODE.fullmatch(argument.value):
        yield argument.value
    if isinstance(argument, ast.IfExp):  # step if step in STEPS else "state": an unknown step is refused before it is noted
        yield from steps
    if isinstance(argument, ast.Name) and argument.id == "step":
        yield from steps
    if isinstance(argument, ast.JoinedStr):
        before = "".join(one.value for one in argument.values[:1] if isinstance(one, ast.Constant))
        after = "".join(one.value for one in argument.values[-1:] if isinstance(one, ast.Constant))
        yield from (f"{before}{step}{after}" for step in steps) if len(argument.values) == 2 else ()


@cache
def actions() -> frozenset[str]:
    found = set(LEARNED)
    for file, prefix in PREFIX.items():
        for call, steps in doings(parsed(HERE / file)):
            found |= {prefix + one for one in chain.from_iterable(said(argument, steps) for argument in call.args)}
    for path in HERE.rglob("*.py"):
        for call in (one for one in calls(parsed(path)) if named(one) in WITNESSES):
            values = [one.value.value for one in call.keywords if one.arg == "action" and isinstance(one.value, ast.Constant)]
            found |= {one for one in values if "." in one}
    return frozenset(found)


def test_every_action_the_code_can_journal_has_a_sentence() -> None:
    texts = demo_town().messages.texts
    without = {one for one in actions() if f"staff.action.{one}" not in texts}
    assert without == set()


def test_control_the_scan_sees_every_kind_of_action() -> None:
    for one in (
        "lesson.call_off",
        "lesson.day_arrive",
        "team.step_in",
        "team.calendar_end",
        "team.resting",
        "team.room_gone",
        "live.host.revoke",
    ):
        assert one in actions()
    assert {"staff.sign_in", "help.reply", "tutoring.close", "lesson.import_events", "team.draft", "live.film.delete"} <= actions()


def test_every_page_that_journals_is_scanned() -> None:
    journalling = {
        str(path.relative_to(HERE))
        for path in (HERE / "web").rglob("*.py")
        if re.search(r"\.do\(\s*request, staff|_done\(desk, request, staff|_witness\(session", path.read_text(encoding="utf-8"))
    }
    assert journalling <= set(PREFIX)


def test_every_sentence_is_of_an_action_there_is() -> None:
    texts = demo_town().messages.texts
    told = {one.removeprefix("staff.action.") for one in texts if one.startswith("staff.action.")}
    assert told - actions() == set()
