"""The pupil: Whisper's own encoder and decoder, small, with two helpers that are thrown away; without them it would not find the words
in the sound within an hour of one core."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Final

import torch
from torch import Tensor, nn
from whisper.model import AudioEncoder, TextDecoder

from .signs import VOCABULARY, Signs
from .spoken import PHONEMES

BLANK: Final = 0
MELS: Final = 80
AUDIO_CONTEXT: Final = 1500  # Whisper's: transcribe() insists on it
TEXT_CONTEXT: Final = 448
TAUGHT_CONTEXT: Final = 160  # nobody says more in one question
EVENNESS: Final = 0.15


@dataclass(frozen=True, slots=True)
class Size:
    width: int = 144
    heads: int = 3
    hearing_layers: int = 7
    writing_layers: int = 2


class Pupil(nn.Module):  # type: ignore[misc]  # torch is not installed where types are checked without it
    """Trained with few signs and short windows; `exported` gives the checkpoint that whisper.load_model reads."""

    def __init__(self, signs: Signs, size: Size) -> None:
        super().__init__()
        self.signs, self.size = signs, size
        self.encoder = AudioEncoder(MELS, AUDIO_CONTEXT, size.width, size.heads, size.hearing_layers)
        self.decoder = TextDecoder(len(signs.whole) + 1, TEXT_CONTEXT, size.width, size.heads, size.writing_layers)
        self.aligned = nn.Linear(size.width, len(PHONEMES) + 1)
        self.framed = nn.Linear(size.width, len(PHONEMES) + 1)
        nn.init.normal_(self.decoder.token_embedding.weight, std=0.05)
        nn.init.normal_(self.decoder.positional_embedding, std=0.01)
        # Every sign never written shares one row: its chance is that of all of them together.
        self.register_buffer("_weight", torch.zeros(len(signs.whole) + 1), persistent=False)
        self._weight[signs.unused] = math.log(VOCABULARY - len(signs.whole))

    def hear(self, mel: Tensor) -> Tensor:
        """As AudioEncoder.forward, for any even number of frames."""
        heard = nn.functional.gelu(self.encoder.conv1(mel))
        heard = nn.functional.gelu(self.encoder.conv2(heard)).permute(0, 2, 1)
        heard = heard + self.encoder.positional_embedding[: heard.shape[1]]
        for block in self.encoder.blocks:
            heard = block(heard)
        return self.encoder.ln_post(heard)

    def write(self, signs: Tensor, heard: Tensor) -> Tensor:
        return self.decoder(signs, heard) + self._weight

    def straying(self, signs: Tensor, heard: Tensor, lengths: Tensor, written: Tensor) -> tuple[Tensor, Tensor]:
        """What `write` gives, and how far one head of each layer looks from where the sign must roughly lie: speech runs on evenly."""
        seen: list[tuple[nn.Module, Tensor]] = []
        hooks = [
            block.cross_attn.register_forward_pre_hook(lambda module, given: seen.append((module, given[0])))
            for block in self.decoder.blocks
        ]
        chances = self.write(signs, heard)
        for hook in hooks:
            hook.remove()
        place = torch.arange(signs.shape[1], device=signs.device)[None, :, None] / written[:, None, None]
        moment = torch.arange(heard.shape[1], device=signs.device)[None, None, :] / lengths[:, None, None]
        far = 1 - torch.exp(-((place - moment) ** 2) / (2 * EVENNESS**2))
        counted = (torch.arange(signs.shape[1], device=signs.device)[None] < written[:, None]).float()
        strays = [(self._looks(module, given, heard) * far).sum(-1) for module, given in seen]
        return chances, sum((stray * counted).sum() / counted.sum() for stray in strays)

    def _looks(self, attention: Any, given: Tensor, heard: Tensor) -> Tensor:
        """Where the first head looks: (batch, signs, frames)."""
        wide = self.size.width // self.size.heads
        asked, offered = attention.query(given)[..., :wide], attention.key(heard)[..., :wide]
        return (asked @ offered.transpose(1, 2) / math.sqrt(wide)).softmax(-1)

    def align(self, heard: Tensor) -> Tensor:
        """log chances of phonemes, 50 a second."""
        return self.aligned(heard).log_softmax(-1)

    def frame(self, heard: Tensor) -> Tensor:
        """Which phoneme each fiftieth of a second holds."""
        return self.framed(heard)

    def exported(self) -> dict[str, Any]:
        """openai-whisper's checkpoint, in half precision."""
        state = {name: value.cpu() for name, value in self.state_dict().items() if not name.startswith(("aligned", "framed"))}
        rows = state["decoder.token_embedding.weight"]
        whole = rows[self.signs.unused].repeat(VOCABULARY, 1)
        whole[torch.tensor(self.signs.whole)] = rows[: self.signs.unused]
        state["decoder.token_embedding.weight"] = whole
        state["decoder.positional_embedding"] = state["decoder.positional_embedding"].clone()
        state["decoder.positional_embedding"][TAUGHT_CONTEXT:] = 0
        dims = {
            "n_mels": MELS,
            "n_audio_ctx": AUDIO_CONTEXT,
            "n_vocab": VOCABULARY,
            "n_text_ctx": TEXT_CONTEXT,
            **{f"n_audio_{name}": value for name, value in _layers(self.size.hearing_layers, self.size).items()},
            **{f"n_text_{name}": value for name, value in _layers(self.size.writing_layers, self.size).items()},
        }
        return {"dims": dims, "model_state_dict": {name: value.half().contiguous() for name, value in state.items()}}


def _layers(count: int, size: Size) -> dict[str, int]:
    return {"state": size.width, "head": size.heads, "layer": count}


def described(pupil: Pupil) -> dict[str, int]:
    return {**asdict(pupil.size), "parameters": sum(one.numel() for one in pupil.parameters())}
