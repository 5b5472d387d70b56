"""Chooses the written answer a question asks for, by its letters, its sound and its meaning; without it only things could be asked about."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from accessibility import Readings
from inclusion.municipalities import Town

from .concepts import Concepts, gates, lines_of
from .lexicon import folded_word
from .linking import Mention
from .normalising import fold_kana
from .sentence import Sentence, read

THING = "◯"
ELSEWHERE = "✕"
POLITE = re.compile(
    r"(?:を|が|は|って|の)?(?:教えて|おしえて|知りたい|しりたい|聞きたい)(?:ください|下さい|ほしい|欲しい|もらえ|いただけ|くれ|の|ん|です|が|けど|だ|ます|か|んです)*|"
    r"(?:の|ん)?(?:でしょうか|でしょう|ですか|ですかね|ますか|ますかね|かしら|のかな|かな|だろうか|ですけど|ですけれど|ですが|のですが|んですけど|んですが|んだけど|だけど|だけども|けれど|けど)|"
    r"[、。,.!?？・「」『』()\s]|(?:です|ます|ね|よ|わ|な|か|の|ん|さ)$|お願いします|(?:please|could you|can you tell me|tell me)"
)
THING_QUESTIONS = (
    "◯を捨てたい", "◯いくら", "◯の捨て方", "◯は何ごみ", "◯は出せますか", "◯の料金", "◯を処分したい", "◯を引き取ってほしい", "◯", "◯と◯を捨てたい",
    "◯の手数料はいくらですか", "◯を粗大ごみに出したい", "◯はどうやって捨てる", "◯はいくらで捨てられる", "◯を持っていってほしい", "◯は粗大ごみですか", "◯の出し方",
    "◯の処分方法", "◯を回収してほしい", "◯がいらない", "◯がある", "◯なんだけど", "◯をどうすればいい", "◯を買い替えるので古いのを捨てたい", "◯全部でいくら",
    "how much for ◯", "i want to throw away ◯", "我想扔◯", "◯を捨てるにはどうしたらいい", "◯が壊れた", "要らなくなった◯", "◯はどこに出す", "大きい◯です", "◯2つ",
)  # fmt: skip
KINDS_OF_WORD = ("名詞", "動詞", "形容詞", "形状詞", "代名詞", "副詞")
WORD = re.compile(r"[a-z]+")
CONSIDERED = 12
DIMENSIONS = 2048
SEEN_OFTEN = 2
MEANING_WEIGHT = 0.6
WORD_WEIGHT = 1.5
ONE_SIGN_WEIGHT = 0.5
STIFFNESS = 0.5
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest FAQ with its score, the next best, and how much the sentence looks like one about a thing or about nothing of ours."""

    id: str
    score: float
    second: float
    second_id: str = ""
    thing: float = 0.0
    elsewhere: float = 0.0
    on_topic: bool = True


class FaqFinder:
    """A linear model over character pieces, sounds, words and concepts, fitted when the town is loaded (ridge regression on its sentences)."""

    def __init__(self, town: Town, readings: Readings) -> None:
        self._concepts = Concepts.bundled()
        documents = list(_documents(town))
        sentences = [read(text, readings) for _, text in documents]
        frequency: Counter[str] = Counter()
        for sentence in sentences:
            frequency.update(_pieces(sentence.folded, sentence.kana, sentence).keys())
        self._rarity = {piece: math.log(len(documents) / n) + 0.3 for piece, n in frequency.items() if n >= SEEN_OFTEN}
        meant = [self._concepts.in_sentence(s.folded, s.kana) for s in sentences]
        self._concept_rarity = _rarities(meant, len(self._concepts.names))
        rows = np.empty((len(documents), DIMENSIONS + len(self._concepts.names)), dtype=np.float32)
        for at, sentence in enumerate(sentences):
            rows[at] = self._vector(_pieces(sentence.folded, sentence.kana, sentence), meant[at])
        self._topics = {faq.id: self._topic(" ".join((faq.title, *faq.keywords))) for faq in town.faqs.values()}
        self._keywords = {faq.id: tuple(folded_word(k) for k in faq.keywords if len(k) > 1) for faq in town.faqs.values()}
        self._gates = [(prefix, frozenset(map(self._concepts.names.index, names))) for prefix, names in gates(self._concepts.names)]
        self._labels = sorted({owner for owner, _ in documents})
        self._weights = fitted(rows, [self._labels.index(owner) for owner, _ in documents], len(self._labels))

    def best(self, sentence: Sentence, mentions: tuple[Mention, ...] = (), context: str = "") -> Guess:
        """The likeliest FAQ for a sentence whose things are covered, perhaps with a topic put in front."""
        folded = fold_kana(context) + masked_text(sentence, mentions)
        kana = fold_kana(context) + masked_sound(sentence, mentions)
        meant = self._concepts.in_sentence(folded, kana)
        scores = self._vector(_pieces(folded, kana, sentence, mentions), meant) @ self._weights
        thing, elsewhere = (float(scores[self._labels.index(label)]) for label in (THING, ELSEWHERE))
        ranked = [i for i in np.argsort(-scores)[:CONSIDERED] if self._allowed(self._labels[i], meant)][:2]
        if len(ranked) < 2:
            return Guess("", 0.0, 0.0, "", thing, elsewhere)
        first, second = (self._labels[i] for i in ranked)
        on_topic = bool(self._topics[first] & set(meant)) or any(word in folded or word in kana for word in self._keywords[first])
        return Guess(first, float(scores[ranked[0]]), float(scores[ranked[1]]), second, thing, elsewhere, on_topic)

    def _allowed(self, label: str, meant: list[int]) -> bool:
        """Topic gates: a class is not meant where no word of classes was said."""
        if label in (THING, ELSEWHERE):
            return False
        return all(needed & set(meant) for prefix, needed in self._gates if label.startswith(prefix))

    def _topic(self, words: str) -> set[int]:
        return set(self._concepts.in_sentence(fold_kana(words).lower(), ""))

    def _vector(self, pieces: Counter[str], meant: list[int]) -> Vector:
        letters = np.zeros(DIMENSIONS, dtype=np.float32)
        for piece, amount in pieces.items():
            if piece in self._rarity:
                letters[crc32(piece.encode()) % DIMENSIONS] += amount * self._rarity[piece]
        concepts = np.zeros(len(self._concepts.names), dtype=np.float32)
        concepts[meant] = self._concept_rarity[meant]
        return np.concatenate([_unit(letters), MEANING_WEIGHT * _unit(concepts)])


