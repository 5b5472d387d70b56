"""What residents of a town may say aloud; without it the ears would neither be taught the town's words nor write them as people do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Final

from inclusion.municipalities import Town

SAYABLE: Final = re.compile(r"[ぁ-ゖァ-ヺー一-鿿々０-９0-9A-Za-z・]+")
JAPANESE: Final = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")
CHOICE: Final = re.compile(r"\[(.*?)\]")
BRACKETS: Final = re.compile(r"[(（].*?[)）]")
LONGEST_WORD, LONGEST_SENTENCE = 16, 40


@dataclass(frozen=True, slots=True)
class Sayings:
    """`words` name things (the usual names first), `sentences` are whole, `replies` are short; `forms` have a place {} for a word, and
    [甲|乙|] where one of several may stand (see `whole_forms`).
    """

    words: tuple[str, ...]
    sentences: tuple[str, ...]
    forms: tuple[str, ...]
    replies: tuple[str, ...]


def sayings_of(town: Town) -> Sayings:
    return Sayings(_once(_words(town)), _once(_sentences(town)), _lines("forms.txt"), _lines("replies.txt"))


def whole_forms(form: str) -> list[str]:
    """Every form that is made by taking one of each [甲|乙|]."""
    parts = [part.split("|") if place % 2 else [part] for place, part in enumerate(CHOICE.split(form))]
    return ["".join(one) for one in product(*parts)]


def parts_of(name: str) -> list[str]:
    """冷蔵庫・冷凍庫（家庭用） -> 冷蔵庫, 冷凍庫."""
    return [part for part in re.split("[・、/／]", BRACKETS.sub("", name)) if part]


def _words(town: Town) -> list[str]:
    """Names before aliases: what stands first is taught more often."""
    names = [item.said for item in town.items.values()] + [group.name for group in town.groups.values()]
    names += [row.name for row in town.policies.values()] + [row.name for row in town.sorting.values()]
    names += [contact.name for contact in town.contacts.values()] + [festival.name for festival in town.festivals.values()]
    names += [place.name for place in town.places]
    aliases = [alias.word for alias in town.aliases if alias.language == "ja"]
    parts = [part for name in names for part in parts_of(name)]
    return [word for word in (*parts, *aliases) if _sayable(word, LONGEST_WORD)]


def _sentences(town: Town) -> list[str]:
    faqs = [text for faq in town.faqs.values() for text in (faq.title, *faq.paraphrases)]
    sizes = [row.says for group in town.groups.values() for row in group.rows]
    return [text for text in (*faqs, *sizes) if JAPANESE.search(text) and len(text) <= LONGEST_SENTENCE]


def _sayable(word: str, longest: int) -> bool:
    return 0 < len(word) <= longest and bool(SAYABLE.fullmatch(word) and JAPANESE.search(word))


def _once(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts))


@cache
def _lines(name: str) -> tuple[str, ...]:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))
