"""Every value that a sentence wants ({yen}, {day}) is given by the code that says it, and nothing is given that no sentence tells.

Without it a renamed value would break the sentence in front of a resident, in the one case nobody tried.
"""

from __future__ import annotations

import ast
import csv
import re
import string
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
TABLES = sorted((ROOT / "inclusion/municipalities/messages").glob("*.csv"))
OWN = frozenset({"language", "easy"})  # what `say` itself is told: no sentence may want values of these names
SAYS = ("say", "show", "_say")
ANY = r"[^.]+"


@dataclass(frozen=True)
class Saying:
    """One place where a sentence is said: the pattern of its id, and the values given (`more`: also some that are not spelled out)."""

    where: str
    pattern: str
    values: frozenset[str]
    more: bool

    @property
    def literal(self) -> bool:
        return ANY not in self.pattern


def wanted() -> Mapping[str, frozenset[str]]:
    """Message id -> the values of its Japanese sentence; other languages have the same (`test_messages.py`)."""
    rows = [row for table in TABLES for row in csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines())]
    return {row["id"]: frozenset(name for _, name, _, _ in string.Formatter().parse(row["ja"]) if name) for row in rows}


def in_python(file: str, source: str) -> Iterator[Saying]:
    for node in ast.walk(ast.parse(source)):
        called = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
        if called in SAYS and node.args:
            values = frozenset(one.arg for one in node.keywords if one.arg) - OWN
            more = any(one.arg is None for one in node.keywords)
            yield from (Saying(f"{file}:{node.lineno}", one, values, more) for one in _ids(node.args[0]))


def in_template(file: str, source: str) -> Iterator[Saying]:
    for node in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if isinstance(node.node, nodes.Name) and node.node.name in SAYS and node.args:
            values = frozenset(one.key for one in node.kwargs)
            yield from (Saying(f"{file}:{node.lineno}", one, values, node.dyn_kwargs is not None) for one in _ids_in_page(node.args[0]))


def _ids(node: ast.expr) -> list[str]:
    match node:
        case ast.Constant(value=str(text)):
            return [re.escape(text)]
        case ast.JoinedStr(values=parts):
            return ["".join(re.escape(part.value) if isinstance(part, ast.Constant) else ANY for part in parts)]
        case ast.IfExp(body=one, orelse=other):
            return [*_ids(one), *_ids(other)]
    return [f"{ANY}/"]  # an id that stands in a variable: nothing is called so, and nothing beside it is idle


def _ids_in_page(node: nodes.Expr) -> list[str]:
    match node:
        case nodes.Const(value=str(text)):
            return [re.escape(text)]
        case nodes.Concat(nodes=parts):
            return ["".join(re.escape(part.value) if isinstance(part, nodes.Const) else ANY for part in parts)]
        case nodes.CondExpr(expr1=one, expr2=other):
            return [*_ids_in_page(one), *(_ids_in_page(other) if other else [])]
    return []


@cache
def sayings() -> tuple[Saying, ...]:
    found = [one for file in sorted((ROOT / "inclusion").rglob("*.py")) for one in in_python(str(file.relative_to(ROOT)), file.read_text())]
    pages = sorted((ROOT / "inclusion/web/templates").rglob("*.html"))
    return (*found, *(one for file in pages for one in in_template(str(file.relative_to(ROOT)), file.read_text())))


def faults(found: Sequence[Saying], messages: Mapping[str, frozenset[str]]) -> list[str]:
    """What is wanted and not given, and what is given that no sentence meant there tells.

    A sentence named outright is judged where it is named; of those meant by a pattern (`lesson.opinion.{step}`) one must be content.
    """
    meant_by = _meant({one.pattern for one in found}, messages)
    spelled = {name for one in found if one.literal for name in meant_by[one.pattern]}
    wrong = []
    for one in found:
        meant = [name for name in meant_by[one.pattern] if one.literal or name not in spelled]
        lacking = [name for name in meant if messages[name] - one.values]
        if not one.more and lacking and (one.literal or len(lacking) == len(meant)):
            wrong.append(f"{one.where}: {lacking[0]} wants {sorted(messages[lacking[0]] - one.values)}")
    return wrong + _idle(found, messages, meant_by)


def _meant(patterns: set[str], messages: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    """Pattern -> the ids it means. Each is compiled and tried once: there are more of them than `re` remembers."""
    return {pattern: list(filter(re.compile(pattern).fullmatch, messages)) for pattern in patterns}


def _idle(found: Sequence[Saying], messages: Mapping[str, frozenset[str]], meant_by: Mapping[str, list[str]]) -> list[str]:
    """Where either of two sentences is said, what one of them tells is enough."""
    together: dict[str, list[Saying]] = {}
    for one in found:
        together.setdefault(one.where, []).append(one)
    wrong = []
    for where, beside in together.items():
        if any(one.pattern == f"{ANY}/" for one in beside):
            continue
        told = [messages[name] for one in beside for name in meant_by[one.pattern]]
        idle = frozenset().union(*(one.values for one in beside)) - frozenset().union(*told)
        wrong += [f"{where}: nothing tells {sorted(idle)}"] if told and idle else []
    return wrong


def unheard_of(messages: Mapping[str, frozenset[str]], code: str, found: Sequence[Saying]) -> list[str]:
    """Values that nothing ever gives to anything, by whatever way: not as an argument, nor as a key, nor as a field of an error."""
    given = set[str]().union(*(one.values for one in found))
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.keyword(arg=str(name)) | ast.AnnAssign(target=ast.Name(id=name)) | ast.arg(arg=name):
                given.add(name)
            case ast.Dict(keys=keys):
                given |= {key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
    return sorted(f"{name}: {sorted(values - given)}" for name, values in messages.items() if values - given)


def test_a_sentence_stands_in_one_table_only():
    """The last table wins: whoever rewords the other row would see nothing change."""
    ids = [row["id"] for table in TABLES for row in csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines())]
    assert len(ids) > 1000  # the tables were found
    assert [one for one, times in Counter(ids).items() if times > 1] == []


def test_every_sentence_is_given_the_values_it_tells() -> None:
    found = sayings()
    assert len(found) > 800
    assert faults(found, wanted()) == []


def test_every_value_is_given_by_some_code() -> None:
    files = [file for part in ("inclusion", "lessons", "bots", "accessibility") for file in (ROOT / part).rglob("*.py")]
    code = "\n".join(file.read_text() for file in files)
    code = re.sub(r"^from __future__.*$", "", code, flags=re.MULTILINE)
    assert unheard_of(wanted(), code, sayings()) == []
    assert unheard_of({"a": frozenset({"day", "daze"})}, code, []) == ["a: ['daze']"]


def test_no_sentence_wants_a_value_named_as_what_say_itself_is_told() -> None:
    assert {name for name, values in wanted().items() if values & OWN} == set()


@pytest.mark.parametrize(
    ("source", "wrong"),
    [("say('a', day=1)", 0), ("say('a')", 1), ("say('a', days=1)", 2), ("say(f'{x}.b')", 1), ("say('b', **facts)", 0),
     ("say('c', day=1)", 1)],
)  # fmt: skip
def test_control_a_value_that_is_missing_misspelt_or_idle_is_found(source: str, wrong: int) -> None:
    messages = {"a": frozenset({"day"}), "x.b": frozenset({"hour"}), "b": frozenset({"day"}), "c": frozenset[str]()}
    assert len(faults(list(in_python("m.py", source)), messages)) == wrong
    page = source.replace("f'{x}.b'", "x ~ '.b'")
    assert len(faults(list(in_template("m.html", "{{ " + page + " }}")), messages)) == wrong
