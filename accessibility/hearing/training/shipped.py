"""Takes the shipped ears up as a pupil again; without it every improvement would begin with deaf ears and cost hours."""

from __future__ import annotations

import io
import lzma
from pathlib import Path

import numpy as np
import torch

from .network import Pupil, Size
from .packing import NAME
from .signs import VOCABULARY, whisper_signs


def shipped_pupil(folder: Path, layers: int) -> Pupil:
    """The pupil that `pack` put into `folder`. Hearing layers it lacks are added such that they change nothing yet.

    Only the helper that frames sounds is new: it is not shipped.
    """
    checkpoint = torch.load(io.BytesIO(lzma.decompress((folder / f"{NAME}.pt.xz").read_bytes())), weights_only=True)
    dims, held = checkpoint["dims"], {name: value.float() for name, value in checkpoint["model_state_dict"].items()}
    size = Size(dims["n_audio_state"], dims["n_audio_head"], max(layers, dims["n_audio_layer"]), dims["n_text_layer"])
    pupil = Pupil(whisper_signs(), size)
    whole, never_written = list(pupil.signs.whole), next(one for one in range(VOCABULARY) if one not in pupil.signs.whole)
    held["decoder.token_embedding.weight"] = held["decoder.token_embedding.weight"][[*whole, never_written]]
    with np.load(folder / "head.npz", allow_pickle=False) as head:
        held["aligned.weight"] = torch.from_numpy(head["weights"].astype(np.float32))
        held["aligned.bias"] = torch.from_numpy(head["bias"].astype(np.float32))
    _silence(pupil, dims["n_audio_layer"])
    pupil.load_state_dict(held, strict=False)
    return pupil


def _silence(pupil: Pupil, known: int) -> None:
    """A layer adds to what it is given: one that adds nothing is a good beginner."""
    for block in pupil.encoder.blocks[known:]:
        for last in (block.attn.out, block.mlp[2]):
            torch.nn.init.zeros_(last.weight)
            torch.nn.init.zeros_(last.bias)
