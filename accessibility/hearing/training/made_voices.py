"""Voices of our own making for espeak-ng, at random; without them the ears would know only the hundred that come with it."""

from __future__ import annotations

import atexit
import random
import shutil
import tempfile
from pathlib import Path
from typing import Final

MANY: Final = 240  # espeak-ng lists at most 349, languages and its own variants among them: of those only Japanese is kept
SEED: Final = 4_000_000
MADE: Final = tuple(f"made{number}" for number in range(MANY))
FORMANTS: Final = 9
VARIANTS: Final = "voices/!v"
JAPANESE: Final = "lang/jpx"


def with_made_voices(data: Path) -> Path:
    """A folder that holds espeak-ng's `data` and our voices; gone with this process."""
    folder = Path(tempfile.mkdtemp(prefix="voices-"))
    atexit.register(shutil.rmtree, folder, True)
    whole = folder / "espeak-ng-data"
    _linked(data, whole, leave_out=("voices", "lang"))
    _linked(data / "voices", whole / "voices", leave_out=("!v",))
    _linked(data / JAPANESE, whole / JAPANESE)
    _linked(data / VARIANTS, whole / VARIANTS)
    for number, name in enumerate(MADE):
        (whole / VARIANTS / name).write_text(made_voice(name, random.Random(SEED + number)), encoding="utf-8")
    return whole


def made_voice(name: str, dice: random.Random) -> str:
    """A variant as espeak-ng's documentation describes it: percent of its own voice's frequency, strength and width for each formant."""
    throat, low = dice.uniform(0.84, 1.22), dice.uniform(65, 240)
    lines = ["language variant", f"name {name}", f"pitch {low:.0f} {low * dice.uniform(1.15, 1.9):.0f}"]
    for formant in range(FORMANTS):
        frequency = 100 * throat * dice.uniform(0.93, 1.07)
        strength = dice.uniform(70, 130) if formant < 4 else dice.uniform(20, 130)
        lines.append(f"formant {formant} {frequency:.0f} {strength:.0f} {dice.uniform(70, 150):.0f}")
    lines += [
        f"intonation {dice.randint(1, 4)}",
        f"flutter {dice.choice((0, 2, 5, 10, 20))}",
        f"roughness {dice.choice((0, 0, 1, 2, 3, 4))}",
    ]
    lines += [f"voicing {dice.randint(60, 140)}", f"consonants {dice.randint(60, 130)} {dice.randint(40, 130)}"]
    if dice.random() < 0.25:
        lines.append("breath " + " ".join(str(dice.randint(0, 8)) for _ in range(8)))
    if dice.random() < 0.15:
        lines.append(f"echo {dice.randint(15, 60)} {dice.randint(10, 40)}")
    return "\n".join(lines) + "\n"


def _linked(source: Path, into: Path, leave_out: tuple[str, ...] = ()) -> None:
    into.mkdir(parents=True)
    for part in source.iterdir():
        if part.name not in leave_out:
            (into / part.name).symlink_to(part)
