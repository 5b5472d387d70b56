"""Reads openai-whisper's own checkpoints without torch; without it a machine that has no torch could not hear at all.

A checkpoint is a zip: `data.pkl` tells the shapes, every tensor's numbers lie in a file of their own. The pickle is read by an unpickler
that knows the three names such a file needs and refuses every other.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

KINDS: Final[Mapping[str, str]] = {"HalfStorage": "<f2", "FloatStorage": "<f4", "LongStorage": "<i8"}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`sizes` are Whisper's dims (n_mels, n_audio_state, ...), `weights` its tensors by name."""

    sizes: Mapping[str, int]
    weights: Mapping[str, NDArray[np.float32]]


class NotACheckpoint(ValueError):
    """The file is not what openai-whisper saves."""


def read_checkpoint(file: Path) -> Checkpoint:
    """Raises NotACheckpoint or OSError."""
    try:
        with zipfile.ZipFile(file) as held:
            inside = next(name for name in held.namelist() if name.endswith("/data.pkl"))
            told = _Reader(held, inside.removesuffix("data.pkl")).load()
        return Checkpoint(dict(told["dims"]), {name: np.asarray(one, dtype=np.float32) for name, one in told["model_state_dict"].items()})
    except (zipfile.BadZipFile, StopIteration, pickle.UnpicklingError, KeyError, TypeError, ValueError) as wrong:
        raise NotACheckpoint(f"{file.name} is not a Whisper checkpoint.") from wrong


class _Reader(pickle.Unpickler):
    def __init__(self, held: zipfile.ZipFile, folder: str) -> None:
        super().__init__(io.BytesIO(held.read(f"{folder}data.pkl")))
        self._held, self._folder = held, folder

    def find_class(self, module: str, name: str) -> Any:
        if module == "torch" and name in KINDS:
            return KINDS[name]
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        raise pickle.UnpicklingError(f"A checkpoint has no business with {module}.{name}.")

    def persistent_load(self, pid: Any) -> NDArray[Any]:
        """("storage", kind, key, place, count): all numbers of one tensor, in a row."""
        _, kind, key, *_ = pid
        return np.frombuffer(self._held.read(f"{self._folder}data/{key}"), dtype=kind)


def _tensor(numbers: NDArray[Any], offset: int, shape: tuple[int, ...], steps: tuple[int, ...], *_: object) -> NDArray[Any]:
    size = numbers.itemsize
    return np.lib.stride_tricks.as_strided(numbers[offset:], shape, [step * size for step in steps], writeable=False)
