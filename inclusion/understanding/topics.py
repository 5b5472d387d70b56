"""Scores what a sentence is about: each FAQ, a thing, a danger, or nothing of ours; learnt from example sentences."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final
from zipfile import BadZipFile

import numpy as np

from accessibility import Readings
from inclusion.municipalities import Town, bundled_towns

from .features import Masked, Rarity
from .layers import Layer, shares, trained
from .meaning import Meaning, Vector
from .said import PHONE_HELP, STEPWISE, TOLD, Example, own_examples, taught_examples, words_for_things
from .trunk import HIDDEN, OF_THINGS, Trunk, as_heard, bundled_trunk

EPOCHS: Final = 12
LEARNT: Final = "topics.npz"
HELD: Final = 4  # models kept in memory; towns with the same examples share one
_held: dict[str, Topics] = {}
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Scores:
    """The share of each label (all sum to 1): whole, by meaning alone, by letters alone; of each thing; and the concepts spoken of."""

    whole: Vector
    by_meaning: Vector
    by_letters: Vector
    told: Vector
    meant: list[int]


@dataclass(frozen=True, slots=True)
class Topics:
    """The layer every town shares and this town's own behind it: `layer` tells what is asked, `things` which thing is told of.

    `labels` and `told` name their columns.
    """

    labels: tuple[str, ...]
    layer: Layer
    told: tuple[str, ...]
    things: Layer
    trunk: Trunk

    @property
    def rarity(self) -> Rarity:
        return self.trunk.rarity

    @property
    def meaning(self) -> Meaning:
        return self.trunk.meaning

    def scores(self, text: Masked) -> Scores:
        """How likely each label is, and each thing if it is one."""
        seen, meant = self.trunk.in_parts(text)
        whole, by_meaning, by_letters = shares(self.layer.of(seen[:, :HIDDEN]))
        told = shares(self.things.of(seen[:1, HIDDEN:]))[0] if self.told else np.zeros(0, dtype=np.float32)
        return Scores(whole, by_meaning, by_letters, told, meant)


def topics_of(town: Town, readings: Readings) -> Topics:
    """What was learnt for this town's present examples, or learnt now (some seconds) where they have changed since.

    What is learnt now is left in the town's folder for the next start, as Python leaves compiled files, if the folder can be written to.
    """
    known, trunk = list(own_examples(town)), bundled_trunk()
    mark = fingerprint(known, trunk)
    with _one_at_a_time:
        if mark not in _held:
            topics = _read(town, known, trunk) or _learnt_and_left(town, known, trunk, readings)
            while len(_held) >= HELD:
                del _held[next(iter(_held))]
            _held[mark] = topics
        return _held[mark]


def stored_in(town: Town) -> Path:
    """Where what was learnt for a town lies: in its pack."""
    return Path(town.folder) / LEARNT


def learn(town: Town) -> int:
    """Learns anew and stores it in the town's pack; how many examples there were."""
    known, trunk = list(own_examples(town)), bundled_trunk()
    readings = Readings({place.name: place.reading for place in town.places})
    _leave(town, as_bytes(learnt(list(taught_examples(town)), trunk, readings, list(words_for_things(town))), known))
    return len(known) + len(trunk.labels)


def learnt(known: list[Example], trunk: Trunk, readings: Readings, words: Sequence[Example] = ()) -> Topics:
    """Fits a town's layers to its own examples and its words for things, each also as it sounds, and to the platform's examples."""
    heard, named = ([(one.label, text) for one in examples for text in as_heard(one, readings)] for examples in (known, words))
    every = [*heard, *named]
    return fitted([label for label, _ in every], trunk.of([text for _, text in every]), trunk, len(named))


