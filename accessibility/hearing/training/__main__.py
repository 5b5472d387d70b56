"""`python -m accessibility.hearing.training MATERIAL.json FOLDER [STEPS]`: reads aloud, teaches, packs; `make ears` calls it.

It may be stopped and called again: what was read aloud and learned so far is kept in FOLDER.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any, Final

from .corpus import read_material, taught
from .learning import Plan, teach
from .network import Size
from .nouns import dictionary_nouns
from .packing import pack
from .reading_aloud import read_aloud

SEED: Final = 20_261_128
READERS: Final = 2
STEPS: Final = 12_000
PACKED: Final = Path(__file__).parents[1] / "town_ears"


def main(material: Path, folder: Path, steps: int = STEPS) -> None:
    texts = taught(read_material(material, dictionary_nouns()), random.Random(SEED))
    files = read_aloud(texts, folder / "clips", SEED, READERS)
    pupil = teach(folder / "clips", folder / "pupil.pt", Plan(steps=steps, whole_windows=0.04), SEED, Size())
    made: dict[str, Any] = {"seed": SEED, "texts": len(texts), "files": len(files), "steps": steps}
    pack(pupil, PACKED, made)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else STEPS)
