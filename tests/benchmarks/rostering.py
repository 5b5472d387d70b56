"""The roster: how near to the proven best in how long, how fast a dropout is repaired, and what OR-Tools CP-SAT makes of the same rows.

`ROSTER_SIZES=60x40` measures one size only. On a machine that others use too, `ROSTER_FAIR=1` first measures which share of its cores it
gives and stretches the limits by that: the solvers then have the CPU time that the goals mean, and the share is told. CP-SAT is left out
where `ortools` is not installed (`pip install -e .[bench]`).
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from importlib.util import find_spec

from lessons import team
from tests.lessons.months import month

SIZES = ((60, 40, 10.0), (200, 160, 60.0))


def measure() -> Mapping[str, object]:
    wanted = os.environ.get("ROSTER_SIZES", "").split(",")
    sizes = [one for one in SIZES if wanted == [""] or f"{one[0]}x{one[1]}" in wanted]
    share = _share() if os.environ.get("ROSTER_FAIR") else 1.0
    found = {f"{helpers} helpers, {lessons} classes": _size(helpers, lessons, limit / share) for helpers, lessons, limit in sizes}
    return {"share_of_cores": round(share, 2), **found}


def _share() -> float:
    """Which part of two cores two busy processes get here, over two seconds."""
    with ProcessPoolExecutor(2) as busy:
        return max(0.05, min(1.0, sum(busy.map(_spin, (2.0, 2.0))) / 4.0))


def _spin(seconds: float) -> float:
    until, cpu = time.monotonic() + seconds, time.process_time()
    while time.monotonic() < until:
        sum(range(1000))
    return time.process_time() - cpu


def _size(helpers: int, lessons: int, limit: float) -> Mapping[str, object]:
    given = month(helpers, lessons, 7)
    cpu = time.process_time()
    plan = team.solve(given, limit)
    solved = {"wall_s": round(plan.seconds, 2), "cpu_s": round(time.process_time() - cpu, 2), "proven_gap": round(plan.gap, 4)}
    return {
        **solved,
        "places_empty": sum(plan.short.values()),
        "scores": dict(plan.scores),
        "repair": _repair(given, plan),
        "cp_sat": _peer(given, limit),
    }


def _peer(given: team.Problem, limit: float) -> object:
    if find_spec("ortools") is None:
        return "not installed"
    from tests.benchmarks.rostering_peer import solve_with_cp_sat  # optional: 160 MB for a comparison

    return solve_with_cp_sat(given, limit)


def _repair(given: team.Problem, plan: team.Plan) -> Mapping[str, object]:
    """The busiest helper falls out; everything else stands."""
    busiest, lost = Counter(who for who, _ in plan.chosen).most_common(1)[0]
    left = frozenset(pair for pair in plan.chosen if pair[0] != busiest)
    fits = {pair: fit for pair, fit in given.fits.items() if pair[0] != busiest}
    after = replace(given, helpers=[one for one in given.helpers if one.id != busiest], fits=fits, kept=left)
    repaired = team.solve(replace(after, kept=frozenset(), fixed=left), 1.0)
    return {
        "wall_s": round(repaired.seconds, 3),
        "lost": lost,
        "empty_after": sum(repaired.short.values()),
        "others_moved": len(left - repaired.chosen),
    }
