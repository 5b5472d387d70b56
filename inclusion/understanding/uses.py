"""Knows things by what they are used for; without it 髪を乾かすやつ would be an unknown thing.

`words/uses.csv` names a thing, what it works on and what it does (in hiragana where a word is written in katakana). The town's own word
list says what the thing is there, so the table serves every town. Such a thing is only put as a question.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Final

from .lexicon import Lexicon, folded_word
from .linking import Linked, Mention
from .sentence import Sentence

HEAD: Final = (
    r"(?:ため|よう)?(?:の|な)?(?:大きな?い?|小さな?い?|古い|丸い|四角い|長い|電気の|木の|がらすの)?"
    r"(?:やつ|もの(?!置)|物(?!置)|機械|きかい|道具|器械|器具|装置|あれ|台|箱|棚|板|袋|竿|の(?=[をがはもね、。?]|って|なん|です|だ|$))"
)
ANY_HEAD: Final = re.compile(HEAD)
BETWEEN: Final = r"(?:の毛|とか|など|なんか)?(?:を|が|に|で|の|は|へ|から)?[^、。]{0,6}?"
INFLECTED: Final = r"[ぁ-ん]{0,6}?"
SURE: Final = 0.6


def told_by_use(sentence: Sentence, lexicon: Lexicon) -> Iterator[Mention]:
    """Each thing that is not named but told by its use."""
    if sentence.language != "ja" or not ANY_HEAD.search(sentence.folded):
        return
    for thing, pattern in _uses():
        found = pattern.search(sentence.folded)
        entry = lexicon.entries.get(thing) if found else None
        if found and entry:
            said = sentence.text[found.start() : found.end()]
            yield Mention(found.start(), found.end(), said, entry.target, entry.slots, "loose", SURE)


def with_uses(sentence: Sentence, linked: Linked, lexicon: Lexicon) -> Linked:
    """The same links, with a thing told by its use where nothing else is named: the 米 of 米を炊くやつ is no thing to throw away."""
    for told in told_by_use(sentence, lexicon):
        if all(told.start <= one.start and (one.end < told.end or one.end - one.start == 1) for one in linked.mentions):
            left = [
                (word, near)
                for word, near in zip(linked.unknown, linked.near, strict=True)
                if word not in told.said and told.said not in word
            ]
            unknown, near = tuple(word for word, _ in left), tuple(near for _, near in left)
            return replace(linked, mentions=(told,), unknown=unknown, near=near)
    return linked


@cache
def _uses() -> tuple[tuple[str, re.Pattern[str]], ...]:
    text = (files(__package__) / "words" / "uses.csv").read_text(encoding="utf-8-sig")
    rows = csv.DictReader(text.splitlines())
    return tuple((folded_word(row["thing"]), re.compile(f"(?:{row['what']}){BETWEEN}(?:{row['does']}){INFLECTED}{HEAD}")) for row in rows)
