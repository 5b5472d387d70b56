"""Scores what a sentence is about: each FAQ, a thing, a danger, or nothing of ours; learnt from example sentences."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Final
from zipfile import BadZipFile

import numpy as np

from accessibility import Readings
from inclusion.municipalities import Town, bundled_towns

from .concepts import Concepts
from .features import Masked, Rarity, joined, masked, pieces_of, rarities
from .languages import HAN
from .meaning import MEANING_DIMENSIONS, Meaning, Vector
from .said import Example, examples
from .sentence import Sentence, read

STIFFNESS = 0.6
AT_ONCE = 512
LEARNT = "topics.npz"
VERSION = "1"
HELD: Final = 4  # models kept in memory; towns with the same examples share one
_held: dict[str, Topics] = {}
_shared: dict[str, Vector] = {}  # what sentences mean that every town learns from: some 15 MB where anything was learnt
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Topics:
    """A linear model over features. `labels` name the columns of `weights`."""

    labels: tuple[str, ...]
    weights: Vector
    rarity: Rarity
    concept_rarity: Vector
    concepts: Concepts
    meaning: Meaning = field(default_factory=Meaning)

    def scores(self, text: Masked) -> tuple[Vector, Vector, list[int]]:
        """One score per label (about 1 for a sure one, about 0 for the rest), the part from meaning, and the concepts spoken of."""
        meant = self.concepts.in_sentence(text.folded, text.kana)
        row = self.row(text, meant, self.meaning.of([text.plain])[0])
        sense = slice(len(row) - 1 - MEANING_DIMENSIONS, len(row) - 1)
        return np.asarray(row @ self.weights, dtype=np.float32), np.asarray(row[sense] @ self.weights[sense], dtype=np.float32), meant

    def row(self, text: Masked, meant: list[int], sense: Vector) -> Vector:
        concepts = np.zeros(len(self.concepts.names), dtype=np.float32)
        concepts[meant] = self.concept_rarity[meant]
        return joined(self.rarity.letters(pieces_of(text)), concepts, sense)


def topics_of(town: Town, readings: Readings) -> Topics:
    """What was learnt for this town's present examples, or learnt now (some seconds) where they have changed since.

    What is learnt now is left in the town's folder for the next start, as Python leaves compiled files, if the folder can be written to.
    """
    known = list(examples(town))
    mark = fingerprint(known)
    with _one_at_a_time:
        if mark not in _held:
            topics = _read(town, known) or _learnt_and_left(town, known, readings)
            while len(_held) >= HELD:
                del _held[next(iter(_held))]
            _held[mark] = topics
        return _held[mark]


def stored_in(town: Town) -> Path:
    """Where what was learnt for a town lies: in its pack."""
    return Path(town.folder) / LEARNT


def learn(town: Town) -> int:
    """Learns anew and stores it in the town's pack; how many examples there were."""
    known = list(examples(town))
    readings = Readings({place.name: place.reading for place in town.places})
    _leave(town, as_bytes(learnt(known, readings), known))
    return len(known)


def learnt(known: list[Example], readings: Readings) -> Topics:
    """Fits the model to examples, each also as it sounds."""
    concepts, meaning = Concepts.bundled(), Meaning()
    texts = [(example.label, text) for example in known for text in _as_heard(example, readings)]
    labels = tuple(sorted({label for label, _ in texts}))
    meant = [concepts.in_sentence(text.folded, text.kana) for _, text in texts]
    rarity = Rarity.among([pieces_of(text) for _, text in texts])
    empty = np.zeros((0, 0), dtype=np.float32)
    topics = Topics(labels, empty, rarity, rarities(meant, len(concepts.names)), concepts, meaning)
    owners = np.array([labels.index(label) for label, _ in texts])
    weights = _fitted(topics, [text for _, text in texts], meant, owners)
    return Topics(labels, weights, rarity, topics.concept_rarity, concepts, meaning)


def as_bytes(topics: Topics, known: list[Example]) -> bytes:
    """What was learnt, as plain arrays, with the fingerprint of what it was learnt from."""
    file = io.BytesIO()
    np.savez_compressed(
        file,
        fingerprint=np.array(fingerprint(known)),
        labels=np.array(topics.labels),
        weights=topics.weights.astype(np.float16),
        keys=topics.rarity.keys,
        rarity=topics.rarity.weights.astype(np.float16),
        concept_rarity=topics.concept_rarity,
    )
    return file.getvalue()


