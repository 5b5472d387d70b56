"""Tells whose telephone number is wanted; without it the library's number would be that of the bulky waste centre."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from inclusion.municipalities import Town

from .normalising import fold_kana
from .patterns import Patterns
from .sentence import Sentence

WORDS: Final = Patterns("asking")
NUMBER_WANTED: Final = WORDS("number_wanted")
OTHER_OFFICE: Final = "other_office"  # the guard's rule with the text for numbers we do not have


@dataclass(frozen=True, slots=True)
class Telephone:
    """Knows for whom each FAQ may stand: `told` are the words of its own questions and of the offices it names."""

    told: Mapping[str, str]
    refused_as: tuple[str, ...]

    @classmethod
    def of(cls, town: Town) -> Self:
        told = {}
        for faq in town.faqs.values():
            offices = [f"{town.contacts[one].name} {town.contacts[one].reading}" for one in faq.contacts if one in town.contacts]
            said = " ".join((faq.title, *faq.paraphrases, *faq.keywords, *offices))
            told[faq.id] = fold_kana(said).lower()
        known = any(rule.name == OTHER_OFFICE for rule in town.guard)
        return cls(told, ("r.other",) if known else ("r.unknown",))

    def of_another(self, sentence: Sentence, faq_id: str) -> bool:
        """Whether somebody's number is asked for of whom this FAQ knows nothing (図書館の電話番号)."""
        found = NUMBER_WANTED.search(sentence.folded)
        if found is None or faq_id not in self.told:
            return False
        owner = _nouns_before(sentence, found.start())
        return bool(owner) and not any(word in self.told[faq_id] for word in owner)


def _nouns_before(sentence: Sentence, at: int) -> tuple[str, ...]:
    """The nouns that end here, one right behind the other; none where something else stands there or it is only a word that points."""
    nouns: list[str] = []
    for word in reversed([word for word in sentence.words if word.end <= at]):
        if word.end != at or word.kind[0] not in ("名詞", "接尾辞", "接頭辞"):
            break
        nouns.append(fold_kana(word.surface).lower())
        at = word.start
    return tuple(nouns)
