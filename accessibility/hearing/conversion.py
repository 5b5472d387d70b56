"""Turns a Whisper checkpoint into CTranslate2's int8 form, once; without it nobody could hear who has no torch."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .checkpoint import Checkpoint, read_checkpoint
from .wording import END, MULTILINGUAL, START

FORM: Final = "int8-2"  # a new number here makes kept conversions be made anew
Weights = Mapping[str, NDArray[np.float32]]


def converted(checkpoint: Path, folder: Path) -> Path:
    """The folder with the converted model under `folder`, made if it is not there. Raises NotACheckpoint or OSError."""
    ready = folder / f"{checkpoint.stem}-{FORM}-{checkpoint.stat().st_size}"
    if (ready / "model.bin").is_file():
        return ready
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="converting-", dir=folder))
    try:
        _save(read_checkpoint(checkpoint), work)
        if not (ready / "model.bin").is_file():  # another process may have been faster
            work.replace(ready)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return ready


def _save(checkpoint: Checkpoint, folder: Path) -> None:
    from ctranslate2.specs import whisper_spec  # heavy: only where a model is converted

    sizes, weights = checkpoint.sizes, checkpoint.weights
    spec: Any = whisper_spec.WhisperSpec(sizes["n_audio_layer"], sizes["n_audio_head"], sizes["n_text_layer"], sizes["n_text_head"])
    _set_encoder(spec.encoder, weights)
    _set_decoder(spec.decoder, weights)
    spec.register_vocabulary(_names(sizes["n_vocab"]))
    spec.config.suppress_ids, spec.config.suppress_ids_begin, spec.config.lang_ids = [], [], []
    spec.config.alignment_heads = [(sizes["n_text_layer"] - 1, 0)]
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))


def _names(vocabulary: int) -> list[str]:
    """We speak in numbers; CTranslate2 looks for these few by name."""
    more = vocabulary - MULTILINGUAL
    named = {END: "<|endoftext|>", START: "<|startoftranscript|>"}
    named |= {50_361 + more: "<|startofprev|>", 50_362 + more: "<|nospeech|>", 50_363 + more: "<|notimestamps|>"}
    return [named.get(number, f"<{number}>") for number in range(vocabulary)]


def _set_encoder(spec: Any, weights: Weights) -> None:
    for name in ("conv1", "conv2"):
        convolution = getattr(spec, name)
        convolution.weight, convolution.bias = weights[f"encoder.{name}.weight"], weights[f"encoder.{name}.bias"]
    spec.position_encodings.encodings = weights["encoder.positional_embedding"]
    _set_norm(spec.layer_norm, weights, "encoder.ln_post")
    for number, layer in enumerate(spec.layer):
        _set_layer(layer, weights, f"encoder.blocks.{number}")


def _set_decoder(spec: Any, weights: Weights) -> None:
    spec.embeddings.weight = spec.projection.weight = weights["decoder.token_embedding.weight"]
    spec.position_encodings.encodings = weights["decoder.positional_embedding"]
    _set_norm(spec.layer_norm, weights, "decoder.ln")
    for number, layer in enumerate(spec.layer):
        name = f"decoder.blocks.{number}"
        _set_layer(layer, weights, name)
        asked, told = _linear(weights, f"{name}.cross_attn.query"), _joined(weights, f"{name}.cross_attn", ("key", "value"))
        _fill(layer.attention.linear[0], *asked)
        _fill(layer.attention.linear[1], *told)
        _fill(layer.attention.linear[2], *_linear(weights, f"{name}.cross_attn.out"))
        _set_norm(layer.attention.layer_norm, weights, f"{name}.cross_attn_ln")


def _set_layer(layer: Any, weights: Weights, name: str) -> None:
    _fill(layer.self_attention.linear[0], *_joined(weights, f"{name}.attn", ("query", "key", "value")))
    _fill(layer.self_attention.linear[1], *_linear(weights, f"{name}.attn.out"))
    _set_norm(layer.self_attention.layer_norm, weights, f"{name}.attn_ln")
    _fill(layer.ffn.linear_0, *_linear(weights, f"{name}.mlp.0"))
    _fill(layer.ffn.linear_1, *_linear(weights, f"{name}.mlp.2"))
    _set_norm(layer.ffn.layer_norm, weights, f"{name}.mlp_ln")


def _joined(weights: Weights, name: str, parts: tuple[str, ...]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Several linear layers as one. Whisper's keys have no bias: zeros stand for it."""
    found = [_linear(weights, f"{name}.{part}") for part in parts]
    return np.concatenate([weight for weight, _ in found]), np.concatenate([bias for _, bias in found])


def _linear(weights: Weights, name: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    weight = weights[f"{name}.weight"]
    return weight, weights.get(f"{name}.bias", np.zeros(weight.shape[0], dtype=np.float32))


def _fill(linear: Any, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> None:
    linear.weight, linear.bias = weight, bias


def _set_norm(norm: Any, weights: Weights, name: str) -> None:
    norm.gamma, norm.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]
