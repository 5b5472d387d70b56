"""Chooses the written answer a question asks for, by letters, sound and meaning; without it only things could be asked about."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
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
PHONE_HELP = "f.sp_consult"
POLITE = re.compile(
    r"(?:を|が|は|って|の)?(?:教えて|おしえて|知りたい|しりたい|聞きたい)(?:ください|下さい|ほしい|欲しい|もらえ|"
    r"いただけ|くれ|の|ん|です|が|けど|だ|ます|か|んです)*|"
    r"(?:の|ん)?(?:でしょうか|でしょう|ですか|ですかね|ますか|ますかね|かしら|のかな|かな|だろうか|ですけど|"
    r"ですけれど|ですが|のですが|んですけど|んですが|んだけど|だけど|だけども|けれど|けど)|"
    r"[、。,.!?？・「」『』()\s]|(?:です|ます|ね|よ|わ|な|か|の|ん|さ)$|お願いします|(?:please|could you|can you tell me|tell me)"
)
KIN = (
    r"(?=(?:お|うちの|わたしの|私の)?(?:母|父|夫|妻|主人|親|両親|祖父|祖母|義|兄|姉|弟|妹|息子|娘|おじ|おば|じい|ばあ|人|友|旦那|家族|はは|ちち|おっと|つま|"
    r"しゅじん|おや|りょうしん|そふ|そぼ|ぎり|あに|あね|おとうと|いもうと|むすこ|むすめ|とも|だんな|かぞく|ひと))"
)
MOURNED = re.compile(rf"(?:死んだ|しんだ|死んでしまった|しんでしまった|亡き|他界した){KIN}")
KINDS_OF_WORD = ("名詞", "動詞", "形容詞", "形状詞", "代名詞", "副詞")
NAME = re.compile(r"(?:祭り?|まつり|教室|相談会|かーど|保険証?|証明書?|ふぇす|踊り|ぱす|せんたー)$")
WORD = re.compile(r"[a-z]+")
CONSIDERED = 12
NEAR = 0.12
DIMENSIONS = 2048
SEEN_OFTEN = 2
MEANING_WEIGHT = 0.6
WORD_WEIGHT = 1.5
ONE_SIGN_WEIGHT = 0.5
STIFFNESS = 0.5
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest FAQ with its score, the next best, and how much the sentence is about a thing or about nothing of ours."""

    id: str
    score: float
    second: float
    second_id: str = ""
    thing: float = 0.0
    elsewhere: float = 0.0
    on_topic: bool = True
    over_things: bool = False