def fitted(own: list[str], seen: Vector, trunk: Trunk, of_words: int = 0) -> Topics:
    """Fits a town's layers to its own examples as the trunk sees them (shape (n, HIDDEN + OF_THINGS), a label each) and the platform's.

    The last `of_words` are single words for things, which tell nothing of what is asked.
    """
    sentences = len(own) - of_words
    helps = PHONE_HELP in own
    shared = [at for at, label in enumerate(trunk.labels) if helps or not (label == PHONE_HELP or label.startswith(STEPWISE))]
    owned = [*(trunk.labels[at] for at in shared), *(TOLD if label.startswith(TOLD) else label for label in own[:sentences])]
    labels, layer = _last_layer(np.concatenate([trunk.seen[shared], seen[:sentences, :HIDDEN]]), owned)
    of_things = [at for at, label in enumerate(own) if label.startswith(TOLD)]
    told, things = _last_layer(seen[of_things, HIDDEN:], [own[at].removeprefix(TOLD) for at in of_things])
    return Topics(labels, layer, told, things, trunk)


def _last_layer(rows: Vector, owners: list[str]) -> tuple[tuple[str, ...], Layer]:
    """What gives each row its owner, with the names of its columns; of nothing where there are no rows."""
    labels = tuple(sorted(set(owners)))
    if not labels:
        return (), Layer(np.zeros((OF_THINGS, 0), dtype=np.float32), np.zeros(0, dtype=np.float32))
    number = {label: at for at, label in enumerate(labels)}
    (layer,) = trained(rows, np.array([number[label] for label in owners]), (rows.shape[1], len(labels)), EPOCHS)
    return labels, layer


def as_bytes(topics: Topics, known: list[Example]) -> bytes:
    """What was learnt, as plain arrays, with the fingerprint of what it was learnt from."""
    file = io.BytesIO()
    np.savez_compressed(
        file,
        fingerprint=np.array(fingerprint(known, topics.trunk)),
        labels=np.array(topics.labels),
        weights=topics.layer.weights.astype(np.float16),
        bias=topics.layer.bias,
        told=np.array(topics.told, dtype=np.str_),
        things=topics.things.weights.astype(np.float16),
        things_bias=topics.things.bias,
    )
    return file.getvalue()


def from_bytes(stored: bytes, known: list[Example], trunk: Trunk) -> Topics | None:
    """The stored model; None when it was learnt from other examples or behind another trunk."""
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        if str(arrays["fingerprint"]) != fingerprint(known, trunk):
            return None
        labels, told = (tuple(str(label) for label in arrays[name]) for name in ("labels", "told"))
        things = Layer(arrays["things"].astype(np.float32), arrays["things_bias"])
        return Topics(labels, Layer(arrays["weights"].astype(np.float32), arrays["bias"]), told, things, trunk)


def fingerprint(known: list[Example], trunk: Trunk) -> str:
    """Changes with every example of the town and with the trunk."""
    digest = hashlib.sha256(trunk.mark.encode())
    for example in known:
        digest.update(f"{example.label}\t{example.text}\n".encode())
    return digest.hexdigest()


def _read(town: Town, known: list[Example], trunk: Trunk) -> Topics | None:
    """What lies in the town's folder; None where it is missing, broken or learnt from other examples."""
    try:
        return from_bytes(stored_in(town).read_bytes(), known, trunk)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        return None


def _learnt_and_left(town: Town, known: list[Example], trunk: Trunk, readings: Readings) -> Topics:
    topics = learnt(list(taught_examples(town)), trunk, readings, list(words_for_things(town)))
    content = as_bytes(topics, known)
    if town.slug not in bundled_towns():  # those are learnt by `inclusion learn`, and looked at before they are shipped
        with suppress(OSError):
            _leave(town, content)
    return from_bytes(content, known, trunk) or topics  # as the next start will read it


def _leave(town: Town, content: bytes) -> None:
    """Write it whole or not at all. Raises OSError."""
    half = Path(town.folder) / f".{LEARNT}-{os.getpid()}"
    try:
        half.write_bytes(content)
        half.replace(stored_in(town))
    finally:
        half.unlink(missing_ok=True)
