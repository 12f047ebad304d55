"""What forcing every single pair costs: one pass of shortest paths over the residual graph.

The graph is contracted to the side with fewer matched people. Nodes are those people, and node 0
for free places: from i to k leads every person j of the other side who takes i and drops k. People
without a partner are entered from node 0 alone, and need no node.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.solving.clock import Clock
from rmatch.solving.residual_graph import NegativeCycleError, ResidualGraph, residual_graph
from rmatch.solving.shortest import close, ways_to
from rmatch.solving.words import FAR, least, less, lower


def forcing_costs(
    instance: Instance,
    chosen: Sequence[int],
    order: Sequence[str],
    clock: Clock | None = None,
) -> IntArray:
    """(E, levels): by how much each level gets worse where a pair is forced; 0 for pairs made.

    Exact for every pair that can be made at all beside those that must be
    (``properties.feasibility.undecided``), and 0 for the others.

    Args:
        instance: The problem, without hard quotas.
        chosen: The pairs of a matching that is best at these levels, those that must be made too.
        order: At least one level: linear sums all (``linear_prefix``), without the tie-break.
        clock: Looked at now and then.

    Raises:
        NegativeCycleError: the matching is not the best at these levels.
        OutOfTimeError: the time was up.
        OverflowError: sums too large for 64 bits.
        ValueError: a level that is no linear sum, no level, a tie-break, or hard quotas.
    """
    clock = clock or Clock()
    graph = residual_graph(instance, chosen, order, clock)
    found = np.zeros((instance.n_pairs, len(order)), dtype=np.int64)
    if len(graph.pairs):
        prices = _Contracted.of(_with_fewer_nodes(graph)).prices(clock)
        found[graph.pairs] = _checked(graph, prices).T
    return found


def forcing_costs_of(
    instance: Instance,
    chosen: Sequence[int],
    order: Sequence[str],
    pairs: IntArray,
    clock: Clock | None = None,
) -> IntArray:
    """(E, levels): the same for all pairs of one person, and 0 for everybody else's; sparse.

    For ``pairs``, indices of all pairs of that person. Everything else is as in
    :func:`forcing_costs`.
    """
    clock = clock or Clock()
    graph = residual_graph(instance, chosen, order, clock)
    found = np.zeros((instance.n_pairs, len(order)), dtype=np.int64)
    mine = np.flatnonzero(np.isin(graph.pairs, pairs))
    if len(mine):
        alone = len(np.unique(graph.own[mine])) == 1
        prices = _to_one(graph if alone else graph.flipped(), mine, clock)
        found[graph.pairs[mine]] = _checked(graph, prices).T
    return found


def _with_fewer_nodes(graph: ResidualGraph) -> ResidualGraph:
    own, other = graph.own_side.has_partner, graph.other_side.has_partner
    return graph if np.count_nonzero(own) <= np.count_nonzero(other) else graph.flipped()


def _checked(graph: ResidualGraph, prices: IntArray) -> IntArray:
    """(levels, pairs) prices by level; none is below 0 where the matching is the best."""
    if less(prices, 0).any():
        raise NegativeCycleError
    return graph.packing.unpack(prices)


def _to_one(graph: ResidualGraph, pairs: IntArray, clock: Clock) -> IntArray:
    """(words, pairs) the prices of some pairs of one person of the own side."""
    n, free = graph.n_own, graph.n_own + graph.n_other
    is_made = np.zeros(len(graph.own), dtype=bool)
    is_made[graph.best] = True
    own, other = graph.own_side, graph.other_side
    arcs = [
        (graph.own[~is_made], n + graph.other[~is_made], graph.pair[:, ~is_made]),
        (n + graph.other[is_made], graph.own[is_made], -graph.pair[:, is_made]),
    ]
    for mask, people, cost, leaves in (
        (own.has_room, np.arange(n), own.more, False),
        (own.has_partner, np.arange(n), own.less, True),
        (other.has_room, n + np.arange(graph.n_other), other.more, True),
        (other.has_partner, n + np.arange(graph.n_other), other.less, False),
    ):
        ends = people[mask], np.full(int(mask.sum()), free)
        arcs.append((*(ends if leaves else ends[::-1]), cost[:, mask]))
    start, end = (np.concatenate([arc[at] for arc in arcs]) for at in (0, 1))
    length = np.concatenate([arc[2] for arc in arcs], axis=1)
    target = int(graph.own[pairs[0]])
    back = ways_to(target, free + 1, start=start, end=end, length=length, clock=clock)
    prices = graph.pair[:, pairs] + back[:, n + graph.other[pairs]]
    prices[:, is_made[pairs]] = 0
    return prices


@dataclass(frozen=True, slots=True)
class _Contracted:
    """A residual graph as dense tables.

    ``dense``: (words, own, other) what each pair costs. ``is_open``: (own, other) whether they are
    a pair that is not made.
    """

    graph: ResidualGraph
    dense: IntArray
    is_open: BoolArray

    @classmethod
    def of(cls, graph: ResidualGraph) -> _Contracted:
        """From the lists of pairs."""
        shape = graph.n_own, graph.n_other
        dense = np.zeros((len(graph.pair), *shape), dtype=np.int64)
        dense[:, graph.own, graph.other] = graph.pair
        is_open = np.zeros(shape, dtype=bool)
        is_open[graph.own, graph.other] = True
        is_open[graph.own[graph.best], graph.other[graph.best]] = False
        return cls(graph, dense, is_open)

    def prices(self, clock: Clock) -> IntArray:
        """(words, E) the least cost of a cycle through each pair; 0 for pairs made."""
        nodes = np.flatnonzero(self.graph.own_side.has_partner)
        ways = self._arcs(nodes)
        close(ways, clock)
        back = self._ways_back(nodes, self._to_everybody(nodes, ways), clock)
        prices = self.graph.pair + back[:, self.graph.other, self.graph.own]
        prices[:, self.graph.best] = 0
        return prices

    def _arcs(self, nodes: IntArray) -> IntArray:
        """(words, nodes + 1, nodes + 1) the contracted graph, node 0 first."""
        count = len(nodes) + 1
        ways = np.full((len(self.graph.pair), count, count), FAR, dtype=np.int64)
        ways[:, 1:, 0], ways[:, 0, 1:] = self._leaving()[:, nodes], self._entering()[:, nodes]
        place = np.zeros(self.graph.n_own, dtype=np.int64)
        place[nodes] = np.arange(1, count)
        for made in self.graph.best.tolist():
            i, j = self.graph.own[made], self.graph.other[made]
            through = self.dense[:, nodes, j] - self.graph.pair[:, made, None]
            lower(ways[:, 1:, place[i]], through, self.is_open[nodes, j])
        steps = np.arange(count)
        ways[:, steps, steps] = 0
        return ways

    def _leaving(self) -> IntArray:
        """(words, own) from each person to node 0: a partner dropped, or a free place taken."""
        free = self.is_open & self.graph.other_side.has_room
        leaving = least(self.dense + self.graph.other_side.more[:, None, :], free)
        lower(leaving, self.graph.own_side.less, self.graph.own_side.has_partner)
        return leaving

    def _entering(self) -> IntArray:
        """(words, own) from node 0 to each person with a partner.

        They have a place more, or one of theirs drops them: for nobody, or for somebody with room.
        """
        side = self.graph.own_side
        free = (self.is_open & side.has_room[:, None]).T
        dropped = least((self.dense + side.more[:, :, None]).swapaxes(1, 2), free)
        lower(dropped, self.graph.other_side.less, self.graph.other_side.has_partner)
        entering = np.full(side.more.shape, FAR, dtype=np.int64)
        lower(entering, side.more, side.has_room)
        for made in self.graph.best.tolist():
            i, j = self.graph.own[made], self.graph.other[made]
            lower(entering[:, i, None], (dropped[:, j] - self.graph.pair[:, made])[:, None])
        return entering

    def _to_everybody(self, nodes: IntArray, ways: IntArray) -> IntArray:
        """(words, nodes + 1, own) from each node to each person; those alone through node 0."""
        ends = ways[:, :, :1] + self.graph.own_side.more[:, None, :]
        ends[:, :, nodes] = ways[:, :, 1:]
        return ends

    def _ways_back(self, nodes: IntArray, ends: IntArray, clock: Clock) -> IntArray:
        """(words, other, own) from each of the other side to each person of this one."""
        place = np.zeros(self.graph.n_own, dtype=np.int64)
        place[nodes] = np.arange(1, len(nodes) + 1)
        count = self.graph.n_other
        back = np.full((len(self.graph.pair), count, ends.shape[2]), FAR, dtype=np.int64)
        for j in np.flatnonzero(self.graph.other_side.has_room).tolist():
            back[:, j] = ends[:, 0] + self.graph.other_side.more[:, j, None]
        for made in self.graph.best.tolist():
            clock.check()
            through = ends[:, place[self.graph.own[made]]] - self.graph.pair[:, made, None]
            lower(back[:, self.graph.other[made]], through)
        return back
