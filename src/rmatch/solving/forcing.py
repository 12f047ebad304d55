"""What forcing every single pair costs, from one pass of shortest paths over the residual graph.

The best matching with a pair differs from the best matching by one cycle of the residual graph
through that pair: the pair itself, and the shortest way back from its mentee to its mentor (Ahuja,
Magnanti and Orlin, *Network Flows*, 1993, ch. 3 and 9). Costs are vectors, one entry a level, added
and compared from the left; such vectors are an ordered group, all that shortest paths need.

The graph is contracted to the smaller side. Nodes are its people with a partner, and node 0 for
"a place that is free": from i to k leads every person j of the other side who takes i and drops k.
Source and sink are one node, for the arc from sink to source costs nothing. People without a
partner are entered from node 0 alone, and need no node.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.properties.feasibility import loads
from rmatch.solving.clock import Clock
from rmatch.solving.objectives import REGISTRY
from rmatch.solving.shortest import NegativeCycleError, close
from rmatch.solving.state import State
from rmatch.solving.steps import Make
from rmatch.solving.words import FAR, Packing, least, less, lower, packing


def linear_prefix(instance: Instance, order: Sequence[str]) -> tuple[str, ...]:
    """The first levels of an order that are linear sums over a flow; none with hard quotas."""
    if any(quota.price is None for quota in instance.quotas):
        return ()
    makes = [REGISTRY[name].make for name in order]
    return tuple(order[: makes.index(None) if None in makes else len(makes)])


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
        order: The levels: linear sums all (:func:`linear_prefix`), without the tie-break.
        clock: Looked at now and then.

    Raises:
        NegativeCycleError: the matching is not the best at these levels.
        OutOfTimeError: the time was up.
        OverflowError: sums too large for 64 bits.
        ValueError: a level that is no linear sum, a tie-break, or hard quotas.
    """
    makes = [make for name in linear_prefix(instance, order) if (make := REGISTRY[name].make)]
    if len(makes) < len(order) or "tie_break" in order:
        raise ValueError("one pass does for linear levels without hard quotas or a tie-break only")
    clock = clock or Clock()
    state = State(instance, 0, clock)
    state.take_whole(np.asarray(chosen, dtype=np.int64))
    found = np.zeros((instance.n_pairs, len(order)), dtype=np.int64)
    core, best = state.core, state.best
    if core.n_pairs == 0 or not makes:
        return found
    prices = _prices(core, best, _side_costs(state, makes), clock)
    found[state.pairs] = prices.T
    return found


@dataclass(frozen=True, slots=True)
class _Costs:
    """What each level charges, to be made least: (levels, E), (levels, n), (levels, m)."""

    pair: IntArray
    own: IntArray
    other: IntArray

    def flipped(self) -> _Costs:
        """With the sides changed over."""
        return _Costs(self.pair, self.other, self.own)

    def packing(self, nodes: int) -> Packing:
        """Words in which every way of that many nodes fits, twice over and closed to a cycle.

        An arc between people is the difference of two pairs' costs; an arc to or from node 0 is at
        most ``edge``; a way that meets no node twice passes node 0 once.
        """
        span = [int(row.max() - row.min()) for row in self.pair]
        edge = [
            most + int(np.abs(row).max()) + int(np.abs(own).max()) + int(np.abs(other).max())
            for most, row, own, other in zip(span, self.pair, self.own, self.other, strict=True)
        ]
        reaches = [2 * nodes * most + 6 * side for most, side in zip(span, edge, strict=True)]
        return packing(reaches)


def _side_costs(state: State, makes: Sequence[Make]) -> _Costs:
    terms = [state.terms(make) for make in makes]
    return _Costs(
        -np.stack([one.pair for one in terms]),
        -np.stack([one.mentor for one in terms]),
        -np.stack([one.mentee for one in terms]),
    )


def _prices(core: Instance, best: IntArray, costs: _Costs, clock: Clock) -> IntArray:
    """(levels, E) of the core."""
    own, other = core.mentor, core.mentee
    load, other_load = loads(core, best)
    places, other_places = core.mentor_capacity, core.mentee_capacity
    if core.n_mentors > core.n_mentees:
        own, other, costs = other, own, costs.flipped()
        load, other_load = other_load, load
        places, other_places = other_places, places
    packed = costs.packing(int(np.count_nonzero(load)) + 1)
    pair = packed.pack(costs.pair)
    graph = _Graph(
        own=own,
        other=other,
        best=best,
        pair=pair,
        dense=_dense(pair, own, other, (len(load), len(other_load))),
        is_open=_is_open(own, other, best, (len(load), len(other_load))),
        own_side=_Side.of(packed.pack(costs.own), load, places),
        other_side=_Side.of(packed.pack(costs.other), other_load, other_places),
    )
    prices = graph.prices(clock)
    if less(prices, 0).any():
        raise NegativeCycleError
    return packed.unpack(prices)


