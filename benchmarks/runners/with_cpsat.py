"""CP-SAT by ``cp_model`` as it comes: default parameters, a worker per core."""

from __future__ import annotations

import sys
from typing import Any

from harness import Answer, Problem, Way, serve
from ortools.sat.python import cp_model
from peer_questions import ties
from weights import bonus

CAP = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0


def _build(problem: Problem) -> Any:
    model: Any = cp_model.CpModel()
    cells = {
        (i, j): score
        for i, row in enumerate(problem["score"])
        for j, score in enumerate(row)
        if score is not None
    }
    variables = {cell: model.new_bool_var("") for cell in cells}
    for side in (0, 1):
        of: dict[int, list[Any]] = {}
        for cell, variable in variables.items():
            of.setdefault(cell[side], []).append(variable)
        for mine in of.values():
            model.add_at_most_one(mine)
    extra = bonus(problem)
    weights = [extra + score for score in cells.values()]
    model.maximize(cp_model.LinearExpr.weighted_sum(list(variables.values()), weights))
    return model, variables


def _solve(built: Any) -> Answer:
    model, variables = built
    solver: Any = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = CAP
    if solver.solve(model) != cp_model.OPTIMAL:
        return Answer([], "capped")
    return Answer([cell for cell, x in variables.items() if solver.value(x)], "optimal")


if __name__ == "__main__":
    serve("ortools", {"assignment": Way(_build, _solve), "ties": ties("cpsat", CAP)})
