"""A roster as a program of rows and columns that any solver for whole numbers can read; without it no two solvers could be compared.

Goals are reached one after the other, each held before the next: cover, then moving nobody, skill, language, an even load, and last the
comfort of it: the same faces in a series, the hours people like, short ways.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from .roster_model import FIRST_LANGUAGE, Lesson, Pair, Problem

NEW_FACE: Final = 60  # one more person in a series weighs more than any hour or way
NOT_PREFERRED: Final = 8
MINUTES_A_POINT: Final = 10
SPARE_LOAD: Final = 1  # above the most even load: room for the same faces
Row = tuple[Mapping[int, float], float, float]  # coefficients, at least, at most
INFINITE: Final = float("inf")


@dataclass
class Program:
    """Columns are whole numbers from 0 up to `upper`. `goals` are (name, costs) in their order; `row` adds a condition."""

    upper: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    goals: list[tuple[str, Mapping[int, float]]] = field(default_factory=list)
    place: dict[Pair, int] = field(default_factory=dict)
    short: dict[str, int] = field(default_factory=dict)
    unskilled: dict[str, int] = field(default_factory=dict)
    unspoken: dict[str, int] = field(default_factory=dict)
    load: int = -1
    faces: dict[tuple[str, str], tuple[int, list[int]]] = field(default_factory=dict)  # (helper, series): its column, its places

    def column(self, upper: float, lower: float = 0) -> int:
        self.upper.append(upper)
        self.lower.append(lower)
        return len(self.upper) - 1

    def row(self, coefficients: Mapping[int, float], least: float, most: float) -> None:
        self.rows.append((coefficients, least, most))


def program_of(problem: Problem) -> Program:
    program = Program()
    for pair in problem.pairs:
        program.place[pair] = program.column(1, 1 if pair in problem.fixed else 0)
    by_lesson, by_helper = _grouped(problem)
    for lesson in problem.lessons:
        _lesson(program, problem, lesson, by_lesson[lesson.id])
    for helper_id, lessons in by_helper.items():
        _limits(program, problem, helper_id, lessons)
        _clashes(program, problem, helper_id, lessons)
    _load(program, problem, by_helper)
    _goals(program, problem, by_helper)
    return program


def _grouped(problem: Problem) -> tuple[Mapping[str, list[str]], Mapping[str, list[Lesson]]]:
    by_lesson: dict[str, list[str]] = defaultdict(list)
    by_helper: dict[str, list[Lesson]] = defaultdict(list)
    for helper_id, lesson_id in problem.pairs:
        by_lesson[lesson_id].append(helper_id)
        by_helper[helper_id].append(problem.lesson_of[lesson_id])
    return by_lesson, by_helper


def _lesson(program: Program, problem: Problem, lesson: Lesson, helpers: Sequence[str]) -> None:
    """As many as are needed, one who knows the course, one who speaks the language; what is missing is counted."""
    everybody = {program.place[(one, lesson.id)]: 1.0 for one in helpers}
    standing = sum((one, lesson.id) in problem.fixed for one in helpers)
    program.short[lesson.id] = program.column(lesson.need)
    program.row({**everybody, program.short[lesson.id]: 1.0}, lesson.need, max(lesson.need, standing))
    if lesson.need:
        able = [one for one in helpers if lesson.course in problem.helper_of[one].skills]
        program.unskilled[lesson.id] = program.column(1)
        program.row(_one_of(program, able, lesson, program.unskilled[lesson.id]), 1, INFINITE)
    if lesson.need and lesson.language != FIRST_LANGUAGE:
        speaking = [one for one in helpers if lesson.language in problem.helper_of[one].languages]
        program.unspoken[lesson.id] = program.column(1)
        program.row(_one_of(program, speaking, lesson, program.unspoken[lesson.id]), 1, INFINITE)


def _one_of(program: Program, helpers: Iterable[str], lesson: Lesson, missing: int) -> dict[int, float]:
    return {missing: 1.0, **{program.place[(one, lesson.id)]: 1.0 for one in helpers}}


def _limits(program: Program, problem: Problem, helper_id: str, lessons: Sequence[Lesson]) -> None:
    """Hours in a week and classes in a day; what already stands is never undone by a limit."""
    helper = problem.helper_of[helper_id]
    weeks, days = defaultdict(list), defaultdict(list)
    for lesson in lessons:
        weeks[lesson.week].append(lesson)
        days[lesson.day].append(lesson)
    for week in weeks.values():
        fixed = sum(one.minutes for one in week if (helper_id, one.id) in problem.fixed)
        if sum(one.minutes for one in week) > helper.max_minutes_week:
            minutes = {program.place[(helper_id, one.id)]: float(one.minutes) for one in week}
            program.row(minutes, 0, max(helper.max_minutes_week, fixed))
    for day in days.values():
        fixed = sum((helper_id, one.id) in problem.fixed for one in day)
        if len(day) > helper.max_per_day:
            program.row({program.place[(helper_id, one.id)]: 1.0 for one in day}, 0, max(helper.max_per_day, fixed))


def _clashes(program: Program, problem: Problem, helper_id: str, lessons: Sequence[Lesson]) -> None:
    """Nobody is at two places at once: one row for each group of classes that all clash with one another."""
    days: dict[object, list[Lesson]] = defaultdict(list)
    for lesson in sorted(lessons, key=lambda one: (one.start, one.id)):
        days[lesson.day].append(lesson)
    for day in days.values():
        for group in _cliques(day, problem):
            fixed = sum((helper_id, one) in problem.fixed for one in group)
            program.row({program.place[(helper_id, one)]: 1.0 for one in group}, 0, max(1, fixed))


def _cliques(day: Sequence[Lesson], problem: Problem) -> list[frozenset[str]]:
    """Groups that cover every clashing pair, grown greedily; fewer and tighter rows than one for each pair."""
    pairs = {
        frozenset((a.id, b.id)) for a, b in combinations(day, 2) if (a.id, b.id) in problem.clashing or (b.id, a.id) in problem.clashing
    }
    groups, left = [], sorted(pairs, key=sorted)
    while left:
        group = set(left[0])
        for lesson in day:
            if all(frozenset((lesson.id, one)) in pairs for one in group if one != lesson.id):
                group.add(lesson.id)
        groups.append(frozenset(group))
        left = [pair for pair in left if not pair <= group]
    return groups


def _load(program: Program, problem: Problem, by_helper: Mapping[str, Sequence[Lesson]]) -> None:
    """`load` is at least everybody's number of classes, those of the past quarter included."""
    most = max((one.past_classes for one in problem.helpers), default=0) + len(problem.lessons)
    program.load = program.column(most)
    for helper_id, lessons in by_helper.items():
        own = {program.place[(helper_id, one.id)]: 1.0 for one in lessons}
        program.row({**own, program.load: -1.0}, -INFINITE, -problem.helper_of[helper_id].past_classes)


