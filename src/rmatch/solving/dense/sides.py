"""Who has a partner in every largest matching, and the pairs that largest matchings may hold.

A largest matching and a smallest cover have the same size (König, 1931): everybody covered has a
partner, and no pair made has two who are covered. So with a cover at hand most pairs need no great
weight: those covered must have a partner, the others may be left out, and a pair has one of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rmatch.instance import BoolArray, IntArray
from rmatch.solving.dense.table import Table, cells_above, joined
from rmatch.solving.flow import Cut, minimum_cut

MORE = 4
"""Pairs of a row that the first search for a larger matching adds; each later one twice as many."""


@dataclass(frozen=True, eq=False)
class Arcs:
    """Some pairs of which one person is covered. People are rows, then columns.

    Attributes:
        must: (arcs,) who of each is covered, and must have a partner.
        free: (arcs,) who is not, and may be left out.
        worth: (arcs,) the score.
    """

    must: IntArray
    free: IntArray
    worth: IntArray

    def excess(self, price: IntArray) -> IntArray:
        """By how much each is worth more than both its prices."""
        return self.worth - price[self.must] - price[self.free]


@dataclass(frozen=True, eq=False)
class Sides:
    """A smallest cover of the acceptable pairs. People are rows, then columns.

    Attributes:
        rows: How many rows there are.
        must: (people,) who is covered: they must have a partner.
    """

    rows: int
    must: BoolArray

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return len(self.must) - self.rows

    @property
    def all_rows(self) -> bool:
        """Whether just the rows are covered."""
        return bool(self.must[: self.rows].all() and not self.must[self.rows :].any())

    @property
    def everybody(self) -> bool:
        """Whether nobody at all is left out."""
        return self.all_rows and self.rows == self.columns

    def arcs(self, table: Table, cells: IntArray) -> Arcs:
        """Some cells as pairs of who must have a partner and who may be left out."""
        row, column = np.divmod(cells, max(1, self.columns))
        worth = table.score[row, column].astype(np.int64)
        column += self.rows
        if self.all_rows:
            return Arcs(row, column, worth)
        turned = self.must[column]
        return Arcs(_either(turned, column, row), _either(turned, row, column), worth)

    def within(self, cells: IntArray) -> IntArray:
        """The pairs of which one is covered, and not both."""
        if self.all_rows:
            return cells
        row, column = np.divmod(cells, max(1, self.columns))
        one: BoolArray = self.must[row] != self.must[self.rows + column]
        return cells[one]

    def apart(self, price: IntArray, top: int) -> tuple[IntArray, IntArray]:
        """(n,), (m,): prices under which no pair of two who are covered is worth its prices."""
        rows, columns = price[: self.rows], price[self.rows :]
        if self.all_rows or not self.must[: self.rows].any():
            return rows, columns
        far = 4 * (top + 1 + int(np.abs(price).max(initial=0)))
        return (
            rows - np.where(self.must[: self.rows], 0, far),
            columns + np.where(self.must[self.rows :], far, 0),
        )


def _either(which: BoolArray, one: IntArray, other: IntArray) -> IntArray:
    chosen: IntArray = np.where(which, one, other)
    return chosen


def whole(rows: int, columns: int) -> tuple[Sides, IntArray]:
    """The cover of a table without a mask, and cells of a largest matching."""
    must = np.arange(rows + columns) < rows
    less = min(rows, columns)
    return Sides(rows, must if rows <= columns else ~must), np.arange(less) * (columns + 1)


def covered(table: Table, cells: IntArray, draw: np.random.Generator) -> tuple[Sides, IntArray]:
    """The cover of a table with a mask, and cells that hold a largest matching.

    A matching of some cells, and its cover; pairs without anybody covered are added until there is
    none.
    """
    cap = MORE
    while True:
        must = _cover(table, cells)
        if must[: table.rows].all() or must[table.rows :].all():
            break
        barred = np.where(must, table.top + 1, 0)
        rows, columns = barred[: table.rows] - 1, barred[table.rows :]
        more = cells_above(table, rows, columns, cap, draw)
        if len(more) == 0:
            break
        cells, cap = joined(cells, more), 2 * cap
    sides = Sides(table.rows, must)
    return sides, sides.within(cells)


def _cover(table: Table, cells: IntArray) -> BoolArray:
    """(people,) a smallest cover of some cells: one whole side, if that is one."""
    n, m = table.rows, table.columns
    row, column = np.divmod(cells, max(1, m))
    source, sink = n + m, n + m + 1
    tail = np.concatenate([row, np.full(n, source), n + np.arange(m)])
    head = np.concatenate([n + column, np.arange(n), np.full(m, sink)])
    cut = minimum_cut(
        n + m + 2, tail, head, np.ones(len(tail), dtype=np.int64), source=source, sink=sink
    )
    return _of(cut, n, m)


def _of(cut: Cut, n: int, m: int) -> BoolArray:
    size = int(cut.flow[-m:].sum()) if m else 0
    if size in (n, m):
        must: BoolArray = (np.arange(n + m) < n) == (size == n)
    else:  # A row is covered where the source does not reach it, a column where it does.
        must = cut.source_side[: n + m] == (np.arange(n + m) >= n)
    return must
