"""The best matching over some pairs of a table, in which everybody covered has a partner."""

from __future__ import annotations

import numpy as np

from rmatch.instance import IntArray
from rmatch.solving.dense.sides import Arcs, Sides
from rmatch.solving.flow import assigned, routed


def matched(sides: Sides, arcs: Arcs, price: IntArray) -> IntArray:
    """(people,) the partner of everybody, −1 for none.

    Args:
        sides: Who must have a partner.
        arcs: Pairs; some matching of them gives all those a partner.
        price: (people,) the nearer to the best prices, the faster.
    """
    cost = -arcs.excess(price)
    partner = np.full(len(sides.must), -1, dtype=np.int64)
    if sides.everybody:
        chosen = sides.rows + assigned(sides.rows, arcs.must, arcs.free - sides.rows, cost)
        partner[: sides.rows] = chosen
        partner[chosen] = np.arange(sides.rows)
        return partner
    taken = _routed(sides, arcs, cost, price)
    must, free = arcs.must[taken], arcs.free[taken]
    partner[must], partner[free] = free, must
    return partner


def _routed(sides: Sides, arcs: Arcs, cost: IntArray, price: IntArray) -> IntArray:
    """Which pairs a flow takes: a row to a column, and those who may be left out by one hub.

    Rows that must have a partner send one unit, columns that must receive one; all others pass on
    what they get, or else nothing.
    """
    n, hub = sides.rows, len(sides.must)
    others = np.flatnonzero(np.bincount(arcs.free, minlength=1))
    to_hub, from_hub = others[others >= n], others[others < n]
    forth = arcs.must < n
    tail = np.concatenate(
        [np.where(forth, arcs.must, arcs.free), to_hub, np.full(len(from_hub), hub)]
    )
    head = np.concatenate(
        [np.where(forth, arcs.free, arcs.must), np.full(len(to_hub), hub), from_hub]
    )
    supply = np.append(np.where(np.arange(hub) < n, 1, -1) * sides.must, 0)
    supply[hub] = -supply.sum()
    costs = np.concatenate([cost, -price[to_hub], -price[from_hub]])
    taken = routed(supply, tail, head, costs, np.ones_like(costs))
    return np.flatnonzero(taken[: len(cost)])
