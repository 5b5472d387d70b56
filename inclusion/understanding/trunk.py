"""The layer that every town shares: what a sentence is like, learnt once from all examples; without it each town would learn it anew.

A town then only learns which of its own answers that is (topics.py). The platform's own examples lie beside the layer as it sees them, so
that a new town need not read them again.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from accessibility import Readings
from inclusion.municipalities import Town

from .concepts import Concepts
from .features import Masked, Rarity, joined, masked, pieces_of, rarities
from .languages import HAN
from .layers import Layer, active, trained
from .meaning import MEANING_DIMENSIONS, Meaning, Vector
from .said import TOLD, Example, shared_examples, taught_examples, words_for_things
from .sentence import read

HIDDEN: Final = 256  # what is asked, a thing or an answer
OF_THINGS: Final = 128  # which thing; learnt apart, since hundreds of things would crowd out what is asked
EPOCHS: Final = 10
AT_ONCE: Final = 512
STORED: Final = "trunk.npz"
PLACE: Final = Path(str(files(__package__))) / "words" / STORED
LEVELS: Final = 255
SMALLEST: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Trunk:
    """`layer` has HIDDEN + OF_THINGS columns. `labels` and `stored` (shape (n, HIDDEN), in steps of `largest` / LEVELS) are the platform's
    examples as the first of them see them; `mark` tells which examples and layer these are."""

    layer: Layer
    rarity: Rarity
    concept_rarity: Vector
    concepts: Concepts
    labels: tuple[str, ...] = ()
    stored: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, HIDDEN), dtype=np.uint8))
    largest: Vector = field(default_factory=lambda: np.ones(HIDDEN, dtype=np.float32))
    mark: str = ""
    meaning: Meaning = field(default_factory=Meaning)

    @property
    def seen(self) -> Vector:
        """The platform's examples as the layer sees them; made anew each time, since only learning needs them."""
        return np.asarray(self.stored * (self.largest / LEVELS), dtype=np.float32)

    def of(self, texts: list[Masked]) -> Vector:
        """How the layer sees texts, shape (n, HIDDEN + OF_THINGS)."""
        parts = [active(self.layer.of(self.rows(texts[at : at + AT_ONCE]))) for at in range(0, len(texts), AT_ONCE)]
        return np.concatenate([np.zeros((0, HIDDEN + OF_THINGS), dtype=np.float32), *parts])

    def in_parts(self, text: Masked) -> tuple[Vector, list[int]]:
        """One text seen whole, by its meaning alone and by its letters alone, shape (3, HIDDEN + OF_THINGS); and its concepts."""
        meant = self.concepts.in_sentence(text.folded, text.kana)
        row = self._row(text, meant, self.meaning.of([text.plain])[0])
        sense = slice(len(row) - 1 - MEANING_DIMENSIONS, len(row) - 1)
        of_meaning = row[sense] @ self.layer.weights[sense]
        row[sense] = 0
        said = np.flatnonzero(row)  # few of many: most letters do not stand in one sentence
        of_letters = row[said] @ self.layer.weights[said]
        return active(np.stack([of_letters + of_meaning, of_meaning, of_letters]) + self.layer.bias), meant

    def rows(self, texts: list[Masked]) -> Vector:
        """The numbers of texts before the layer: letters, concepts and meaning."""
        senses = self.meaning.of([text.plain for text in texts])
        meant = [self.concepts.in_sentence(text.folded, text.kana) for text in texts]
        return np.stack([self._row(*one) for one in zip(texts, meant, senses, strict=True)])

    def _row(self, text: Masked, meant: list[int], sense: Vector) -> Vector:
        concepts = np.zeros(len(self.concepts.names), dtype=np.float32)
        concepts[meant] = self.concept_rarity[meant]
        return joined(self.rarity.letters(pieces_of(text)), concepts, sense)


@cache
def bundled_trunk() -> Trunk:
    """The trunk that comes with the platform."""
    content = PLACE.read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        labels = tuple(str(label) for label in arrays["labels"])
        return Trunk(
            Layer(arrays["weights"].astype(np.float32), arrays["bias"]),
            Rarity(arrays["keys"], arrays["rarity"].astype(np.float32)),
            arrays["concept_rarity"],
            Concepts.bundled(),
            labels,
            arrays["seen"],
            arrays["largest"],
            f"{arrays['mark']} {hashlib.sha256(content).hexdigest()}",
        )


