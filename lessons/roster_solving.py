"""Works a roster out with HiGHS; without it somebody would sit over a table of names for six hours a month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Thread
from time import monotonic
from typing import Any, Final

import highspy
import numpy as np

from .roster_model import Plan, Problem
from .roster_program import INFINITE, SPARE_LOAD, Program, Row, program_of, tight_rows

TIME_LIMIT_S: Final = 10.0
ENOUGH_GAP: Final = 0.001
LEAST_S: Final = 0.5
OWN_SHARE: Final = 0.95  # of the time, by the solver's own clock; in the rest it comes to an end by itself
Values = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass
class _Stage:
    """One goal's result: what was reached, what could at best be reached, and the columns.

    `ended` is False where the solver was left behind in a step that nothing interrupts: it must not be touched again.
    """

    reached: float
    bound: float
    values: Values
    ended: bool = True


@dataclass(eq=False)
class _Incumbent:
    """The best solution so far and what could at best be reached, as the solver tells them while it works."""

    values: Values | None = None
    bound: float = -INFINITE

    def __call__(self, told: Any) -> None:
        self.values, self.bound = np.round(np.array(told.data_out.mip_solution)), float(told.data_out.mip_dual_bound)


def solve(problem: Problem, time_limit_s: float = TIME_LIMIT_S, enough_gap: float = ENOUGH_GAP) -> Plan:
    """The best roster found in the time, with the proven distance from the best of all. The same inputs give the same roster."""
    began = monotonic()
    program = program_of(problem)
    solver = _loaded(program)
    scores, stage = dict[str, float](), _Stage(0.0, 0.0, _as_it_stands(program, problem))
    for name, costs in program.goals:
        if stage.ended:
            left = max(LEAST_S, time_limit_s - (monotonic() - began))
            stage = _reach(solver, program, costs, stage, left, enough_gap if name == "comfort" else 0.0)
        else:
            stage = _Stage(_worth(stage.values, costs), -INFINITE, stage.values, ended=False)
        scores[name] = round(stage.reached, 6)
        if stage.ended:
            _hold(solver, name, costs, stage.reached)
        if stage.ended and name == "load":
            _add_rows(solver, tight_rows(program, problem, round(stage.reached) + SPARE_LOAD))
    gap = abs(stage.reached - max(0.0, stage.bound)) / max(1.0, abs(stage.reached))  # comfort costs nothing at best
    return _plan(problem, program, stage.values, scores, gap, monotonic() - began)


def _as_it_stands(program: Program, problem: Problem) -> Values:
    """The roster before anything is worked out: what is fixed, all else missing. Without time this is told, not that all is well."""
    values = np.array(program.lower, dtype=float)
    for lesson in problem.lessons:
        here = [problem.helper_of[helper_id] for helper_id, lesson_id in problem.fixed if lesson_id == lesson.id]
        values[program.short[lesson.id]] = max(0, lesson.need - len(here))
        if lesson.id in program.unskilled:
            values[program.unskilled[lesson.id]] = not any(lesson.course in one.skills for one in here)
        if lesson.id in program.unspoken:
            values[program.unspoken[lesson.id]] = not any(lesson.language in one.languages for one in here)
    stand = Counter(helper_id for helper_id, _ in problem.fixed)
    values[program.load] = max((one.past_classes + stand[one.id] for one in problem.helpers), default=0)
    return _tidied(program, values)


class _QuietHighs(highspy.Highs):
    """HiGHS prints a banner while it is being built, before any option can be set; a command that prints JSON cannot have that."""

    def enableCallbacks(self) -> None:  # their name
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]  # highspy tells no types here


def _loaded(program: Program) -> highspy.Highs:
    solver: highspy.Highs = _QuietHighs()  # type: ignore[no-untyped-call]  # highspy tells no types here
    for option, value in (("threads", 2), ("random_seed", 1)):
        solver.setOptionValue(option, value)
    solver.passModel(_matrix(program))
    return solver


def _matrix(program: Program) -> highspy.HighsLp:
    """The rows in the form HiGHS takes at once."""
    columns, rows = len(program.upper), program.rows
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, len(rows)
    lp.col_cost_ = np.zeros(columns)
    lp.col_lower_, lp.col_upper_ = np.array(program.lower, dtype=float), np.array(program.upper, dtype=float)
    lp.row_lower_ = np.array([_bounded(least) for _, least, _ in rows])
    lp.row_upper_ = np.array([_bounded(most) for _, _, most in rows])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = columns, len(rows)
    lp.a_matrix_.start_ = np.cumsum([0, *(len(coefficients) for coefficients, _, _ in rows)]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([column for coefficients, _, _ in rows for column in coefficients], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([value for coefficients, _, _ in rows for value in coefficients.values()], dtype=float)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * columns
    return lp


def _reach(
    solver: highspy.Highs, program: Program, costs: Mapping[int, float], before: _Stage, time_limit_s: float, enough_gap: float
) -> _Stage:
    """Minimise one goal under what the goals before it reached."""
    solver.changeColsCost(len(program.upper), np.arange(len(program.upper), dtype=np.int32), _costs(program, costs))
    solver.setOptionValue("time_limit", solver.getRunTime() + time_limit_s * OWN_SHARE)
    solver.setOptionValue("mip_rel_gap", enough_gap)
    if before.values.any():
        start = highspy.HighsSolution()
        start.col_value = _tidied(program, before.values).tolist()
        solver.setSolution(start)
    found_so_far = _Incumbent()
    solver.cbMipImprovingSolution.subscribe(found_so_far)
    if not _run(solver, time_limit_s):
        best = _tidied(program, before.values if found_so_far.values is None else found_so_far.values)
        return _Stage(_worth(best, costs), found_so_far.bound, best, ended=False)
    solver.cbMipImprovingSolution.unsubscribe(found_so_far)
    if _tells_the_start(solver, costs):
        solver.clearSolver()
        solver.run()
    info, found = solver.getInfo(), np.array(solver.getSolution().col_value)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible or not len(found):
        tidy = _tidied(program, before.values)
        return _Stage(_worth(tidy, costs), -INFINITE, tidy)
    values = np.round(found)
    return _Stage(_worth(values, costs), float(info.mip_dual_bound), values)


def _tells_the_start(solver: highspy.Highs, costs: Mapping[int, float]) -> bool:
    """HiGHS 1.16, given a start, may report the optimum and still hand out the start's columns where its presolve alone solved the rest."""
    found = np.array(solver.getSolution().col_value)
    return len(found) > 0 and _worth(np.round(found), costs) > solver.getInfo().objective_function_value + 0.5


