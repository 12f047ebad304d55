"""The best assignment of a dense table, exactly: solve a few pairs, price all, repair.

The best matching over some pairs has integer prices (a linear program's duals). If no pair of the
whole table is worth more than both its prices, the matching is the best of all, and the prices
prove it; else the pairs that are worth more are added, and it is solved again. (Column generation
for assignment; Volgenant, *Linear and semi-assignment problems: a core oriented approach*, 1996.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rmatch.instance import MAX_TOTAL, BoolArray, IntArray
from rmatch.solving.dense.pricing import guess, prices_of
from rmatch.solving.dense.table import Numbers, Table, cells_above
from rmatch.solving.flow import assigned

EACH = 16
"""Pairs of a person to start with, about."""

MOST = 8
"""Pairs of a row added in a round, where a block has many."""

NEAR = 0.3
"""The first round also adds pairs as near to their prices as this share of the pairs it has."""

ROUNDS = 20
"""After as many rounds every pair that is worth more is added: then few more can follow."""


@dataclass(frozen=True, eq=False)
class Assignment:
    """A matching with most pairs and, of those, the best score, and the proof of it.

    Attributes:
        partner: (n,) the column of each row, −1 for none.
        row_price: (n, 2) the price of each row at the levels (pairs, score).
        column_price: (m, 2) the price of each column there.
    """

    partner: IntArray
    row_price: IntArray
    column_price: IntArray


@dataclass(frozen=True, eq=False)
class _Found:
    """A matching and its prices, in units of score."""

    partner: IntArray
    row_price: IntArray
    column_price: IntArray


def assign(
    score: Numbers, acceptable: BoolArray | None = None, *, seed: int = 0, each: int = EACH
) -> Assignment:
    """Most pairs, then the best score, where everybody has one place.

    Args:
        score: (n, m) integers from 0.
        acceptable: (n, m) which pairs may be made; all, if not given.
        seed: Of the choice among equal pairs to start with.
        each: How many pairs of a person to start with, about.

    Raises:
        OverflowError: scores too large for 64 bits.
        ValueError: scores below 0, or no integers, or a mask of another shape.
    """
    _check(score, acceptable)
    everybody = acceptable is None and score.shape[0] == score.shape[1]
    top = int(score.max(initial=0))
    # Prices of left-out people are sums along paths: 4 times the largest keeps them from a pair's.
    lift = 0 if everybody else 4 * (min(score.shape) + 1) * (top + 1)
    if lift * (sum(score.shape) + 1) >= MAX_TOTAL:
        raise OverflowError("scores are too large for so many people")
    table = Table(score, acceptable, lift, top)
    if 0 in score.shape:
        found = _nobody(table)
    else:
        found = _repaired(table, everybody, each, np.random.default_rng(seed))
    _prove(table, found)
    return _by_level(found, lift)


def _check(score: Numbers, acceptable: BoolArray | None) -> None:
    if score.ndim != 2 or not np.issubdtype(score.dtype, np.signedinteger):
        raise ValueError("scores must be a table of signed integers")
    if score.min(initial=0) < 0:
        raise ValueError("scores must be 0 or more")
    if acceptable is not None and (acceptable.shape != score.shape or acceptable.dtype != bool):
        raise ValueError("the mask must be a table of flags, of the shape of the scores")


def _nobody(table: Table) -> _Found:
    none = np.full(table.rows, -1, dtype=np.int64)
    return _Found(none, np.zeros_like(none), np.zeros(table.columns, dtype=np.int64))


def _repaired(table: Table, everybody: bool, each: int, draw: np.random.Generator) -> _Found:
    """Solve, price and add pairs until none is worth more than its prices."""
    rows, columns = guess(table, each, draw)
    cells = cells_above(table, rows - 1, columns, 2 * each, draw)
    if everybody:
        # With these, everybody has a partner in every round.
        cells = _joined(cells, np.arange(table.rows) * (table.columns + 1))
    columns -= columns.min()
    for round_ in range(table.rows * table.columns + 1):
        worth = table.worth(cells)
        found = _solved(table, cells, worth, (rows, columns) if everybody else None)
        rows, columns = found.row_price, found.column_price
        near = _near(table, cells, worth, found) if round_ == 0 else 0
        cap = MOST if round_ < ROUNDS else table.columns
        more = cells_above(table, rows - near, columns, cap, draw)
        if not np.any(_excess(table, more, table.worth(more), found) > 0):
            return found
        cells = _joined(cells, more)
    raise AssertionError("every pair was added and some is missing: please report this as a bug")


def _solved(
    table: Table, cells: IntArray, worth: IntArray, prices: tuple[IntArray, IntArray] | None
) -> _Found:
    """The best matching over some cells, and its prices.

    With prices to start from, everybody gets a partner; the nearer they are, the faster it is.
    """
    row, column = np.divmod(cells, table.columns)
    if prices is None:
        start = np.zeros(table.columns, dtype=np.int64)
        partner = _left_out(table, row, column, worth)
    else:
        start = prices[1]
        partner = assigned(table.rows, row, column, prices[0][row] + start[column] - worth)
    return _Found(partner, *prices_of(table, cells, worth, partner, start))


def _left_out(table: Table, row: IntArray, column: IntArray, worth: IntArray) -> IntArray:
    """The best matching in which people may be left out, as an assignment of people and doubles.

    Everybody may be assigned their own double, at no cost; the doubles of a pair that is made are
    assigned each other (Gabow and Tarjan, 1989).
    """
    n, m = table.rows, table.columns
    left = np.concatenate([row, np.arange(n + m), n + column])
    right = np.concatenate([column, m + np.arange(n), np.arange(m), m + row])
    free = np.zeros(n + m + len(row), dtype=np.int64)
    partner = assigned(n + m, left, right, np.concatenate([-worth, free]))[:n]
    return np.where(partner < m, partner, -1)


def _near(table: Table, cells: IntArray, worth: IntArray, found: _Found) -> int:
    """How far below its prices a pair may be to be added with the others."""
    return int(np.quantile(-_excess(table, cells, worth, found), NEAR)) if len(cells) else 0


def _excess(table: Table, cells: IntArray, worth: IntArray, found: _Found) -> IntArray:
    row, column = np.divmod(cells, table.columns)
    return worth - found.row_price[row] - found.column_price[column]


def _joined(cells: IntArray, more: IntArray) -> IntArray:
    """Ascending, each once."""
    both = np.sort(np.concatenate([cells, more]))
    return both[np.diff(both, prepend=-1) > 0]


def _prove(table: Table, found: _Found) -> None:
    """The prices come to what the pairs are worth; that no pair exceeds them was seen before."""
    matched = np.flatnonzero(found.partner >= 0)
    made = int(table.worth(matched * table.columns + found.partner[matched]).sum())
    paid = int(found.row_price.sum()) + int(found.column_price.sum())
    below = table.lift > 0 and found.row_price.min(initial=0) < 0
    if paid != made or below or found.column_price.min(initial=0) < 0:
        raise AssertionError("prices that prove nothing: please report this as a bug")


def _by_level(found: _Found, lift: int) -> Assignment:
    """Prices apart by level: how many pairs, and what is left of the score."""
    rows, columns = found.row_price, found.column_price
    if lift == 0:
        of_rows, of_columns = np.ones_like(rows), np.zeros_like(columns)
    else:
        of_rows, of_columns = (rows + lift // 2) // lift, (columns + lift // 2) // lift
    return Assignment(
        found.partner,
        np.stack([of_rows, rows - lift * of_rows], axis=1),
        np.stack([of_columns, columns - lift * of_columns], axis=1),
    )
