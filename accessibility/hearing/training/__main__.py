"""`python -m accessibility.hearing.training MATERIAL.json FOLDER`: reads aloud, teaches, packs; `make ears` calls it.

`--further MINUTES` goes on from the ears in the package, with voices and sentences drawn anew. Either may be stopped and called again:
what was read aloud and learned so far is kept in FOLDER.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import torch

from .corpus import read_material, taught
from .learning import Plan, teach
from .network import Pupil, Size
from .nouns import dictionary_nouns
from .packing import pack
from .reading_aloud import read_aloud
from .shipped import shipped_pupil
from .signs import whisper_signs

SEED: Final = 20_261_128
STEPS: Final = 12_000
PACKED: Final = Path(__file__).parents[1] / "town_ears"
ANEW: Final = Plan(steps=STEPS, whole_windows=0.04)
FURTHER: Final = Plan(
    steps=0, fastest=1e-3, threads=1, writing_from=0, gentle_until=0, writing_share=0.15, whole_windows=0.01, save_every=100
)


def main(asked: argparse.Namespace) -> None:
    seed = SEED + asked.draw
    texts = taught(read_material(asked.material, dictionary_nouns()), random.Random(seed))[: asked.texts]
    if asked.part != "teach":
        read_aloud(texts, asked.folder / "clips", seed, asked.readers)
    if asked.part != "read":
        torch.manual_seed(seed)
        pupil = Pupil(whisper_signs(), Size()) if asked.further is None else shipped_pupil(PACKED, Size().hearing_layers)
        plan = ANEW if asked.further is None else replace(FURTHER, minutes=asked.further)
        steps = teach(asked.folder / "clips", asked.folder / "pupil.pt", plan, seed, pupil)
        made: dict[str, Any] = {"seed": seed, "texts": len(texts), "steps": steps, "further_minutes": asked.further}
        pack(pupil, asked.into, made)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m accessibility.hearing.training", description="Teaches the town's own ears.")
    parser.add_argument("material", type=Path, help="what `python -m inclusion.sayings` prints")
    parser.add_argument("folder", type=Path, help="clips and progress are kept here")
    parser.add_argument("--further", type=float, metavar="MINUTES", help="go on from the ears in the package, for so long by the clock")
    parser.add_argument("--draw", type=int, default=0, help="other voices and sentences than those of draw 0")
    parser.add_argument("--texts", type=int, help="only the first so many texts")
    parser.add_argument("--readers", type=int, default=2, help="processes that read aloud")
    parser.add_argument("--part", choices=("read", "teach"), help="only this half of the work")
    parser.add_argument("--into", type=Path, default=PACKED, help="where the ears are packed")
    return parser.parse_args()


if __name__ == "__main__":
    main(_asked())
