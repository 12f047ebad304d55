"""OR-Tools' ``SimpleLinearSumAssignment``; it calls rectangles infeasible, so they are padded."""

from __future__ import annotations

from typing import Any

import numpy as np
from harness import Answer, Problem, Way, serve
from ortools.graph.python import linear_sum_assignment
from weights import allowed, worth


def _build(problem: Problem) -> Any:
    matrix = worth(problem).astype(np.int64)
    n, m = matrix.shape
    size = max(n, m)
    padded = np.zeros((size, size), dtype=np.int64)
    padded[:n, :m] = -matrix
    rows, columns = np.divmod(np.arange(size * size), size)
    solver = linear_sum_assignment.SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(rows, columns, padded.ravel())
    return problem, solver, (n, m)


def _solve(built: Any) -> Answer:
    problem, solver, (n, m) = built
    if solver.solve() != solver.OPTIMAL:
        return Answer([], "failed")
    mates = [solver.right_mate(i) for i in range(n)]
    cells = [(i, j) for i, j in enumerate(mates) if j < m]
    return Answer(allowed(problem, cells), "optimal")


if __name__ == "__main__":
    serve("ortools", {"assignment": Way(_build, _solve)})
