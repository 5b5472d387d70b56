"""Why somebody was chosen, and why a place stayed empty, as codes; without it a roster is an order nobody can question.

The sentences live with the reader's language; `lesson.why.CODE` and `lesson.gap.CODE` name them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from .roster_model import FIRST_LANGUAGE, Fit, Helper, Lesson, Pair, Plan, Problem

MAY_BEND: Final = ("hours_used", "day_full", "fair_share", "too_far", "not_said")  # what staff can settle with one question


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` names the sentence, `values` fill it."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Gap:
    """A class that lacks something: `missing` places (0 when only knowledge is missing), why, and who could come if one rule were bent."""

    lesson_id: str
    missing: int
    reasons: Sequence[Reason]
    could_come: Sequence[tuple[str, str]] = ()

    def as_dict(self) -> dict[str, Any]:
        reasons = [one.as_dict() for one in self.reasons]
        return {
            "lesson_id": self.lesson_id,
            "missing": self.missing,
            "reasons": reasons,
            "could_come": [list(one) for one in self.could_come],
        }


def why_chosen(problem: Problem, plan: Plan) -> Mapping[Pair, Sequence[Reason]]:
    """At least one reason for every assignment."""
    load = Counter(helper_id for helper_id, _ in plan.chosen)
    series = Counter((helper_id, problem.lesson_of[lesson_id].series) for helper_id, lesson_id in plan.chosen)
    candidates = Counter(lesson_id for _, lesson_id in problem.pairs)
    told = {}
    for pair in sorted(plan.chosen):
        helper, lesson = problem.helper_of[pair[0]], problem.lesson_of[pair[1]]
        fit = problem.fits.get(pair, Fit())
        told[pair] = [
            *_knowledge(helper, lesson),
            *([Reason("same_faces", {"times": series[helper.id, lesson.series]})] if series[helper.id, lesson.series] > 1 else []),
            *([Reason("likes_hour")] if fit.preferred else []),
            *([Reason("only_one")] if candidates[lesson.id] <= lesson.need else []),
            Reason("fair", {"classes": load[helper.id] + helper.past_classes, "most": plan.most_classes}),
        ]
    return told


def why_empty(problem: Problem, plan: Plan) -> Sequence[Gap]:
    """Every class that lacks a helper, somebody who knows the course, or somebody who speaks the language."""
    lacking = [one for one in problem.lessons if one.id in plan.short or one.id in plan.unskilled or one.id in plan.unspoken]
    return [_gap(problem, plan, lesson) for lesson in lacking]


def blockers(problem: Problem, plan: Plan, helper: Helper, lesson: Lesson) -> Sequence[str]:
    """Every rule that keeps somebody from a class, given the roster: said before, elsewhere, hours used up, share done."""
    static = problem.blocked.get((helper.id, lesson.id))
    own = [problem.lesson_of[lesson_id] for helper_id, lesson_id in plan.chosen if helper_id == helper.id]
    week = sum(one.minutes for one in own if one.week == lesson.week)
    checks = {
        static or "": static is not None,
        "elsewhere": any(problem.clash(one, lesson) for one in own),
        "hours_used": week + lesson.minutes > helper.max_minutes_week,
        "day_full": sum(one.day == lesson.day for one in own) >= helper.max_per_day,
        "fair_share": len(own) + helper.past_classes >= plan.most_classes,
    }
    return [code for code, holds in checks.items() if holds]


def _knowledge(helper: Helper, lesson: Lesson) -> Sequence[Reason]:
    knows = [Reason("knows_course")] if lesson.course in helper.skills else []
    speaks = (
        [Reason("speaks", {"language": lesson.language})]
        if lesson.language != FIRST_LANGUAGE and lesson.language in helper.languages
        else []
    )
    return [*knows, *speaks]


def _gap(problem: Problem, plan: Plan, lesson: Lesson) -> Gap:
    counted, could_come = Counter[str](), list[tuple[str, str]]()
    for helper in _wanted(problem, plan, lesson):
        rules = blockers(problem, plan, helper, lesson)
        if rules:
            counted[rules[0]] += 1
        if len(rules) == 1 and rules[0] in MAY_BEND:
            could_come.append((helper.id, rules[0]))
    reasons = [Reason(code, {"people": people}) for code, people in counted.most_common()]
    kinds = {"skill": plan.unskilled, "language": plan.unspoken}
    lacks = [Reason(f"no_{kind}", {"language": lesson.language}) for kind, where in kinds.items() if lesson.id in where]
    return Gap(lesson.id, plan.short.get(lesson.id, 0), [*lacks, *(reasons or [Reason("nobody")])], could_come[:3])


def _wanted(problem: Problem, plan: Plan, lesson: Lesson) -> Sequence[Helper]:
    """Whose coming would close the gap: anybody where places are empty, else those who know the course or the language."""
    free = [one for one in problem.helpers if (one.id, lesson.id) not in plan.chosen]
    if lesson.id in plan.short:
        return free
    if lesson.id in plan.unskilled:
        return [one for one in free if lesson.course in one.skills]
    return [one for one in free if lesson.language in one.languages]


def by_lesson(plan: Plan) -> Mapping[str, Sequence[str]]:
    found = defaultdict(list)
    for helper_id, lesson_id in sorted(plan.chosen):
        found[lesson_id].append(helper_id)
    return found
