"""lapx's ``lapjv`` (Jonker and Volgenant in C++), which pads to a square by itself."""

from __future__ import annotations

from typing import Any

import lap
from harness import Answer, Problem, Way, serve
from weights import allowed, worth


def _build(problem: Problem) -> Any:
    matrix = worth(problem)
    return problem, matrix.max(initial=0) - matrix


def _solve(built: Any) -> Answer:
    problem, costs = built
    _, columns, _ = lap.lapjv(costs, extend_cost=True)
    cells = [(i, j) for i, j in enumerate(columns) if j >= 0]
    return Answer(allowed(problem, cells), "optimal")


if __name__ == "__main__":
    serve("lapx", {"assignment": Way(_build, _solve)})
