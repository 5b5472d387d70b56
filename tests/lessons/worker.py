"""Books, cancels, draws and offers until it is killed: `python -m tests.lessons.worker URL NOW CLASS… SEED`. Tells how many it did."""

from __future__ import annotations

import random
import sys
from datetime import datetime

from tests.lessons.programme import open_engine
from tests.lessons.rush import some_deeds

if __name__ == "__main__":
    url, now, *rooms, seed = sys.argv[1:]
    engine, dice = open_engine(url, make=False), random.Random(int(seed))
    while True:
        done = some_deeds(engine, dice, dice.choice(rooms), datetime.fromisoformat(now), dice.randint(1, 40))
        print(done, flush=True)
