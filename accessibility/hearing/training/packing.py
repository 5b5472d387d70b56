"""Puts what was learned into the package: small, checked, with a card that says how it was made."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .network import Pupil, described
from .spoken import PHONEMES

NAME = "ears"


def pack(pupil: Pupil, folder: Path, made: dict[str, Any]) -> None:
    """Writes the checkpoint (ears.pt.xz), the helper that tells sounds apart (head.npz) and a card (ears.json) into `folder`."""
    content = _stored(pupil.exported())
    card = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": described(pupil),
        "made": made,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.pt.xz").write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))
    weights, bias = (one.detach().cpu().numpy().astype(np.float16) for one in (pupil.aligned.weight, pupil.aligned.bias))
    np.savez(folder / "head.npz", weights=weights, bias=bias, phonemes=np.array(PHONEMES))
    (folder / f"{NAME}.json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _stored(checkpoint: dict[str, Any]) -> bytes:
    """The same weights make the same bytes: torch writes the folder's name into the file, and times."""
    saved, stored = io.BytesIO(), io.BytesIO()
    torch.save(checkpoint, saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as out:
        for name in source.namelist():
            inside = f"{NAME}/{name.split('/', 1)[1]}"
            out.writestr(zipfile.ZipInfo(inside, (2026, 1, 1, 0, 0, 0)), source.read(name))
    return stored.getvalue()