def _dense(pair: IntArray, own: IntArray, other: IntArray, shape: tuple[int, int]) -> IntArray:
    table = np.zeros((len(pair), *shape), dtype=np.int64)
    table[:, own, other] = pair
    return table


def _is_open(own: IntArray, other: IntArray, best: IntArray, shape: tuple[int, int]) -> BoolArray:
    """(own, other): whether they are an acceptable pair that is not made."""
    table = np.zeros(shape, dtype=bool)
    table[own, other] = True
    table[own[best], other[best]] = False
    return table


@dataclass(frozen=True, slots=True)
class _Side:
    """One side's arcs to and from node 0: a place more, a place less.

    ``more`` and ``less``: (words, people). The first place taken, or the last given up, is what
    the levels that count people charge for; no level charges anybody for being matched.
    """

    has_room: BoolArray
    has_partner: BoolArray
    more: IntArray
    less: IntArray

    @classmethod
    def of(cls, person: IntArray, load: IntArray, places: IntArray) -> _Side:
        """From what each person's first place costs."""
        return cls(
            has_room=load < places,
            has_partner=load > 0,
            more=np.where(load == 0, person, 0),
            less=np.where(load == 1, -person, 0),
        )


@dataclass(frozen=True, slots=True)
class _Graph:
    """The residual graph of a matching, before it is contracted to one side ("own")."""

    own: IntArray
    other: IntArray
    best: IntArray
    pair: IntArray
    dense: IntArray
    """(words, own, other) what each pair costs."""
    is_open: BoolArray
    own_side: _Side
    other_side: _Side

    def prices(self, clock: Clock) -> IntArray:
        """(words, E) the least cost of a cycle through each pair; 0 for pairs made."""
        nodes = np.flatnonzero(self.own_side.has_partner)
        ways = self._arcs(nodes)
        close(ways, clock)
        back = self._ways_back(nodes, self._to_everybody(nodes, ways), clock)
        prices = self.pair + back[:, self.other, self.own]
        prices[:, self.best] = 0
        return prices

    def _arcs(self, nodes: IntArray) -> IntArray:
        """(words, nodes + 1, nodes + 1) the contracted graph, node 0 first."""
        count = len(nodes) + 1
        ways = np.full((len(self.pair), count, count), FAR, dtype=np.int64)
        ways[:, 1:, 0], ways[:, 0, 1:] = self._leaving()[:, nodes], self._entering()[:, nodes]
        place = np.zeros(len(self.own_side.has_partner), dtype=np.int64)
        place[nodes] = np.arange(1, count)
        for made in self.best.tolist():
            i, j = self.own[made], self.other[made]
            through = self.dense[:, nodes, j] - self.pair[:, made, None]
            lower(ways[:, 1:, place[i]], through, self.is_open[nodes, j])
        steps = np.arange(count)
        ways[:, steps, steps] = 0
        return ways

    def _leaving(self) -> IntArray:
        """(words, own) from each person to node 0: a partner dropped, or a free place taken."""
        free = self.is_open & self.other_side.has_room
        leaving = least(self.dense + self.other_side.more[:, None, :], free)
        lower(leaving, self.own_side.less, self.own_side.has_partner)
        return leaving

    def _entering(self) -> IntArray:
        """(words, own) from node 0 to each person with a partner.

        They have a place more, or one of theirs drops them: for nobody, or for somebody with room.
        """
        side = self.own_side
        free = (self.is_open & side.has_room[:, None]).T
        dropped = least((self.dense + side.more[:, :, None]).swapaxes(1, 2), free)
        lower(dropped, self.other_side.less, self.other_side.has_partner)
        entering = np.full(side.more.shape, FAR, dtype=np.int64)
        lower(entering, side.more, side.has_room)
        for made in self.best.tolist():
            i, j = self.own[made], self.other[made]
            lower(entering[:, i, None], (dropped[:, j] - self.pair[:, made])[:, None])
        return entering

    def _to_everybody(self, nodes: IntArray, ways: IntArray) -> IntArray:
        """(words, nodes + 1, own) from each node to each person; those alone through node 0."""
        ends = ways[:, :, :1] + self.own_side.more[:, None, :]
        ends[:, :, nodes] = ways[:, :, 1:]
        return ends

    def _ways_back(self, nodes: IntArray, ends: IntArray, clock: Clock) -> IntArray:
        """(words, other, own) from each of the other side to each person of this one."""
        place = np.zeros(len(self.own_side.has_partner), dtype=np.int64)
        place[nodes] = np.arange(1, len(nodes) + 1)
        count = len(self.other_side.has_room)
        back = np.full((len(self.pair), count, ends.shape[2]), FAR, dtype=np.int64)
        for j in np.flatnonzero(self.other_side.has_room).tolist():
            back[:, j] = ends[:, 0] + self.other_side.more[:, j, None]
        for made in self.best.tolist():
            clock.check()
            through = ends[:, place[self.own[made]]] - self.pair[:, made, None]
            lower(back[:, self.other[made]], through)
        return back
