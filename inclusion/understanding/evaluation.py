"""Measures understanding on labelled questions by the acceptance grader's rules; without it a change could harm unseen."""

from __future__ import annotations

import json
import re
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from inclusion.municipalities import Town

from .confidence import CHANNELS, Channel
from .reliability import Bin, calibration_error, reliability
from .request import Request
from .talk import Talk
from .understanding import Understanding

DIRECT = ("answer", "policy", "faq")
URGENT = {"r.emergency", "r.fraud"}
HEARD = re.compile(r"^spoken|^asr_noise|\+noise$")
AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One labelled question: the earlier turns, the question, and every acceptable outcome."""

    q: str
    kind: str
    accept: tuple[Mapping[str, Any], ...]
    context: tuple[str, ...] = ()

    @property
    def channel(self) -> Channel:
        """How such a question comes: what was said aloud or misheard comes by voice."""
        return "spoken" if HEARD.search(self.kind) else "typed"


@dataclass(frozen=True, slots=True)
class Graded:
    """One question as it was answered: what was wanted first, what came, how sure we said we were, whether it was acceptable."""

    q: str
    kind: str
    accept: tuple[Mapping[str, Any], ...]
    got: Mapping[str, Any]
    confidence: float
    right: bool
    ms: float
    channel: Channel = "typed"

    @property
    def wanted(self) -> Mapping[str, Any]:
        return self.accept[0]

    @property
    def in_scope(self) -> bool:
        """Whether some answer of ours would be right, not only a refusal."""
        return any(want["action"] != "refuse" for want in self.accept)

    @property
    def answerable(self) -> bool:
        """Whether naming something of ours would be right: not where only a refusal or a question that names nothing is."""
        return any(want["action"] != "refuse" and (want["action"] != "clarify" or want["ids"]) for want in self.accept)

    @property
    def may_be_refused(self) -> bool:
        return any(want["action"] == "refuse" for want in self.accept)

    @property
    def reason_right(self) -> bool:
        return set(self.got["ids"]) in [set(want["ids"]) for want in self.accept]

    @property
    def direct(self) -> bool:
        return self.got["action"] in DIRECT

    def as_dict(self) -> dict[str, Any]:
        """What a later run is compared with."""
        return {"q": self.q, "kind": self.kind, "right": self.right, "got": dict(self.got)}


@dataclass(frozen=True, slots=True)
class Report:
    """How well the questions were understood. Rates are 0 to 1, times in milliseconds."""

    questions: int
    strict: float
    wrong_direct: int
    direct: int
    in_scope_answered: float
    refusal_precision: float
    refusal_recall: float | None
    refusal_reason_right: float | None
    handed_over: float | None
    calibration_error: float
    p50_ms: float
    p95_ms: float
    worst_ms: float
    kinds: Mapping[str, float]
    reliability: Mapping[Channel, tuple[Bin, ...]] = field(default_factory=dict)
    graded: tuple[Graded, ...] = field(default=(), repr=False)

    @property
    def wrong_direct_rate(self) -> float:
        return round(self.wrong_direct / max(self.direct, 1), 4)

    @property
    def mistakes(self) -> tuple[Graded, ...]:
        return tuple(one for one in self.graded if not one.right)

    def as_dict(self) -> dict[str, Any]:
        """The figures alone, ready for JSON."""
        names = ("questions", "strict", "wrong_direct", "direct", "wrong_direct_rate", "in_scope_answered", "refusal_precision")
        more = ("refusal_recall", "refusal_reason_right", "handed_over", "calibration_error", "p50_ms", "p95_ms", "worst_ms", "kinds")
        return {name: getattr(self, name) for name in (*names, *more)}


def read_questions(path: Path) -> tuple[Wanted, ...]:
    """Labelled questions from a JSON Lines file."""
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip())
    return tuple(Wanted(q["q"], q["kind"], tuple(q["accept"]), tuple(q.get("context", ()))) for q in lines)


@dataclass(frozen=True, slots=True)
class Came:
    """What came back to a question: the outcome as the public contract writes it, how sure it was said, and after how long."""

    outcome: Mapping[str, Any]
    confidence: float
    ms: float
    channel: Channel = "typed"


def evaluate(understanding: Understanding, questions: Iterable[Wanted], clock: Callable[[], float] = perf_counter) -> Report:
    """Asks every question after its earlier turns, in this process, and grades what comes back."""
    return evaluate_by(understanding.town, questions, lambda wanted: _asked_here(understanding, wanted, clock))


def evaluate_by(town: Town, questions: Iterable[Wanted], ask: Callable[[Wanted], Came]) -> Report:
    """Asks every question by `ask`, whoever answers, and grades what comes back by the town's own groups and fees."""
    return _report(tuple(_graded(town, wanted, ask(wanted)) for wanted in questions))