def _run(solver: highspy.Highs, time_limit_s: float) -> bool:
    """Whether the solver ended in time. It looks at its clock between its steps only, and on a busy machine one may take half a minute.

    Left behind it ends by itself; the process waits for it before it goes (no daemon: HiGHS would abort the process).
    """
    running = Thread(target=solver.run, name="roster")
    running.start()
    running.join(time_limit_s)
    return not running.is_alive()


def _tidied(program: Program, values: Values) -> Values:
    """No face is counted in a series where nobody of that name comes: as long as it cost nothing, the solver left it anywhere."""
    tidy = values.copy()
    for face, places in program.faces.values():
        tidy[face] = values[places].max(initial=0.0)
    return tidy


def _hold(solver: highspy.Highs, name: str, costs: Mapping[int, float], reached: float) -> None:
    """From now on nothing may be worse in this goal; the load may be a little above the most even one."""
    most = reached + (SPARE_LOAD if name == "load" else 0) + 1e-6
    solver.addRow(-highspy.kHighsInf, most, len(costs), np.array(list(costs), dtype=np.int32), np.array(list(costs.values()), dtype=float))


def _add_rows(solver: highspy.Highs, rows: Sequence[Row]) -> None:
    for costs, least, most in rows:
        columns, values = np.array(list(costs), dtype=np.int32), np.array(list(costs.values()), dtype=float)
        solver.addRow(_bounded(least), _bounded(most), len(costs), columns, values)


def _plan(problem: Problem, program: Program, values: Values, scores: Mapping[str, float], gap: float, seconds: float) -> Plan:
    chosen = frozenset(pair for pair, column in program.place.items() if values[column] > 0.5)
    return Plan(
        chosen=chosen,
        short={lesson: round(values[column]) for lesson, column in program.short.items() if values[column] > 0.5},
        unskilled=frozenset(lesson for lesson, column in program.unskilled.items() if values[column] > 0.5),
        unspoken=frozenset(lesson for lesson, column in program.unspoken.items() if values[column] > 0.5),
        most_classes=round(values[program.load]) if program.load >= 0 and len(values) else 0,
        scores=scores,
        gap=gap,
        seconds=seconds,
    )


def _costs(program: Program, costs: Mapping[int, float]) -> Values:
    spread = np.zeros(len(program.upper))
    spread[list(costs)] = list(costs.values())
    return spread


def _worth(values: Values, costs: Mapping[int, float]) -> float:
    return float(sum(cost * values[column] for column, cost in costs.items()))


def _bounded(value: float) -> float:
    return value if abs(value) != INFINITE else float(np.copysign(highspy.kHighsInf, value))
