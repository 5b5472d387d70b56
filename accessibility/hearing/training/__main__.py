"""`python -m accessibility.hearing.training MATERIAL.json FOLDER`: reads aloud, teaches, packs; `make ears` calls it.

`--further MINUTES` goes on from the ears in the package, with voices and sentences drawn anew. All of it may be stopped and called again:
what was read aloud and learned so far is kept in FOLDER. With `--device cuda` a graphics card teaches while `--readers` read.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import torch

from .corpus import drawn, read_material
from .learning import ALONE, Others, Plan, teach
from .network import Pupil, Size
from .nouns import dictionary_nouns
from .packing import pack
from .reading_aloud import Reading
from .shipped import shipped_pupil
from .signs import whisper_signs

SEED: Final = 20_261_128
STEPS: Final = 12_000
PACKED: Final = Path(__file__).parents[1] / "town_ears"
ANEW: Final = Plan(steps=STEPS, whole_windows=0.04)
FURTHER: Final = Plan(steps=0, fastest=1e-3, threads=1, writing_from=0, gentle_until=0, writing_share=0.15, whole_windows=0.01)
ON_A_CARD: Final[dict[str, Any]] = {"batch_s": 900.0, "fastest": 2e-3, "writing_share": 0.3, "whole_windows": 0.03, "save_every_s": 45.0}
WRITING_FROM_ON_A_CARD: Final = 1500


def main(asked: argparse.Namespace) -> None:
    seed = SEED + asked.draw
    texts = drawn(read_material(asked.material, dictionary_nouns()), seed, asked.texts)
    reading = None if asked.part in ("teach", "pack") else Reading(texts, asked.folder / "clips", seed, asked.readers)
    if reading is not None and (asked.part == "read" or asked.device == "cpu"):
        reading.wait()  # two cores that read and teach at once would only be in each other's way
    if asked.part != "read":
        _teach(asked, seed, {"seed": seed, "texts": len(texts), "device": asked.device}, reading)
    if reading is not None:
        reading.stop()


def _teach(asked: argparse.Namespace, seed: int, made: dict[str, Any], reading: Reading | None) -> None:
    torch.manual_seed(seed)
    torch.set_float32_matmul_precision("high")
    anew = asked.further is None
    pupil = Pupil(whisper_signs(), Size()) if anew else shipped_pupil(PACKED, Size().hearing_layers)
    pupil.to(asked.device)
    kept = asked.folder / "pupil.pt"
    if asked.begin_from is not None and not kept.exists():
        held = torch.load(asked.begin_from, weights_only=True, map_location=asked.device)
        pupil.load_state_dict(held["pupil"], strict=False)
    if asked.part == "pack":
        pack(pupil, asked.into, {**made, "minutes": asked.minutes})
        return
    waiting = reading.check if reading is not None else partial(_refuse, asked.folder)
    saved = ALONE.saved if asked.copy is None else partial(_copy, pupil, asked.copy)
    steps = teach(asked.folder / "clips", kept, _plan(asked), seed, pupil, Others(waiting, saved))
    pack(pupil, asked.into, {**made, "steps": steps, "minutes": asked.minutes or asked.further})
    saved()


def _plan(asked: argparse.Namespace) -> Plan:
    anew = asked.further is None
    plan = ANEW if anew else FURTHER
    if asked.device != "cpu":
        plan = replace(plan, **ON_A_CARD, writing_from=WRITING_FROM_ON_A_CARD if anew and asked.begin_from is None else 0)
    minutes = asked.minutes if anew else asked.further
    changed: dict[str, Any] = {"minutes": minutes, "batch_s": asked.batch, "fastest": asked.fastest}
    plan = replace(plan, **{name: value for name, value in changed.items() if value is not None})
    return plan if asked.begin_from is None else replace(plan, gentle_until=0)


def _copy(pupil: Pupil, file: Path) -> None:
    """What another machine can go on from (--begin-from), or pack."""
    part = file.with_suffix(".part")
    torch.save({"pupil": pupil.state_dict()}, part)
    part.replace(file)


def _refuse(folder: Path) -> None:
    raise FileNotFoundError(f"Nothing was read aloud into '{folder}' yet: leave out --part teach.")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m accessibility.hearing.training", description="Teaches the town's own ears.")
    parser.add_argument("material", type=Path, help="what `python -m inclusion.sayings` prints")
    parser.add_argument("folder", type=Path, help="clips and progress are kept here")
    parser.add_argument("--further", type=float, metavar="MINUTES", help="go on from the ears in the package, for so long by the clock")
    parser.add_argument("--minutes", type=float, help="from nothing, but for so long by the clock instead of so many steps")
    parser.add_argument("--begin-from", type=Path, metavar="PUPIL.pt", help="with --minutes: go on from this pupil instead of from nothing")
    parser.add_argument("--draw", type=int, default=0, help="other voices and sentences than those of draw 0")
    parser.add_argument("--texts", type=int, help="so many texts, in as many draws as that takes")
    parser.add_argument("--readers", type=int, default=2, help="processes that read aloud")
    parser.add_argument("--device", default="cpu", help="where to teach: cpu, or cuda for a graphics card")
    parser.add_argument("--batch", type=float, metavar="SECONDS", help="seconds of speech in a batch (30 on a CPU, 900 on a card)")
    parser.add_argument("--fastest", type=float, help="the highest learning rate")
    parser.add_argument("--part", choices=("read", "teach", "pack"), help="only this part of the work")
    parser.add_argument("--into", type=Path, default=PACKED, help="where the ears are packed")
    parser.add_argument("--copy", type=Path, metavar="PUPIL.pt", help="at every save the pupil alone is written here too")
    return parser.parse_args()


if __name__ == "__main__":
    main(_asked())
