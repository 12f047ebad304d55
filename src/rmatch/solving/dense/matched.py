"""The best matching over some cells of a table, in which everybody covered has a partner."""

from __future__ import annotations

import numpy as np

from rmatch.instance import IntArray
from rmatch.solving.dense.sides import Sides
from rmatch.solving.flow import assigned, routed


def matched(sides: Sides, cells: IntArray, worth: IntArray, price: IntArray) -> IntArray:
    """(people,) the partner of everybody, −1 for none.

    Args:
        sides: Who must have a partner.
        cells: Numbers of cells; some matching of them gives all those a partner.
        worth: What they are worth.
        price: (people,) the nearer to the best prices, the faster.
    """
    must, open_ = sides.ends(cells)
    cost = price[must] + price[open_] - worth
    partner = np.full(len(sides.must), -1, dtype=np.int64)
    if sides.everybody:
        chosen = sides.rows + assigned(sides.rows, must, open_ - sides.rows, cost)
        partner[: sides.rows] = chosen
        partner[chosen] = np.arange(sides.rows)
        return partner
    taken = _routed(sides, must, open_, cost, price)
    partner[must[taken]] = open_[taken]
    partner[open_[taken]] = must[taken]
    return partner


def _routed(
    sides: Sides, must: IntArray, open_: IntArray, cost: IntArray, price: IntArray
) -> IntArray:
    """Which cells a flow takes: a row to a column, and those who may be left out by one hub.

    Rows that must have a partner send one unit, columns that must receive one; all others pass on
    what they get, or else nothing.
    """
    n, hub = sides.rows, len(sides.must)
    others = np.flatnonzero(~sides.must)
    to_hub, from_hub = others[others >= n], others[others < n]
    forth = must < n
    tail = np.concatenate([np.where(forth, must, open_), to_hub, np.full(len(from_hub), hub)])
    head = np.concatenate([np.where(forth, open_, must), np.full(len(to_hub), hub), from_hub])
    supply = np.append(np.where(np.arange(hub) < n, 1, -1) * sides.must, 0)
    supply[hub] = -supply.sum()
    costs = np.concatenate([cost, -price[to_hub], -price[from_hub]])
    return np.flatnonzero(routed(supply, tail, head, costs)[: len(cost)])