class FaqFinder:
    """A linear model over character pieces, sounds, words and concepts, fitted when the town is loaded."""

    def __init__(self, town: Town, readings: Readings) -> None:
        self._concepts = Concepts.bundled()
        self._town_name = town.name + "の"
        self._topics = {faq.id: self._topic(" ".join((faq.title, *faq.keywords))) for faq in town.faqs.values()}
        self._keywords = {faq.id: tuple(folded_word(k) for k in faq.keywords if len(k) > 1) for faq in town.faqs.values()}
        self._long_words = {word for words in self._keywords.values() for word in words if NAME.search(word)}
        self._gates = [(prefix, frozenset(map(self._concepts.names.index, names))) for prefix, names in gates(self._concepts.names)]
        documents = list(_documents(town))
        self._labels = sorted({owner for owner, _ in documents})
        rows = self._rows([read(text, readings) for _, text in documents])
        self._weights = fitted(rows, [self._labels.index(owner) for owner, _ in documents], len(self._labels))

    def _rows(self, sentences: list[Sentence]) -> Vector:
        """One vector per sentence, after learning how rare each piece and each concept is among them."""
        frequency: Counter[str] = Counter()
        for sentence in sentences:
            frequency.update(_pieces(sentence.folded, sentence.kana, sentence).keys())
        self._rarity = {piece: math.log(len(sentences) / n) + 0.3 for piece, n in frequency.items() if n >= SEEN_OFTEN}
        meant = [self._concepts.in_sentence(sentence.folded, sentence.kana) for sentence in sentences]
        self._concept_rarity = _rarities(meant, len(self._concepts.names))
        rows = np.empty((len(sentences), DIMENSIONS + len(self._concepts.names)), dtype=np.float32)
        for at, sentence in enumerate(sentences):
            rows[at] = self._vector(_pieces(sentence.folded, sentence.kana, sentence), meant[at])
        return rows

    def best(self, sentence: Sentence, mentions: tuple[Mention, ...] = (), context: str = "") -> Guess:
        """The likeliest FAQ for a sentence whose things are covered, perhaps with a topic put in front."""
        folded = fold_kana(context) + masked_text(sentence, mentions).replace(self._town_name, "")
        kana = fold_kana(context) + masked_sound(sentence, mentions)
        folded, kana = MOURNED.sub("", folded), MOURNED.sub("", kana)
        meant = self._concepts.in_sentence(folded, kana)
        scores = self._vector(_pieces(folded, kana, sentence, mentions), meant) @ self._weights
        thing, elsewhere = (float(scores[self._labels.index(label)]) for label in (THING, ELSEWHERE))
        ranked = [i for i in np.argsort(-scores)[:CONSIDERED] if self._allowed(self._labels[i], meant)][:2]
        if len(ranked) < 2:
            return Guess("", 0.0, 0.0, "", thing, elsewhere)
        ranked = self._telling_first(ranked, scores, set(meant))
        first, second = (self._labels[i] for i in ranked)
        on_topic = bool(self._topics[first] & set(meant)) or any(word in folded or word in kana for word in self._keywords[first])
        over_things = bool(self._topics[first] & set(meant) & self._concepts.over_things)
        high, low = sorted((float(scores[i]) for i in ranked), reverse=True)
        return Guess(first, high, low, second, thing, elsewhere, on_topic, over_things)

    def _telling_first(self, ranked: list[int], scores: Vector, meant: set[int]) -> list[int]:
        """Of two near ones, the one whose telling circumstance was named: 亡くなって荷物がたくさん is about belongings left behind."""
        first, second = ranked
        telling = [bool(self._topics[self._labels[i]] & meant & self._concepts.over_things) for i in ranked]
        if telling == [False, True] and scores[first] - scores[second] <= NEAR:
            return [second, first]
        return ranked

    def names(self, sentence: Sentence, start: int, end: int) -> bool:
        """Whether this stretch is part of a longer word of some FAQ: the 古本 of 古本まつり is no paper to collect."""
        return any(at < end and start < at + len(word) and len(word) > end - start for word, at in self._keywords_in(sentence.folded))

    def _keywords_in(self, folded: str) -> Iterator[tuple[str, int]]:
        for word in self._long_words:
            at = folded.find(word)
            if at >= 0:
                yield word, at

    def speaks_of(self, faq_id: str, word: str) -> bool:
        """Whether this word is one of a FAQ's own (遺品 of the FAQ on belongings left behind)."""
        return any(word in keyword or keyword in word for keyword in self._keywords.get(faq_id, ()))

    def _allowed(self, label: str, meant: list[int]) -> bool:
        """Topic gates: a class is not meant where no word of classes was said."""
        if label in (THING, ELSEWHERE):
            return False
        return all(needed & set(meant) for prefix, needed in self._gates if label.startswith(prefix))

    def _topic(self, words: str) -> set[int]:
        return set(self._concepts.in_sentence(fold_kana(words).lower(), ""))

    def _vector(self, pieces: dict[str, float], meant: list[int]) -> Vector:
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
    yield from ((THING, sentence) for sentence in lines_of("about_things.csv"))
    if PHONE_HELP in town.faqs:
        yield from ((PHONE_HELP, sentence) for sentence in lines_of("phone_help.csv"))
    yield from ((ELSEWHERE, sentence) for sentence in lines_of("elsewhere.csv"))
    for faq in town.faqs.values():
        yield from ((faq.id, sentence) for sentence in (faq.title, *faq.paraphrases))
        yield from ((faq.id, keyword) for keyword in faq.keywords)


def _pieces(folded: str, kana: str, sentence: Sentence, mentions: tuple[Mention, ...] = ()) -> dict[str, float]:
    """Runs of one to three signs as written and of two to three as spoken, and whole words."""
    counted: dict[str, float] = defaultdict(float)
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


def _count(counted: dict[str, float], mark: str, text: str, size: int, weight: float) -> None:
    for at in range(len(text) - size + 1):
        counted[mark + text[at : at + size]] += weight


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
