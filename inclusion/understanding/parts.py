"""Reads a part by what it belongs to: the フード of a 換気扇, the 脚 of a table; without it a part would be a thing of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .grammar import TAKEN_BACK
from .lexicon import Lexicon
from .linking import Linked, Mention, only_those
from .sentence import Sentence
from .talk import Talk

SHORTEST = 1
NEAREST = 3
OF_IT = re.compile(r"^の(?:ね|さ)?[、\s]*$")
POINTED_AT = re.compile(r"その|本体|取れた|外した|^の[、\s]*(?:上|下|中|横|裏|表|前|後ろ)の?$")


def with_parts(sentence: Sentence, linked: Linked, lexicon: Lexicon, talk: Talk) -> Linked:
    """The same links, where a noun behind a thing (in this sentence or the last one) that names one of its parts is that part."""
    if sentence.language != "ja":
        return linked
    found = list(linked.mentions)
    for start, end in _nouns(sentence):
        covering = next((m for m in found if m.start <= start and end <= m.end), None)
        if any(start >= first and end <= last for first, last in linked.aside):
            continue
        if covering is not None and (covering.start, covering.end) != (start, end):
            continue
        owners = [m for m in (*linked.mentions, *linked.excluded) if m.end <= start]
        if covering is not None and not _is_owned(sentence, start, owners, linked):
            continue
        part = _part_of(sentence, start, end, owners, lexicon, talk)
        if part is not None and (covering is None or covering.target != part.target):
            owner = next((m for m in reversed(owners) if OF_IT.match(sentence.folded[m.end : start])), None)
            found = [m for m in found if m is not covering and m is not owner] + [part]
    found = only_those(sentence, sorted(found, key=lambda m: m.start))
    unknown = [(w, n) for w, n in zip(linked.unknown, linked.near, strict=True) if not any(w in m.said or m.said in w for m in found)]
    return replace(linked, mentions=tuple(found), unknown=tuple(w for w, _ in unknown), near=tuple(n for _, n in unknown))


def _is_owned(sentence: Sentence, start: int, owners: Sequence[Mention], linked: Linked) -> bool:
    """そのマット, 本体と天板: a word that is also a thing of its own is a part only where its owner is pointed at."""
    if not owners:
        return False
    last = max(owners, key=lambda m: m.end)
    if TAKEN_BACK.match(sentence.folded[last.end :]):
        return False  # ソファ、いえベッド: another thing, and no ソファベッド
    return last in linked.excluded or bool(POINTED_AT.search(sentence.folded[last.end : start]))


def _part_of(sentence: Sentence, start: int, end: int, owners: Sequence[Mention], lexicon: Lexicon, talk: Talk) -> Mention | None:
    said = sentence.text[start:end]
    wholes = [(m.said, m.target) for m in reversed(owners[-NEAREST:])] + [(item.said, item.id) for item in reversed(talk.basket)]
    wholes += [(item.said, item.group) for item in talk.waiting]
    for word, target in wholes:
        entry = lexicon.one_of(word, target, (said, f"の{said}", f"用{said}"))
        if entry is not None and entry.target != target:
            return Mention(start, end, said, entry.target, entry.slots)
    return None


def _nouns(sentence: Sentence) -> list[tuple[int, int]]:
    """Every run of nouns that could be the name of a part."""
    runs: list[tuple[int, int]] = []
    for word in sentence.words:
        if not word.is_noun or word.surface.isdigit() or sentence.text[word.start - 1 : word.start].isdigit():
            continue
        if runs and runs[-1][1] == word.start:
            runs[-1] = (runs[-1][0], word.end)
        else:
            runs.append((word.start, word.end))
    return [run for run in runs if run[1] - run[0] >= SHORTEST]
