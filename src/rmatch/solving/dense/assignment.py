"""The best assignment of a dense table, exactly: solve a few pairs, price all, repair.

The best matching over some pairs has integer prices (a linear program's duals). If no pair of the
whole table is worth more than both its prices, the matching is the best of all, and the prices
prove it; else the pairs that are worth more are added, and it is solved again. (Column generation
for assignment; Volgenant, *Linear and semi-assignment problems: a core oriented approach*, 1996.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rmatch.instance import MAX_TOTAL, IntArray
from rmatch.solving.dense.matched import matched
from rmatch.solving.dense.pricing import guess, prices_of
from rmatch.solving.dense.sides import Sides, covered, whole
from rmatch.solving.dense.table import Table, cells_above, joined

EACH = 16
"""Pairs of a person to start with, about."""

MOST = 8
"""Pairs of a row added in a round, where a block has many."""

NEAR = 0.3
"""The first round also adds pairs as near to their prices as this share of the pairs it has."""

FAR = 0.5
"""And leaves out those of its pairs that are farther from their prices than this share of them."""

ROUNDS = 20
"""After as many rounds every pair that is worth more is added: then few more can follow."""


@dataclass(frozen=True, eq=False)
class Optimum:
    """A matching with most pairs and, of those, the best score, and the prices that prove it.

    Attributes:
        partner: (n,) the column of each row, −1 for none.
        row_price: (n, 2) the price of each row at the levels (pairs, score).
        column_price: (m, 2) the price of each column there.
    """

    partner: IntArray
    row_price: IntArray
    column_price: IntArray


def optimum(table: Table, *, seed: int = 0, each: int = EACH) -> Optimum:
    """Most pairs, then the best score, where everybody has one place.

    Args:
        table: Scores from 0, and which pairs may be made.
        seed: Of the choice among equal pairs to start with.
        each: How many pairs of a person to start with, about.

    Raises:
        OverflowError: scores too large for 64 bits.
    """
    highest = MAX_TOTAL // (4 * (table.rows + table.columns + 1) ** 2)
    if table.top >= highest:
        raise OverflowError(f"scores are too large for so many people: {highest - 1} is the most")
    sides, partner, price = _solved(table, each, np.random.default_rng(seed))
    _prove(table, sides, partner, price)
    return _by_level(sides, partner, price)


def _solved(table: Table, each: int, draw: np.random.Generator) -> tuple[Sides, IntArray, IntArray]:
    """Who must have a partner, and everybody's partner and price."""
    people = table.rows + table.columns
    if 0 in table.score.shape:
        nobody = Sides(table.rows, np.zeros(people, dtype=bool))
        return nobody, np.full(people, -1), np.zeros(people, dtype=np.int64)
    rows, columns = guess(table, each, draw)
    cells = cells_above(table, rows - 1, columns, 2 * each, draw)
    if table.acceptable is None:
        sides, least = whole(table.rows, table.columns)
        cells = joined(cells, least)
    else:
        sides, cells = covered(table, cells, draw)
    columns -= columns.min()
    return sides, *_repaired(table, sides, cells, np.concatenate([rows, columns]), draw)


def _repaired(
    table: Table, sides: Sides, cells: IntArray, price: IntArray, draw: np.random.Generator
) -> tuple[IntArray, IntArray]:
    """Solve, price and add pairs until none is worth more than its prices."""
    for round_ in range(table.rows * table.columns + 1):
        arcs = sides.arcs(table, cells)
        partner = matched(sides, arcs, price)
        start = price if sides.everybody else np.zeros_like(price)
        price = prices_of(sides, arcs, partner, start)
        near = 0
        if round_ == 0 and len(cells):
            short = -arcs.excess(price)
            near, far = np.quantile(short, (NEAR, FAR)).astype(np.int64).tolist()
            cells = cells[short <= far]
        cap = MOST if round_ < ROUNDS else table.columns
        more = _missing(table, sides, price, draw, near=near, cap=cap)
        if len(more) == 0:
            return partner, price
        cells = joined(cells, more)
    raise AssertionError("every pair was added and some is missing: please report this as a bug")


def _missing(
    table: Table, sides: Sides, price: IntArray, draw: np.random.Generator, *, near: int, cap: int
) -> IntArray:
    """Pairs that are worth more than their prices, and near ones; none where none is worth more.

    Of very many near ones chance picks some: that those are worth no more says nothing of the rest.
    """
    rows, columns = sides.apart(price, table.top)
    for short_of in dict.fromkeys((near, 0)):
        more = sides.within(cells_above(table, rows - short_of, columns, cap, draw))
        if np.any(sides.arcs(table, more).excess(price) > 0):
            return more
    return more[:0]


def _prove(table: Table, sides: Sides, partner: IntArray, price: IntArray) -> None:
    """The prices come to what the pairs are worth; that no pair exceeds them was seen before."""
    made = np.flatnonzero(partner[: table.rows] >= 0)
    worth = table.worth(made * table.columns + partner[made] - table.rows)
    everybody = bool((partner[sides.must] >= 0).all())
    if not everybody or worth.sum() != price.sum() or price[~sides.must].min(initial=0) < 0:
        raise AssertionError("prices that prove nothing: please report this as a bug")


def _by_level(sides: Sides, partner: IntArray, price: IntArray) -> Optimum:
    """Prices by level: who is covered costs a pair, and all cost what the score does."""
    both = np.stack([sides.must.astype(np.int64), price], axis=1)
    chosen = partner[: sides.rows]
    return Optimum(
        np.where(chosen < 0, -1, chosen - sides.rows), both[: sides.rows], both[sides.rows :]
    )
