"""Turns a sentence into numbers: runs of signs as written and as spoken, whole words, concepts and meaning."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from .dialect import standard
from .linking import Mention
from .meaning import Vector
from .normalising import fold_kana
from .said import THING
from .sentence import Sentence

POLITE = re.compile(
    r"(?:を|が|は|って|の)?(?:教えて|おしえて|知りたい|しりたい|聞きたい)(?:ください|下さい|ほしい|欲しい|もらえ|"
    r"いただけ|くれ|の|ん|です|が|けど|だ|ます|か|んです)*|"
    r"(?:の|ん)?(?:でしょうか|でしょう|ですか|ですかね|ますか|ますかね|かしら|のかな|かな|だろうか|ですけど|"
    r"ですけれど|ですが|のですが|んですけど|んですが|んだけど|だけど|だけども|けれど|けど)|"
    r"[、。,.!?？・「」『』()\s]|(?:です|ます|ね|よ|わ|な|か|の|ん|さ)$|お願いします|(?:please|could you|can you tell me|tell me)"
)
KINDS_OF_WORD = ("名詞", "動詞", "形容詞", "形状詞", "代名詞", "副詞")
WORD = re.compile(r"[a-z]+")
DIMENSIONS = 2048
CONCEPT_WEIGHT = 0.6
SENSE_WEIGHT = 1.6
WORD_WEIGHT = 1.5
ONE_SIGN_WEIGHT = 0.5
SEEN_OFTEN = 2
STAND_IN = "物"


@dataclass(frozen=True, slots=True)
class Masked:
    """A sentence whose known things are covered, so that only what is asked about them is compared."""

    sentence: Sentence
    folded: str
    kana: str
    plain: str
    mentions: tuple[Mention, ...] = ()


def masked(sentence: Sentence, mentions: tuple[Mention, ...] = (), context: str = "", without: re.Pattern[str] | None = None) -> Masked:
    """The sentence with every thing covered, perhaps with a topic put in front and some words left out."""
    folded = fold_kana(context) + _covered(sentence.folded, mentions, THING)
    kana = fold_kana(context) + _covered_sound(sentence, mentions)
    plain = context + _covered(sentence.text, mentions, STAND_IN).replace(THING, STAND_IN)
    if sentence.language == "ja":
        folded, kana, plain = standard(folded), standard(kana), standard(plain)
    if without is not None:
        folded, kana, plain = without.sub("", folded), without.sub("", kana), without.sub("", plain)
    return Masked(sentence, folded, kana, plain, mentions)


class Rarity:
    """How rare each piece is among the examples: 32-bit hashes in order, with one weight each."""

    def __init__(self, keys: NDArray[np.uint32], weights: Vector) -> None:
        self.keys, self.weights = keys, weights
        self.weights_of = dict(zip(keys.tolist(), weights.tolist(), strict=True))

    @classmethod
    def among(cls, pieces: Sequence[Mapping[str, float]]) -> Rarity:
        frequency: Counter[int] = Counter()
        for each in pieces:
            frequency.update({crc32(piece.encode()) for piece in each})
        kept = sorted((key, n) for key, n in frequency.items() if n >= SEEN_OFTEN)
        keys = np.array([key for key, _ in kept], dtype=np.uint32)
        weights = np.log(len(pieces) / np.array([n for _, n in kept], dtype=np.float32)) + 0.3
        return cls(keys, np.asarray(weights, dtype=np.float16).astype(np.float32))

    def letters(self, pieces: Mapping[str, float]) -> Vector:
        vector = np.zeros(DIMENSIONS, dtype=np.float32)
        for piece, amount in pieces.items():
            key = crc32(piece.encode())
            weight = self.weights_of.get(key)
            if weight is not None:
                vector[key % DIMENSIONS] += amount * weight
        return unit(vector)


def joined(letters: Vector, concepts: Vector, sense: Vector) -> Vector:
    """One row of numbers for the linear model."""
    return np.concatenate([letters, CONCEPT_WEIGHT * unit(concepts), SENSE_WEIGHT * sense, np.ones(1, dtype=np.float32)])


def pieces_of(text: Masked) -> dict[str, float]:
    """Runs of one to three signs as written and of two to three as spoken, and whole words."""
    counted: dict[str, float] = defaultdict(float)
    written = f"^{POLITE.sub('', text.folded)}$"
    for size, weight in ((1, ONE_SIGN_WEIGHT), (2, 1.0), (3, 1.0)):
        _count(counted, "s", written, size, weight)
    if text.sentence.words:
        spoken = f"^{POLITE.sub('', text.kana)}$"
        for size in (2, 3):
            _count(counted, "k", spoken, size, 1.0)
    for word in text.sentence.words:
        if word.kind[0] in KINDS_OF_WORD and not any(m.start <= word.start < m.end for m in text.mentions):
            counted["w" + word.surface] += WORD_WEIGHT
    for word_match in WORD.finditer(text.folded):
        counted["l" + word_match.group()] += WORD_WEIGHT
    return counted


def rarities(meant: list[list[int]], concepts: int) -> Vector:
    """How rare each concept is among the examples."""
    used = np.ones(concepts, dtype=np.float32)
    for each in meant:
        used[each] += 1
    return np.asarray(np.log(len(meant) / used), dtype=np.float32)


def unit(vector: Vector) -> Vector:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


def _covered(text: str, mentions: tuple[Mention, ...], cover: str) -> str:
    shown, at = "", 0
    for mention in mentions:
        shown += text[at : mention.start] + cover
        at = mention.end
    return shown + text[at:]


def _covered_sound(sentence: Sentence, mentions: tuple[Mention, ...]) -> str:
    parts: list[str] = []
    for word in sentence.words:
        covered = next((m for m in mentions if m.start <= word.start < m.end), None)
        if covered is None:
            parts.append(word.reading)
        elif covered.start == word.start:
            parts.append(THING)
    return "".join(parts)


def _count(counted: dict[str, float], mark: str, text: str, size: int, weight: float) -> None:
    for at in range(len(text) - size + 1):
        counted[mark + text[at : at + size]] += weight