def from_bytes(stored: bytes, known: list[Example]) -> Topics | None:
    """The stored model; None when it was learnt from other examples."""
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        if str(arrays["fingerprint"]) != fingerprint(known):
            return None
    return _opened(stored)


def _opened(stored: bytes) -> Topics:
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        rarity = Rarity(arrays["keys"], arrays["rarity"].astype(np.float32))
        labels = tuple(str(label) for label in arrays["labels"])
        return Topics(labels, arrays["weights"].astype(np.float32), rarity, arrays["concept_rarity"], Concepts.bundled())


def fingerprint(known: list[Example]) -> str:
    """Changes with every example and every concept."""
    digest = hashlib.sha256(VERSION.encode())
    digest.update((files(__package__) / "words" / "concepts.csv").read_bytes())
    for example in known:
        digest.update(f"{example.label}\t{example.text}\n".encode())
    return digest.hexdigest()


def _read(town: Town, known: list[Example]) -> Topics | None:
    """What lies in the town's folder; None where it is missing, broken or learnt from other examples."""
    try:
        return from_bytes(stored_in(town).read_bytes(), known)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        return None


def _learnt_and_left(town: Town, known: list[Example], readings: Readings) -> Topics:
    content = as_bytes(learnt(known, readings), known)
    if town.slug not in bundled_towns():  # those are learnt by `inclusion learn`, and looked at before they are shipped
        with suppress(OSError):
            _leave(town, content)
    return _opened(content)  # as the next start will read it


def _leave(town: Town, content: bytes) -> None:
    """Write it whole or not at all. Raises OSError."""
    half = Path(town.folder) / f".{LEARNT}-{os.getpid()}"
    try:
        half.write_bytes(content)
        half.replace(stored_in(town))
    finally:
        half.unlink(missing_ok=True)


def _as_heard(example: Example, readings: Readings) -> Iterator[Masked]:
    """The sentence as written and, where it has kanji, as it sounds."""
    sentence = read(example.text, readings)
    yield masked(sentence)
    if sentence.words and HAN.search(sentence.text):
        yield masked(_spelled(sentence, readings))


def _spelled(sentence: Sentence, readings: Readings) -> Sentence:
    return read(sentence.kana, readings)


def _senses(texts: list[Masked], labels: list[str], meaning: Meaning) -> list[Vector]:
    """One vector per text. Those of sentences that come with the platform are remembered: the next town learns from them too."""
    new = [text.plain for text in texts if text.plain not in _shared]
    fresh = dict(zip(new, meaning.of(new), strict=True)) if new else {}
    _shared.update(
        {
            text.plain: fresh[text.plain]
            for text, label in zip(texts, labels, strict=True)
            if text.plain in fresh and not label.startswith("f.")
        }
    )
    return [_shared[text.plain] if text.plain in _shared else fresh[text.plain] for text in texts]


def _fitted(topics: Topics, texts: list[Masked], meant: list[list[int]], owners: np.typing.NDArray[np.int64]) -> Vector:
    """Ridge regression of every label on all dimensions, some rows at a time."""
    size = len(topics.row(texts[0], meant[0], topics.meaning.of([texts[0].plain])[0]))
    together = np.zeros((size, size), dtype=np.float32)
    towards = np.zeros((size, len(topics.labels)), dtype=np.float32)
    for start in range(0, len(texts), AT_ONCE):
        some = range(start, min(start + AT_ONCE, len(texts)))
        senses = _senses([texts[i] for i in some], [topics.labels[owners[i]] for i in some], topics.meaning)
        rows = np.stack([topics.row(texts[i], meant[i], sense) for i, sense in zip(some, senses, strict=True)])
        wanted = np.zeros((len(rows), len(topics.labels)), dtype=np.float32)
        wanted[np.arange(len(rows)), owners[list(some)]] = 1.0
        together += rows.T @ rows
        towards += rows.T @ wanted
    together[np.diag_indices(len(together))] += STIFFNESS
    return np.asarray(np.linalg.solve(together, towards), dtype=np.float32)
