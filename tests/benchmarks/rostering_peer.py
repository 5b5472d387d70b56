"""The roster's own rows and goals given to OR-Tools CP-SAT: the same program, the same order of goals, the same time."""

from __future__ import annotations

import time
from collections.abc import Mapping

from ortools.sat.python import cp_model

from lessons.roster_model import Problem
from lessons.roster_program import INFINITE, SPARE_LOAD, Program, program_of

WORKERS = 2
LEAST_S = 0.5


def solve_with_cp_sat(problem: Problem, limit_s: float) -> Mapping[str, object]:
    """What was reached for each goal, and how far the last one is from its proven bound at most."""
    began, cpu = time.monotonic(), time.process_time()
    program = program_of(problem)
    model, columns = _model(program)
    reached, gap, solver = dict[str, float](), 1.0, cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = WORKERS, 1
    for name, costs in program.goals:
        goal = sum(int(cost) * columns[n] for n, cost in costs.items())
        model.minimize(goal)
        solver.parameters.max_time_in_seconds = max(LEAST_S, limit_s - (time.monotonic() - began))
        if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return {"wall_s": round(time.monotonic() - began, 2), "stopped_at": name, "scores": reached}
        reached[name] = solver.objective_value
        gap = abs(solver.objective_value - solver.best_objective_bound) / max(1.0, abs(solver.objective_value))
        model.add(goal <= int(reached[name]) + (SPARE_LOAD if name == "load" else 0))
        model.clear_hints()
        for column in columns:
            model.add_hint(column, solver.value(column))
    return {
        "wall_s": round(time.monotonic() - began, 2),
        "cpu_s": round(time.process_time() - cpu, 2),
        "proven_gap": round(gap, 4),
        "scores": reached,
    }


def _model(program: Program) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    model = cp_model.CpModel()
    bounds = enumerate(zip(program.lower, program.upper, strict=True))
    columns = [model.new_int_var(int(low), int(high), f"c{n}") for n, (low, high) in bounds]
    for coefficients, least, most in program.rows:
        row = sum(int(value) * columns[n] for n, value in coefficients.items())
        if least != -INFINITE:
            model.add(row >= int(least))
        if most != INFINITE:
            model.add(row <= int(most))
    return model, columns