def shared_mark() -> str:
    """Changes with every example and concept of the platform."""
    digest = hashlib.sha256((files(__package__) / "words" / "concepts.csv").read_bytes())
    for example in shared_examples():
        digest.update(f"{example.label}\t{example.text}\n".encode())
    return digest.hexdigest()


def learn_trunk(town: Town) -> int:
    """Learns the layer from the platform's examples and one town's, and stores it; how many sentences it read (each also as it sounds)."""
    readings = Readings({place.name: place.reading for place in town.places})
    shared, own, words = (_heard(examples, readings) for examples in (shared_examples(), taught_examples(town), words_for_things(town)))
    known = [*shared, *own]
    concepts = Concepts.bundled()
    rarity = Rarity.among([pieces_of(text) for _, text in known])
    meant = [concepts.in_sentence(text.folded, text.kana) for _, text in known]
    empty = Layer(np.zeros((0, 0), dtype=np.float32), np.zeros(0, dtype=np.float32))
    blank = Trunk(empty, rarity, rarities(meant, len(concepts.names)), concepts)
    rows = _rows(blank, [text for _, text in (*known, *words)])
    asked = _first_layer(rows[: len(known)], [TOLD if label.startswith(TOLD) else label for label, _ in known], HIDDEN)
    of_things = [at for at, (label, _) in enumerate((*known, *words)) if label.startswith(TOLD) and label != TOLD]
    things = _first_layer(rows[of_things], [(*known, *words)[at][0] for at in of_things], OF_THINGS)
    both = Layer(np.concatenate([asked.weights, things.weights], axis=1), np.concatenate([asked.bias, things.bias]))
    seen = np.concatenate([active(asked.of(rows[at : at + AT_ONCE].astype(np.float32))) for at in range(0, len(shared), AT_ONCE)])
    largest = np.maximum(seen[: len(shared)].max(axis=0), SMALLEST)
    stored = np.rint(seen[: len(shared)] / largest * LEVELS).astype(np.uint8)
    owned = tuple(label for label, _ in shared)
    _store(Trunk(both, rarity, blank.concept_rarity, concepts, owned, stored, largest, shared_mark()))
    bundled_trunk.cache_clear()
    return len(known) + len(words)


def _heard(examples: Iterable[Example], readings: Readings) -> list[tuple[str, Masked]]:
    return [(example.label, text) for example in examples for text in as_heard(example, readings)]


def _rows(trunk: Trunk, texts: Sequence[Masked]) -> NDArray[np.float16]:
    return np.concatenate([trunk.rows(list(texts[at : at + AT_ONCE])).astype(np.float16) for at in range(0, len(texts), AT_ONCE)])


def _first_layer(rows: NDArray[np.float16], owners: list[str], wide: int) -> Layer:
    labels = {label: at for at, label in enumerate(sorted(set(owners)))}
    first, _ = trained(rows, np.array([labels[label] for label in owners]), (rows.shape[1], wide, len(labels)), EPOCHS)
    return first


def as_heard(example: Example, readings: Readings) -> list[Masked]:
    """The sentence as written and, where it has kanji, as it sounds."""
    sentence = read(example.text, readings)
    spelled = sentence.words and HAN.search(sentence.text)
    return [masked(sentence), *([masked(read(sentence.kana, readings))] if spelled else [])]


def _store(trunk: Trunk) -> None:
    stored: dict[str, NDArray[np.generic]] = {
        "mark": np.array(trunk.mark),
        "labels": np.array(trunk.labels),
        "seen": trunk.stored,
        "largest": trunk.largest,
        "weights": trunk.layer.weights.astype(np.float16),
        "bias": trunk.layer.bias,
        "keys": trunk.rarity.keys,
        "rarity": trunk.rarity.weights.astype(np.float16),
        "concept_rarity": trunk.concept_rarity,
    }
    with PLACE.open("wb") as file:
        np.savez_compressed(file, **stored)  # type: ignore[arg-type]  # every value is an array
