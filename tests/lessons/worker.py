"""Books, cancels and offers until it is killed: `python -m tests.lessons.worker URL NOW CLASS… SEED`. Prints a line after ten deeds."""

from __future__ import annotations

import random
import sys
from datetime import datetime

from tests.lessons.programme import open_engine
from tests.lessons.rush import one_deed

if __name__ == "__main__":
    url, now, *rooms, seed = sys.argv[1:]
    engine, dice = open_engine(url), random.Random(int(seed))
    while True:
        for _ in range(10):
            one_deed(engine, dice, rooms, datetime.fromisoformat(now))
        print(".", flush=True)
