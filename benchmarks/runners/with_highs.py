"""HiGHS as it comes with OR-Tools (``math_opt``), with a gap of 0."""

from __future__ import annotations

import datetime
import sys
from typing import Any

from harness import Answer, Problem, Way, serve
from ortools.math_opt.python import mathopt
from peer_questions import ties
from weights import bonus

CAP = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0


def _build(problem: Problem) -> Any:
    model: Any = mathopt.Model()
    extra = bonus(problem)
    variables: dict[tuple[int, int], Any] = {}
    rows, columns = len(problem["score"]), len(problem["score"][0])
    sides = [
        [model.add_linear_constraint(ub=1.0) for _ in range(count)] for count in (rows, columns)
    ]
    model.objective.is_maximize = True
    for i, row in enumerate(problem["score"]):
        for j, score in enumerate(row):
            if score is not None:
                x = variables[i, j] = model.add_binary_variable()
                sides[0][i].set_coefficient(x, 1.0)
                sides[1][j].set_coefficient(x, 1.0)
                model.objective.set_linear_coefficient(x, extra + score)
    return model, variables


def _solve(built: Any) -> Answer:
    model, variables = built
    parameters = mathopt.SolveParameters(
        time_limit=datetime.timedelta(seconds=CAP), relative_gap_tolerance=0.0
    )
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        return Answer([], "capped")
    values = result.variable_values(list(variables.values()))
    chosen = [cell for cell, x in zip(variables, values, strict=True) if x > 0.5]
    return Answer(chosen, "optimal")


if __name__ == "__main__":
    serve("ortools", {"assignment": Way(_build, _solve), "ties": ties("highs", CAP)})
