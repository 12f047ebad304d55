"""Closed sets of greatest weight, level by level: minimum cuts on the optimal face. Exact.

A closed set of a digraph holds, with a node, all that must come before it. One of greatest weight
is the source's side of a minimum cut (Picard, 1976). The closed sets that are optimal are again
those of a digraph: they hold what the source reaches in the residual graph of a maximum flow, hold
nothing that reaches the sink, and are closed under the residual arcs between the other nodes
(Picard and Queyranne, 1980). So each level is held exactly, without weights.
"""

from __future__ import annotations

import copy

import numpy as np

from rmatch.instance import MAX_TOTAL, BoolArray, IntArray
from rmatch.solving.flow import minimum_cut


class Closures:
    """The closed sets of a digraph that are optimal in all levels so far.

    Attributes:
        member: (size,) whether each node is in the smallest of them.
    """

    def __init__(self, size: int, before: IntArray, after: IntArray) -> None:
        """All closed sets.

        Args:
            size: How many nodes there are.
            before: (a,) nodes that must be in the set
            after: (a,) where these are.
        """
        self.member = np.zeros(size, dtype=bool)
        # What follows is of the nodes that some optimal sets hold and others do not.
        self._nodes = np.arange(size)
        self._before = before
        self._after = after

    def copy(self) -> Closures:
        """The same closed sets, to try something on."""
        other = copy.copy(self)
        other.member = self.member.copy()  # the other arrays are replaced, never changed
        return other

    def optimise(self, weights: IntArray) -> int:
        """Make the weight of the set most, hold it, and return it.

        Args:
            weights: (size,) any integers.

        Raises:
            OverflowError: weights above or below 0 that come to more than 2**62.
        """
        free = weights[self._nodes]
        if np.any(free):
            self._narrow(free)
        return sum(weights[self.member].tolist())

    def _narrow(self, weights: IntArray) -> None:
        # Python's integers: the sums are what is in doubt.
        more = sum(weights[weights > 0].tolist())
        if max(more, -sum(weights[weights < 0].tolist())) > MAX_TOTAL:
            raise OverflowError("the weights come to more than 2**62")
        gain, loss = np.maximum(weights, 0), np.maximum(-weights, 0)
        arcs, count = len(self._before), len(weights)
        nodes, source, sink = np.arange(count), count, count + 1
        cut = minimum_cut(
            count + 2,
            np.concatenate([self._after, np.full(count, source), nodes]),
            np.concatenate([self._before, nodes, np.full(count, sink)]),
            np.concatenate([np.full(arcs, more + 1), gain, loss]),
            source=source,
            sink=sink,
        )
        self.member[self._nodes[cut.source_side[:count]]] = True
        self._tie(cut.flow[:arcs] > 0)
        self._keep(~(cut.source_side | cut.sink_side)[:count])

    def _tie(self, full: BoolArray) -> None:
        """Flow can be sent back: an arc that has some binds both ways from now on."""
        before = np.concatenate([self._before, self._after[full]])
        after = np.concatenate([self._after, self._before[full]])
        size = max(1, len(self._nodes))
        arcs = np.unique(before * size + after)
        self._before, self._after = arcs // size, arcs % size

    def _keep(self, free: BoolArray) -> None:
        """Leave the nodes that are in all optimal sets, or in none."""
        new = np.cumsum(free) - 1
        inside = free[self._before] & free[self._after]
        self._before, self._after = new[self._before[inside]], new[self._after[inside]]
        self._nodes = self._nodes[free]