def fitted(rows: Vector, owners: list[int], labels: int) -> Vector:
    """Ridge regression of every label on all dimensions."""
    wanted = np.zeros((len(rows), labels), dtype=np.float32)
    wanted[np.arange(len(rows)), owners] = 1.0
    together = rows.T @ rows
    together[np.diag_indices(len(together))] += STIFFNESS
    return np.asarray(np.linalg.solve(together, rows.T @ wanted), dtype=np.float32)


def masked_text(sentence: Sentence, mentions: tuple[Mention, ...]) -> str:
    """The sentence with every thing in it replaced by one sign, so that only what is asked about it is compared."""
    text, at = "", 0
    for mention in mentions:
        text += sentence.folded[at : mention.start] + THING
        at = mention.end
    return text + sentence.folded[at:]


def masked_sound(sentence: Sentence, mentions: tuple[Mention, ...]) -> str:
    """The same in kana."""
    parts: list[str] = []
    for word in sentence.words:
        covered = next((m for m in mentions if m.start <= word.start < m.end), None)
        if covered is None:
            parts.append(word.reading)
        elif covered.start == word.start:
            parts.append(THING)
    return "".join(parts)


def _documents(town: Town) -> Iterator[tuple[str, str]]:
    """Every sentence to learn from, with its FAQ, its keywords, sentences about things and about nothing of ours."""
    yield from ((THING, sentence) for sentence in THING_QUESTIONS)
    yield from ((ELSEWHERE, sentence) for sentence in lines_of("elsewhere.csv"))
    for faq in town.faqs.values():
        yield from ((faq.id, sentence) for sentence in (faq.title, *faq.paraphrases))
        yield from ((faq.id, keyword) for keyword in faq.keywords)


def _pieces(folded: str, kana: str, sentence: Sentence, mentions: tuple[Mention, ...] = ()) -> Counter[str]:
    """Runs of one to three signs as written and of two to three as spoken, and whole words."""
    counted: Counter[str] = Counter()
    written = f"^{_plain(folded)}$"
    for size, weight in ((1, ONE_SIGN_WEIGHT), (2, 1.0), (3, 1.0)):
        _count(counted, "s", written, size, weight)
    if sentence.words:
        spoken = f"^{_plain(kana)}$"
        for size in (2, 3):
            _count(counted, "k", spoken, size, 1.0)
    for word in sentence.words:
        if word.kind[0] in KINDS_OF_WORD and not any(m.start <= word.start < m.end for m in mentions):
            counted["w" + word.surface] += WORD_WEIGHT
    for word_match in WORD.finditer(folded):
        counted["l" + word_match.group()] += WORD_WEIGHT
    return counted


def _count(counted: Counter[str], mark: str, text: str, size: int, weight: float) -> None:
    for at in range(len(text) - size + 1):
        counted[mark + text[at : at + size]] += weight  # type: ignore[assignment]  # a Counter counts fractions just as well


def _rarities(meant: list[list[int]], concepts: int) -> Vector:
    used = np.ones(concepts, dtype=np.float32)
    for each in meant:
        used[each] += 1
    return np.asarray(np.log(len(meant) / used), dtype=np.float32)


def _unit(vector: Vector) -> Vector:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


def _plain(text: str) -> str:
    return POLITE.sub("", text)