def _goals(program: Program, problem: Problem, by_helper: Mapping[str, Sequence[Lesson]]) -> None:
    program.goals.append(("cover", dict.fromkeys(program.short.values(), 1.0)))
    if problem.kept:
        program.goals.append(("moved", {program.place[pair]: -1.0 for pair in sorted(problem.kept)}))
    program.goals.append(("skill", dict.fromkeys(program.unskilled.values(), 1.0)))
    if program.unspoken:
        program.goals.append(("language", dict.fromkeys(program.unspoken.values(), 1.0)))
    program.goals.append(("load", {program.load: 1.0}))
    program.goals.append(("comfort", _comfort(program, problem, by_helper)))


def _comfort(program: Program, problem: Problem, by_helper: Mapping[str, Sequence[Lesson]]) -> Mapping[int, float]:
    costs: dict[int, float] = {}
    for pair, fit in problem.fits.items():
        costs[program.place[pair]] = (0 if fit.preferred else NOT_PREFERRED) + fit.travel // MINUTES_A_POINT
    for helper_id, lessons in by_helper.items():
        series: dict[str, list[Lesson]] = defaultdict(list)
        for lesson in lessons:
            series[lesson.series].append(lesson)
        for lessons_of, members in series.items():
            face = program.column(1)
            costs[face] = NEW_FACE
            program.faces[(helper_id, lessons_of)] = (face, [program.place[(helper_id, one.id)] for one in members])
            for lesson in members:
                program.row({face: 1.0, program.place[(helper_id, lesson.id)]: -1.0}, 0, INFINITE)
    return costs


def tight_rows(program: Program, problem: Problem, most_classes: int) -> Sequence[Row]:
    """Conditions that follow for whole numbers once nobody has more than `most_classes`; a solver proves three times faster with them.

    Who may take r classes more takes at most r in one series, so x ≤ r · face. And of series with m classes, r = q·m + p, the first q faces
    bring m classes each and one more brings p: x ≤ q·(m - p) + p · faces (a mixed-integer rounding cut, Marchand and Wolsey 2001).
    """
    by_helper: dict[str, list[tuple[int, list[int]]]] = defaultdict(list)
    for (helper_id, _), series in program.faces.items():
        by_helper[helper_id].append(series)
    rows: list[Row] = []
    for helper_id, own in by_helper.items():
        left = most_classes - problem.helper_of[helper_id].past_classes
        if left > 0:
            rows += [({**dict.fromkeys(places, 1.0), face: -float(left)}, -INFINITE, 0.0) for face, places in own if len(places) > left]
            rows += _rounded(own, left)
    return rows


def _rounded(own: Sequence[tuple[int, list[int]]], left: int) -> Sequence[Row]:
    longest = max(len(places) for _, places in own)
    full, rest = divmod(left, longest)
    if rest == 0 or sum(len(places) for _, places in own) <= left:
        return ()
    row = {place: 1.0 for _, places in own for place in places} | {face: -float(rest) for face, _ in own}
    return [(row, -INFINITE, float(full * (longest - rest)))]
