"""Measures understanding on labelled questions by the acceptance grader's rules; without it a change could harm unseen."""

from __future__ import annotations

import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from inclusion.municipalities import Town

from .request import Request
from .talk import Talk
from .understanding import Understanding

DIRECT = ("answer", "policy", "faq")
URGENT = {"r.emergency", "r.fraud"}
AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One labelled question: the earlier turns, the question, and every acceptable outcome."""

    q: str
    kind: str
    accept: tuple[Mapping[str, Any], ...]
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """A question not answered acceptably: what was wanted first and what came."""

    q: str
    kind: str
    wanted: Mapping[str, Any]
    got: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """How well the questions were understood. Rates are 0 to 1, times in milliseconds."""

    questions: int
    strict: float
    wrong_direct: int
    direct: int
    refusal_precision: float
    refusal_recall: float
    refusal_reason_right: float
    p50_ms: float
    p95_ms: float
    kinds: Mapping[str, float]
    mistakes: tuple[Mistake, ...] = field(default=())

    @property
    def wrong_direct_rate(self) -> float:
        return round(self.wrong_direct / max(self.direct, 1), 4)

    def as_dict(self) -> dict[str, Any]:
        """The figures alone, ready for JSON."""
        names = ("questions", "strict", "wrong_direct", "direct", "wrong_direct_rate", "refusal_precision", "refusal_recall")
        more = ("refusal_reason_right", "p50_ms", "p95_ms", "kinds")
        return {name: getattr(self, name) for name in (*names, *more)}


def read_questions(path: Path) -> tuple[Wanted, ...]:
    """Labelled questions from a JSON Lines file."""
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip())
    return tuple(Wanted(q["q"], q["kind"], tuple(q["accept"]), tuple(q.get("context", ()))) for q in lines)


def evaluate(understanding: Understanding, questions: Iterable[Wanted], clock: Callable[[], float] = perf_counter) -> Report:
    """Asks every question after its earlier turns and grades what comes back."""
    kinds: dict[str, list[bool]] = defaultdict(list)
    counted: Counter[str] = Counter()
    mistakes, times = [], []
    for wanted in questions:
        talk = Talk()
        for earlier in wanted.context:
            _, talk = understanding.understand(earlier, talk, AT)
        started = clock()
        request, _ = understanding.understand(wanted.q, talk, AT)
        times.append((clock() - started) * 1000)
        got = outcome(understanding.town, request)
        right = acceptable(understanding.town, wanted.accept, got)
        kinds[wanted.kind].append(right)
        counted.update(_tallies(wanted, got, right))
        if not right:
            mistakes.append(Mistake(" >> ".join((*wanted.context, wanted.q)), wanted.kind, wanted.accept[0], got))
    return _report(kinds, counted, times, mistakes)


def outcome(town: Town, request: Request) -> dict[str, Any]:
    """What the public contract would say of this request: action, ids, counts and the total in yen (None when a fee is unknown)."""
    counts = {item.id: item.units for item in request.items}
    fees = [town.items[item_id].fee_yen for item_id in counts]
    total = sum(fee * units for fee, units in zip(fees, counts.values(), strict=True) if fee is not None)
    unknown = not counts or any(fee is None for fee in fees)
    return {"action": request.action, "ids": list(request.ids), "counts": counts, "total_yen": None if unknown else total}


def acceptable(town: Town, accept: Sequence[Mapping[str, Any]], got: Mapping[str, Any]) -> bool:
    """Whether one of the acceptable outcomes is met."""
    return any(_meets(town, want, got) for want in accept)


def _meets(town: Town, want: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    action, wanted, ids = want["action"], set(want["ids"]), set(got["ids"])
    confirming = got["action"] == "confirm" and action in DIRECT
    if action != got["action"] and not confirming:
        return False
    if action == "refuse":
        return ids == wanted or not wanted & URGENT
    if action in ("faq", "policy"):
        return ids == wanted
    if action in ("lesson", "live", "settings"):
        return not wanted or ids == wanted
    if action == "clarify":
        groups = wanted | {town.items[i].group for i in wanted if i in town.items}
        return bool(ids & groups or not wanted) and set(want.get("also") or ()) <= ids
    return ids == wanted and _counts_right(want, got)


def _counts_right(want: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    if want.get("total") is not None:
        return bool(got["total_yen"] == want["total"])
    return all(got["counts"].get(item) == units for item, units in (want.get("counts") or {}).items())


def _tallies(wanted: Wanted, got: Mapping[str, Any], right: bool) -> list[str]:
    """What this question adds to the counts of refusals and direct answers."""
    refused = got["action"] == "refuse"
    should = all(want["action"] == "refuse" for want in wanted.accept)
    may = any(want["action"] == "refuse" for want in wanted.accept)
    tallies = []
    if refused:
        tallies.append("refused rightly" if may else "refused wrongly")
    elif should:
        tallies.append("not refused")
    if refused and should:
        reasons = [set(want["ids"]) for want in wanted.accept]
        tallies += ["reason", *(["right reason"] if set(got["ids"]) in reasons else [])]
    if got["action"] in DIRECT:
        tallies += ["direct", *([] if right else ["wrong direct"])]
    return tallies


def _report(kinds: Mapping[str, list[bool]], counted: Counter[str], times: list[float], mistakes: list[Mistake]) -> Report:
    every = [right for rights in kinds.values() for right in rights]
    return Report(
        questions=len(every),
        strict=_share(sum(every), len(every)),
        wrong_direct=counted["wrong direct"],
        direct=counted["direct"],
        refusal_precision=_share(counted["refused rightly"], counted["refused rightly"] + counted["refused wrongly"]),
        refusal_recall=_share(counted["refused rightly"], counted["refused rightly"] + counted["not refused"]),
        refusal_reason_right=_share(counted["right reason"], counted["reason"]),
        p50_ms=round(statistics.median(times), 2) if times else 0.0,
        p95_ms=round(sorted(times)[int(len(times) * 0.95)], 2) if times else 0.0,
        kinds={kind: _share(sum(rights), len(rights)) for kind, rights in sorted(kinds.items())},
        mistakes=tuple(mistakes),
    )


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0
