"""OR-Tools' ``SimpleMinCostFlow``: the largest flow first, then the cheapest, in one call."""

from __future__ import annotations

from typing import Any

import numpy as np
from harness import Answer, Problem, Way, serve
from ortools.graph.python import min_cost_flow


def _build(problem: Problem) -> Any:
    scores = np.array(problem["score"], dtype=float)
    n, m = scores.shape
    rows, columns = np.nonzero(~np.isnan(scores))
    source, sink = n + m, n + m + 1
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        rows, n + columns, np.ones(len(rows), dtype=np.int64), -scores[rows, columns].astype(int)
    )
    for tails, heads in (
        (np.full(n, source), np.arange(n)),
        (n + np.arange(m), np.full(m, sink)),
    ):
        ones, zeros = np.ones(len(tails), dtype=np.int64), np.zeros(len(tails), dtype=np.int64)
        solver.add_arcs_with_capacity_and_unit_cost(tails, heads, ones, zeros)
    solver.set_node_supply(source, min(n, m))
    solver.set_node_supply(sink, -min(n, m))
    return solver, arcs, rows, columns


def _solve(built: Any) -> Answer:
    solver, arcs, rows, columns = built
    if solver.solve_max_flow_with_min_cost() != solver.OPTIMAL:
        return Answer([], "failed")
    used = solver.flows(arcs) > 0
    pairs = zip(rows[used].tolist(), columns[used].tolist(), strict=True)
    return Answer(list(pairs), "optimal")


if __name__ == "__main__":
    serve("ortools", {"assignment": Way(_build, _solve)})
