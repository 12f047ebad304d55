"""networkx's ``max_weight_matching`` (blossoms in pure Python): for any graph, hence slower."""

from __future__ import annotations

from typing import Any

import networkx
from harness import Answer, Problem, Way, serve


def _build(problem: Problem) -> Any:
    graph = networkx.Graph()
    n = len(problem["score"])
    graph.add_weighted_edges_from(
        (i, n + j, score)
        for i, row in enumerate(problem["score"])
        for j, score in enumerate(row)
        if score is not None
    )
    return graph, n


def _solve(built: Any) -> Answer:
    graph, n = built
    matched = networkx.max_weight_matching(graph, maxcardinality=True)
    return Answer([(min(pair), max(pair) - n) for pair in matched], "optimal")


if __name__ == "__main__":
    serve("networkx", {"assignment": Way(_build, _solve)})
