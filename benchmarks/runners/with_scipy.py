"""scipy's ``linear_sum_assignment`` (a shortest augmenting path in C++)."""

from __future__ import annotations

from typing import Any

from harness import Answer, Problem, Way, serve
from scipy.optimize import linear_sum_assignment
from weights import allowed, worth


def _build(problem: Problem) -> Any:
    return problem, worth(problem)


def _solve(built: Any) -> Answer:
    problem, matrix = built
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    return Answer(allowed(problem, zip(rows, columns, strict=True)), "optimal")


if __name__ == "__main__":
    serve("scipy", {"assignment": Way(_build, _solve)})
