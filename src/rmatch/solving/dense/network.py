"""Levels of a dense network: a flow over few of its pairs, priced and repaired.

The cheapest flow over some arcs has prices; where no other arc costs less than they say, the flow
is the cheapest of all, and they are the very prices that all arcs together would give: the greatest
of those that are nowhere above 0, with fewer conditions or with more.
"""

from __future__ import annotations

import numpy as np

from rmatch.instance import IntArray
from rmatch.solving import flow
from rmatch.solving.dense.assignment import EACH, MOST, ROUNDS
from rmatch.solving.dense.pricing import guess
from rmatch.solving.dense.table import Numbers, Table, cells_above, joined
from rmatch.solving.potentials import potentials
from rmatch.solving.terms import Terms

ENOUGH = 8 * EACH
"""Pairs a person, from which on most of them are left out."""

SHORT = 2**28
"""Scores below this are kept in 32 bits."""

THIN = 4
"""The table of all pairs, acceptable or not, has at most so many times those in question."""


def optimise(network: flow.Network, terms: Terms) -> int:
    """Make ``terms`` most over the free arcs, hold it, and return its value.

    As :func:`rmatch.solving.flow.optimise` does, with the same value, prices and arcs that are
    free afterwards.
    """
    if not _is_dense(network):
        return flow.optimise(network, terms)
    cost = network.cost(terms)
    if not cost[network.free].any():
        return flow.optimise(network, terms)
    flow.hold(network, cost, _repaired(network, cost))
    network.has_most_pairs |= flow.counts_pairs(terms)
    return -int((cost * network.flow).sum())


def _is_dense(network: flow.Network) -> bool:
    """Whether there are many pairs in question, of most people with each other, a place each."""
    n, m = network.n_mentors, network.n_mentees
    many = int(network.free[: network.n_pairs].sum())
    one = not network.capacity[network.n_pairs + n + m : -1].any()
    return many >= max(ENOUGH * (n + m) // 2, n * m // THIN) and one


def _repaired(network: flow.Network, cost: IntArray) -> IntArray:
    """The prices at the cheapest flow, which is made; pairs are added until none is too cheap."""
    draw = np.random.default_rng(0)
    pairs = slice(0, network.n_pairs)
    cells = network.tail[pairs] * network.n_mentees + network.head[pairs] - network.n_mentors
    least = int((-cost[pairs]).min())
    table = _table_of(network, -cost[pairs] - least, cells)
    rows, columns = guess(table, EACH, draw)
    first = cells_above(table, rows - 1, columns, 2 * EACH, draw)
    # With what flows, the levels before are kept.
    arcs = joined(np.searchsorted(cells, first), np.flatnonzero(network.flow[pairs]))
    arcs = arcs[network.free[arcs]]
    others = network.n_pairs + np.flatnonzero(network.free[network.n_pairs :])
    for round_ in range(network.n_pairs + 1):
        over = np.concatenate([arcs, others])
        price = _solved(network, cost, over)
        rows, columns = price[: network.n_mentors], price[network.n_mentors : -2]
        cap = MOST if round_ < ROUNDS else network.n_mentees
        # Of pairs that are made, which may be among these, a row has one: never all of the cap.
        cheap = cells_above(table, rows, -columns - least, cap, draw)
        both = joined(arcs, np.searchsorted(cells, cheap))
        if len(both) == len(arcs):
            return price
        arcs = both
    raise AssertionError("every pair was added and some is missing: please report this as a bug")


def _solved(network: flow.Network, cost: IntArray, arcs: IntArray) -> IntArray:
    """The prices over some free arcs, whose flow is made the cheapest."""
    tail, head, capacity = network.tail[arcs], network.head[arcs], network.capacity[arcs]
    network.flow[arcs] = flow.routed(network.excess, tail, head, cost[arcs], capacity)
    return potentials(
        network.n_nodes,
        tail,
        head,
        cost=cost[arcs],
        flow=network.flow[arcs],
        capacity=capacity,
    )


def _table_of(network: flow.Network, score: IntArray, cells: IntArray) -> Table:
    """The pairs in question, as a table of all; in 32 bits where they fit."""
    n, m = network.n_mentors, network.n_mentees
    top = int(score.max())
    free = network.free[: network.n_pairs]
    short: Numbers = score.astype(np.int32) if top < SHORT else score
    if len(cells) == n * m:
        return Table(short.reshape(n, m), None if free.all() else free.reshape(n, m), top)
    scores: Numbers = np.zeros(n * m, dtype=short.dtype)
    mask = np.zeros(n * m, dtype=bool)
    scores[cells], mask[cells] = short, free
    return Table(scores.reshape(n, m), mask.reshape(n, m), top)
