"""YAML as a tree that remembers its lines and keeps every word as written; plain YAML loading would forget both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from .findings import Finding, error

DEEPEST = 20
EXPLAINED = {
    "mapping values are not allowed in this context": "1行に「: 」が2つあるか、字下げがずれています。「: 」を含む文は引用符で囲みます",
    "could not find expected ':'": "「:」がありません",
    "found character that cannot start any token": "行の始まりにタブや @ など、使えない文字があります",
    "did not find expected ',' or '}'": "「{」が閉じていないか、「,」がありません",
    "did not find expected ',' or ']'": "「[」が閉じていないか、「,」がありません",
    "did not find expected key": "字下げがずれています",
    "did not find expected '-' indicator": "字下げがずれているか、「- 」がありません",
    "found unexpected end of stream": "引用符が閉じていません",
    "found undefined alias": "「*」で始まることばは、引用符で囲みます",
    "exceeded maximum nesting depth": "入れ子が深すぎます",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A word, a list of nodes or a mapping of nodes, with the line it starts on. Nothing is converted: `12` and `true` stay words."""

    line: int
    value: str | tuple[Node, ...] | Mapping[str, Node]

    @property
    def text(self) -> str:
        return self.value.strip() if isinstance(self.value, str) else ""

    @property
    def entries(self) -> Mapping[str, Node]:
        return self.value if isinstance(self.value, Mapping) else {}

    @property
    def parts(self) -> tuple[Node, ...]:
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The words of a list; a single word counts as a list of one."""
        if isinstance(self.value, str):
            return (self.text,) if self.text else ()
        return tuple(part.text for part in self.parts if part.text)

    def get(self, key: str) -> Node:
        return self.entries.get(key) or Node(self.line, "")


def read_outline(file: str, text: str, first_line: int = 1) -> tuple[Node | None, list[Finding]]:
    """The tree of `text`, whose first line is line `first_line` of `file`; None with findings when it is not YAML."""
    findings: list[Finding] = []
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        if root is None:
            return Node(first_line, ""), findings
        return _node(file, root, first_line, set(), findings), findings
    except yaml.MarkedYAMLError as broken:
        line = broken.problem_mark.line + first_line if broken.problem_mark else 0
        column = f"{broken.problem_mark.column + 1}文字目" if broken.problem_mark else ""
        reason = EXPLAINED.get(broken.problem or "", "")
        what = f"書き方が YAML の決まりに合いません{f'（{reason}）' if reason else ''}。"
        todo = "字下げの空白の数、「:」のあとの空白、引用符の閉じ忘れを確かめてください。"
        return None, [error(file, line, column, what, todo)]
    except (yaml.YAMLError, RecursionError):
        return None, [
            error(file, 0, "", "YAML として読めない文字や深すぎる入れ子があります。", "別のファイルを置いていないか確かめてください。")
        ]


def _node(file: str, node: yaml.Node, first_line: int, seen: set[int], findings: list[Finding], depth: int = 0) -> Node:
    line = node.start_mark.line + first_line
    if id(node) in seen or depth > DEEPEST:
        findings.append(
            error(file, line, "", "「&」「*」の使い回しや深すぎる入れ子は読めません。", "同じ内容でも、省かずに書いてください。")
        )
        return Node(line, "")
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return Node(line, tuple(_node(file, part, first_line, seen, findings, depth + 1) for part in node.value))
    if isinstance(node, yaml.MappingNode):
        return Node(line, _entries(file, node, first_line, seen, findings, depth))
    return Node(line, "" if node.tag.endswith(":null") else node.value)


def _entries(file: str, node: yaml.MappingNode, first_line: int, seen: set[int], findings: list[Finding], depth: int) -> dict[str, Node]:
    entries: dict[str, Node] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
        if name in entries:
            line = key.start_mark.line + first_line
            findings.append(error(file, line, name, f"「{name}」が2回書かれています。", "どちらか一つにしてください。"))
        entries[name] = _node(file, value, first_line, seen, findings, depth + 1)
    return entries
