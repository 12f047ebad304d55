"""Prices for a dense table: a first guess from a sample, and exact ones from a matching."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from rmatch.instance import IntArray
from rmatch.solving.dense.table import Numbers, Table

SAMPLE = 256
"""At least as many rows and columns are looked at for the guess."""

LINES = 64
"""So many people's scores are copied at a time."""

SEEN = 4
"""And so many that of the pairs above a price, about these are among them."""


def guess(table: Table, each: int, draw: np.random.Generator) -> tuple[IntArray, IntArray]:
    """(n,), (m,): prices that about ``each`` pairs of a person exceed.

    A column's price is a quantile of its scores in a sample of rows; a row's, one of what its
    scores exceed those by. Popular people so have the higher price, and no more pairs than others.
    """
    rows = _some(table.rows, each, draw)
    columns = _some(table.columns, each, draw)
    of_rows = table.sample_of_rows(rows)
    column_price = _exceeded(
        (of_rows[:, some].T for some in _lines(table.columns)), each / table.rows
    )
    known = column_price[columns].astype(of_rows.dtype)
    beyond = (table.sample_of_columns(columns, some) - known for some in _lines(table.rows))
    row_price = _exceeded(beyond, each / table.columns)
    return row_price + table.lift, column_price


def _some(people: int, each: int, draw: np.random.Generator) -> IntArray:
    some = max(SAMPLE, SEEN * people // each)
    if some >= people:
        return np.arange(people)
    return np.sort(draw.choice(people, some, replace=False))


def _lines(people: int) -> list[slice]:
    """A few at a time, so that what is copied stays in the processor's cache."""
    return [slice(first, first + LINES) for first in range(0, people, LINES)]


def _exceeded(parts: Iterable[Numbers], share: float) -> IntArray:
    """(lines,) the value that this share of each line reaches."""
    found = []
    for part in parts:
        lines = np.ascontiguousarray(part)
        last = lines.shape[1] - min(lines.shape[1], max(1, round(share * lines.shape[1])))
        lines.partition(last, axis=1)
        found.append(lines[:, last].astype(np.int64))
    return np.concatenate(found)


def prices_of(
    table: Table, cells: IntArray, worth: IntArray, partner: IntArray, start: IntArray
) -> tuple[IntArray, IntArray]:
    """(n,), (m,): prices that no cell listed exceeds, and every pair made just meets.

    Bellman–Ford by rounds: a column costs at least what a row would gain by leaving its partner, at
    that partner's price, for it. A row without a partner has the price 0.

    Args:
        table: The scores.
        cells: Ascending numbers of cells; the pairs made are among them.
        worth: What they are worth.
        partner: (n,) the column of each row, −1 for none, the best over these cells.
        start: (m,) prices of columns to start from; all 0 where people may be left out.

    Raises:
        AssertionError: the matching is not the best over these cells.
    """
    row, column = np.divmod(cells, table.columns)
    own = _own_worth(table, partner)
    order = np.argsort(column.astype(np.int32), kind="stable")
    column, source = column[order], partner[row[order]]
    gain = worth[order] - own[row[order]]
    first = np.flatnonzero(np.diff(column, prepend=-1))
    target = column[first]
    price = np.append(start, 0)  # the last entry: what it costs a row to have no partner
    for _ in range(table.columns + 2):
        better = np.maximum.reduceat(price[source] + gain, first) if len(first) else first
        raised = better > price[target]
        if not raised.any():
            return own - price[partner], price[:-1]
        price[target[raised]] = better[raised]
    raise AssertionError("a cycle of gains in a best assignment: please report this as a bug")


def _own_worth(table: Table, partner: IntArray) -> IntArray:
    """(n,) what each row's pair is worth, 0 for none."""
    matched = np.flatnonzero(partner >= 0)
    own = np.zeros(table.rows, dtype=np.int64)
    own[matched] = table.worth(matched * table.columns + partner[matched])
    return own