def _asked_here(understanding: Understanding, wanted: Wanted, clock: Callable[[], float]) -> Came:
    talk = Talk()
    for earlier in wanted.context:
        _, talk = understanding.understand(earlier, talk, AT)
    started = clock()
    request, _ = understanding.understand(wanted.q, talk, AT, channel=wanted.channel)
    ms = (clock() - started) * 1000
    return Came(outcome(understanding.town, request), request.confidence, ms, wanted.channel)


def _graded(town: Town, wanted: Wanted, came: Came) -> Graded:
    right = acceptable(town, wanted.accept, came.outcome)
    q = " >> ".join((*wanted.context, wanted.q))
    return Graded(q, wanted.kind, wanted.accept, came.outcome, came.confidence, right, came.ms, came.channel)


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


def _report(graded: tuple[Graded, ...]) -> Report:
    kinds: dict[str, list[bool]] = defaultdict(list)
    for one in graded:
        kinds[one.kind].append(one.right)
    direct = [one for one in graded if one.direct]
    bins = {way: reliability((one.confidence, one.right) for one in direct if one.channel == way) for way in CHANNELS}
    every = reliability((one.confidence, one.right) for one in direct)
    return Report(
        questions=len(graded),
        strict=_share(one.right for one in graded),
        wrong_direct=sum(not one.right for one in direct),
        direct=len(direct),
        in_scope_answered=_share(one.got["action"] != "refuse" for one in graded if one.in_scope),
        **_refusals(graded),
        calibration_error=calibration_error(every),
        **_times(sorted(one.ms for one in graded)),
        kinds={kind: _share(rights) for kind, rights in sorted(kinds.items())},
        reliability={way: found for way, found in bins.items() if found},
        graded=graded,
    )


def _refusals(graded: tuple[Graded, ...]) -> dict[str, Any]:
    """Precision: of what we refused, how much was to be refused. Recall: of what was to be refused, how much we did.

    `handed_over` also counts what may be asked back about without naming anything (臼と杵). None: no such question was asked.
    """
    refused = [one for one in graded if one.got["action"] == "refuse"]
    should = [one for one in graded if not one.in_scope]
    reasons = [one for one in refused if not one.in_scope]
    absent = [one for one in graded if not one.answerable]
    return {
        "refusal_precision": _share(one.may_be_refused for one in refused),
        "refusal_recall": _share(one.got["action"] == "refuse" for one in should) if should else None,
        "refusal_reason_right": _share(one.reason_right for one in reasons) if reasons else None,
        "handed_over": _share(one.got["action"] in ("refuse", "clarify") for one in absent) if absent else None,
    }


def _times(ms: list[float]) -> dict[str, float]:
    if not ms:
        return {"p50_ms": 0.0, "p95_ms": 0.0, "worst_ms": 0.0}
    return {"p50_ms": round(statistics.median(ms), 2), "p95_ms": round(ms[int(len(ms) * 0.95)], 2), "worst_ms": round(ms[-1], 2)}


def _share(rights: Iterable[bool]) -> float:
    every = list(rights)
    return round(sum(every) / len(every), 3) if every else 0.0
