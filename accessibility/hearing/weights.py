"""Finds the weights that were asked for; without it a first run would need a network, and a later one would trust whatever it fetched."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import os
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np

from .errors import EarsOff
from .kana_reader import Head

TOWN: Final = "town"  # the ears that come with the platform
PUBLISHED_AT: Final = "https://openaipublic.azureedge.net/main/whisper/models"
# sha256 of openai-whisper's published multilingual weights, as its own list (release 20250625) gives them.
PUBLISHED: Final[Mapping[str, str]] = {
    "tiny": "65147644a518d12f04e32d6f3b26facc3f8dd46e5390956a9424a650c0ce22b9",
    "base": "ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e",
    "small": "9ecf779972d90ba49c06d968637d720dd632c55bbf19d441fb42bf17a411e794",
    "medium": "345ae4da62f9b3d59415adc60127b97c714f32e89e936602e85993674d08dcb1",
    "large-v2": "81f7c96c852ee8fc832187b0132e569d6c3065a3252ed18e56effd0b6a73e524",
    "large-v3": "e5b1a55b89c1367dacf97e3e19bfd829a01529dbfdeefa8caeb59b3f1b81dadb",
    "large-v3-turbo": "aff26ae408abcba5fbf8813c21e62b0941638c5f6eebfb145be0c9839262a19a",
}
PIECE: Final = 1 << 20
PATIENCE_S: Final = 20.0
ABANDONED_S: Final = 60.0  # nothing was written into it for so long: whoever fetched it is gone


@dataclass(frozen=True, slots=True)
class Weights:
    """A checkpoint in openai-whisper's form. `head` comes with the town's own ears, see KanaReader; None for all others."""

    checkpoint: Path
    head: Head | None = None


def weights_for(model: str, folder: Path) -> Weights:
    """`model`: "town", a published name, or a path. Fetched or unpacked into `folder` once. Raises EarsOff with what to do."""
    if model == TOWN:
        return _town_weights(folder)
    if model in PUBLISHED:
        return Weights(fetched(model, PUBLISHED[model], folder))
    path = Path(model)
    if not path.is_file():
        raise EarsOff(
            f"WHISPER_MODEL says '{path.name}', which is neither a checkpoint here nor one of {', '.join(PUBLISHED)}. "
            "Leave it empty for the town's own ears."
        )
    return Weights(path)


def town_card() -> dict[str, Any]:
    """What is known of the shipped ears: their size, their making, the hash of the checkpoint."""
    try:
        card: dict[str, Any] = json.loads(_shipped("ears.json").decode())
    except FileNotFoundError as missing:
        raise EarsOff("The town's own ears are not part of this installation. `make ears` makes them.") from missing
    return card


def _town_weights(folder: Path) -> Weights:
    """Unpacked once: openai-whisper and our converter read files."""
    card = town_card()
    file = folder / f"town-{card['sha256'][:12]}.pt"
    if not file.is_file():
        content = lzma.decompress(_shipped("ears.pt.xz"))
        if hashlib.sha256(content).hexdigest() != card["sha256"]:
            raise EarsOff("The town's own ears are damaged. Install the platform anew.")
        _write(file, content)
    with np.load(io.BytesIO(_shipped("head.npz")), allow_pickle=False) as held:
        return Weights(file, Head.of(held))


def _shipped(name: str) -> bytes:
    return files("accessibility.hearing").joinpath("town_ears", name).read_bytes()


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all. Raises OSError when there is no room."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as part:
        try:
            part.write(content)
            part.flush()
        except OSError:
            Path(part.name).unlink(missing_ok=True)
            raise
    Path(part.name).replace(file)


def fetched(name: str, sha256: str, folder: Path, address: str = PUBLISHED_AT) -> Path:
    """The published file, fetched once and checked at every start. Raises EarsOff with what to do."""
    file = folder / f"{name}.pt"
    if file.is_file() and _is_right(file, sha256):
        return file
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{name}.*.part"):
        if time.time() - left.stat().st_mtime > ABANDONED_S:
            left.unlink(missing_ok=True)
    part = folder / f"{name}.{os.getpid()}.part"
    try:
        _fetch(f"{address}/{sha256}/{name}.pt", part, name)
        if not _is_right(part, sha256):
            raise EarsOff(
                f"What was fetched for '{name}' is not what was published. Try again; if it stays so, tell who runs your network."
            )
        part.replace(file)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as away:
        raise EarsOff(
            f"The Whisper weights '{name}' are not here and cannot be fetched from {address}. Check the network, or lay {name}.pt into "
            f"{folder}, or leave WHISPER_MODEL empty for the town's own ears."
        ) from away
    finally:
        part.unlink(missing_ok=True)
    return file


def _fetch(address: str, part: Path, name: str) -> None:
    """Shows how far it is, where somebody looks."""
    from tqdm import tqdm  # only here

    with urllib.request.urlopen(address, timeout=PATIENCE_S) as source, part.open("wb") as out:  # noqa: S310  # ours, or a test's
        size = int(source.headers.get("Content-Length") or 0)
        with tqdm(total=size or None, unit="B", unit_scale=True, desc=f"Whisper {name}", disable=not sys.stderr.isatty()) as bar:
            while piece := source.read(PIECE):
                out.write(piece)
                bar.update(len(piece))


def _is_right(file: Path, wanted: str) -> bool:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == wanted
