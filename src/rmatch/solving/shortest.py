"""Shortest ways of costs that are words: between all nodes of a dense graph, and to one node."""

from __future__ import annotations

import numpy as np

from rmatch.instance import IntArray
from rmatch.solving.clock import Clock
from rmatch.solving.residual_graph import NegativeCycleError
from rmatch.solving.words import FAR, ROOM, least_of_runs, less, lower
from rmatch.work import count


def close(ways: IntArray, clock: Clock) -> None:
    """Make the costs of arcs those of shortest ways, in place: Floyd and Warshall, a line a pivot.

    Every node has an arc to and from node 0, so that after the first pivot every way is finite;
    every value is at all times the cost of a way that meets no node twice.

    Args:
        ways: (words, nodes, nodes) cost of the arc from row to column, ``FAR`` where there is none,
            0 on the diagonal.
        clock: Looked at before every pivot.

    Raises:
        NegativeCycleError: as soon as there is a way round below 0.
        OutOfTimeError: the time was up.
    """
    diagonal = np.einsum("wii->wi", ways)
    through = np.empty_like(ways)
    count(ways=ways.shape[1] ** 3)
    for pivot in range(ways.shape[1]):
        clock.check()
        np.add(ways[:, :, pivot, None], ways[:, None, pivot, :], out=through)
        lower(ways, through)
        if less(diagonal, 0).any():
            raise NegativeCycleError


def ways_to(
    target: int, nodes: int, *, start: IntArray, end: IntArray, length: IntArray, clock: Clock
) -> IntArray:
    """(words, nodes) the cost of the shortest way to one node, ``FAR`` where there is none.

    Bellman and Ford from the target backwards, vectorised by rounds, sparse.

    Args:
        target: Where the ways lead.
        nodes: How many nodes there are.
        start: (arcs,) node each arc leaves.
        end: (arcs,) node it enters.
        length: (words, arcs) what it costs.
        clock: Looked at before every round.

    Raises:
        NegativeCycleError: there is a way round below 0 from which the target can be reached.
        OutOfTimeError: the time was up.
    """
    order = np.argsort(start, kind="stable")
    start, end, length = start[order], end[order], length[:, order]
    first = np.flatnonzero(np.diff(start, prepend=-1))
    found = np.full((len(length), nodes), FAR, dtype=np.int64)
    found[:, target] = 0
    for round_ in range(nodes + 1):
        clock.check()
        reached = found[0, end] != FAR
        through = np.where(reached, found[:, end] + length, FAR)
        best = least_of_runs(through, first) if len(first) else through
        nearer = less(best, found[:, start[first]])
        if not nearer.any():
            count(ways=(round_ + 1) * len(start))
            return found
        changed = start[first][nearer]
        found[:, changed] = best[:, nearer]
        # A way that meets no node twice never costs as much: what does went round below 0.
        if (np.abs(found[:, changed]) >= ROOM).any():
            break
    raise NegativeCycleError
