"""Whether being sure means being right, as a table; without it a bot that is wrong with confidence looks like one that is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

STEPS = 10
BAR = 20


@dataclass(frozen=True, slots=True)
class Bin:
    """The direct answers of one span of confidence: how many, how sure we said we were on average, how many were right."""

    low: float
    high: float
    answers: int
    sure: float
    right: int

    @property
    def share_right(self) -> float:
        return self.right / self.answers


def reliability(answers: Iterable[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Answers (how sure, whether right) in spans of a tenth; spans without answers are left out."""
    spans: dict[int, list[tuple[float, bool]]] = {}
    for sure, right in answers:
        spans.setdefault(min(int(sure * STEPS), STEPS - 1), []).append((sure, right))
    return tuple(_bin(at, spans[at]) for at in sorted(spans))


def calibration_error(bins: Iterable[Bin]) -> float:
    """The expected calibration error: how far, on average over all answers, being sure lies from being right."""
    kept = tuple(bins)
    answers = sum(one.answers for one in kept)
    return round(sum(abs(one.share_right - one.sure) * one.answers for one in kept) / answers, 3) if answers else 0.0


def diagram(bins: Iterable[Bin]) -> Iterator[str]:
    """The reliability diagram in lines of text: a bar for how often we were right, a mark where as right as sure would be."""
    yield "sure of it   answers  right"
    for one in bins:
        bar = "".join(_sign(place, one) for place in range(BAR + 1))
        yield f"{one.low:.1f} to {one.high:.1f}  {one.answers:>7}  {one.share_right:>5.0%}  {bar}"


def _sign(place: int, one: Bin) -> str:
    if place == round(one.sure * BAR):
        return "|"
    return "█" if place < round(one.share_right * BAR) else "·"


def _bin(at: int, answers: list[tuple[float, bool]]) -> Bin:
    sure = sum(sure for sure, _ in answers) / len(answers)
    return Bin(at / STEPS, (at + 1) / STEPS, len(answers), round(sure, 3), sum(right for _, right in answers))
