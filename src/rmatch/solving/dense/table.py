"""A dense table of scores, read a block of rows at a time, so that nothing else is as large."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray, IntArray
from rmatch.work import count

CELLS = 2**18
"""A block has about as many cells: it stays in the processor's cache."""

HIGHEST = 2**12
"""Nor has a block more rows than these."""

SHORT = 16
"""Bits of what is sorted, in linear time: rows of a block, and by how much a price is exceeded."""

THIN = 2
"""Of more than so many times the pairs that are kept, chance picks before they are sorted."""

WORD = 8
"""Flags looked at in one go."""

UNACCEPTABLE = -1
"""What a pair that may not be made counts in a sample: less than any score."""

Numbers = npt.NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, eq=False)
class Table:
    """Scores from 0 up, and which pairs may be made.

    Attributes:
        score: (n, m) integers.
        acceptable: (n, m) which pairs may be made; ``None``: all of them.
        top: The largest score.
    """

    score: Numbers
    acceptable: BoolArray | None
    top: int

    @property
    def rows(self) -> int:
        """How many mentors there are."""
        return int(self.score.shape[0])

    @property
    def columns(self) -> int:
        """How many mentees there are."""
        return int(self.score.shape[1])

    def worth(self, cells: IntArray) -> IntArray:
        """What pairs are worth, by their cells' numbers in reading order."""
        row, column = np.divmod(cells, self.columns)
        return self.score[row, column].astype(np.int64)

    def sample_of_rows(self, rows: IntArray, columns: slice) -> Numbers:
        """(rows, columns) the scores of some columns there."""
        some = self.score[rows, columns]
        if self.acceptable is None:
            return some
        return np.where(self.acceptable[rows, columns], some, UNACCEPTABLE)

    def sample_of_columns(self, columns: IntArray, rows: slice) -> Numbers:
        """(rows, columns) the scores of some rows there."""
        some = self.score[rows].take(columns, axis=1)
        if self.acceptable is None:
            return some
        return np.where(self.acceptable[rows].take(columns, axis=1), some, UNACCEPTABLE)


def cells_above(
    table: Table, row_price: IntArray, column_price: IntArray, cap: int, draw: np.random.Generator
) -> IntArray:
    """Cells of pairs worth more than both their prices, the worst of each row.

    Args:
        table: The scores.
        row_price: (n,) price of each mentor.
        column_price: (m,) price of each mentee.
        cap: In a block with more than as many a row, no row has more than these.
        draw: Among equals, chance chooses: else all rows would take the same columns.
    """
    count(cells=table.rows * table.columns)
    found = [np.zeros(0, dtype=np.int64)]
    for first, beyond, limits, flags in _blocks(table, row_price, column_price):
        flagged = _flagged(flags, THIN * cap * len(limits), draw)
        worst = _worst(table, beyond, flagged, limits, cap=cap, draw=draw)
        found.append(first * table.columns + worst)
    return np.concatenate(found)


def _blocks(
    table: Table, row_price: IntArray, column_price: IntArray
) -> Iterator[tuple[int, Numbers, Numbers, BoolArray]]:
    """First row, scores beyond the columns' prices, what to exceed, and the cells that do."""
    n, m = table.rows, table.columns
    width = _width(table, row_price, column_price)
    limits, price = row_price.astype(width), column_price.astype(width)
    height = min(HIGHEST, max(WORD, CELLS // max(m, 1) // WORD * WORD))
    beyond = np.empty((height, m), dtype=width)
    flags = np.zeros((height, m), dtype=bool)
    for first in range(0, n, height):
        rows = slice(first, min(first + height, n))
        here = rows.stop - first
        np.subtract(table.score[rows], price, out=beyond[:here])
        np.greater(beyond[:here], limits[rows, None], out=flags[:here])
        if table.acceptable is not None:
            flags[:here] &= table.acceptable[rows]
        flags[here:] = False
        yield first, beyond, limits[rows], flags


def _width(table: Table, limits: IntArray, column_price: IntArray) -> type[np.signedinteger[Any]]:
    """32 bits where all differences fit, as they do for most scores."""
    most = int(np.abs(limits).max(initial=0)) + int(np.abs(column_price).max(initial=0))
    narrow = table.score.dtype.itemsize <= np.dtype(np.int32).itemsize
    return np.int32 if narrow and most + table.top < 2**30 else np.int64


def _flagged(flags: BoolArray, most: int, draw: np.random.Generator) -> IntArray:
    """Where flags are set: eight are looked at together, for nearly all are not."""
    words = np.flatnonzero(flags.reshape(-1).view(np.uint64))
    if len(words) == 0:
        return words
    words = _some(words, most, draw)
    hits = np.flatnonzero(flags.reshape(-1, WORD)[words])
    return words[hits // WORD] * WORD + hits % WORD


def _some(cells: IntArray, few: int, draw: np.random.Generator) -> IntArray:
    """All, or if they are more than a few, about so many: one at random of each stretch."""
    if len(cells) <= few:
        return cells
    place = ((np.arange(few) + draw.random(few)) * (len(cells) / few)).astype(np.int64)
    return cells[place[np.diff(place, prepend=-1) > 0]]


def _worst(
    table: Table,
    beyond: Numbers,
    flagged: IntArray,
    limits: Numbers,
    *,
    cap: int,
    draw: np.random.Generator,
) -> IntArray:
    """The flagged cells of a block; of too many, those that most exceed their row's limit."""
    most = cap * len(limits)
    if len(flagged) <= most:
        return flagged
    flagged = _some(flagged, THIN * most, draw)
    row = flagged // table.columns
    excess = beyond.reshape(-1)[flagged] - limits[row]
    if excess.min() == excess.max():
        return _some(flagged, most // 2, draw)  # many are as good, so fewer will do
    excess >>= max(0, int(excess.max()).bit_length() - SHORT)
    order = draw.permutation(len(flagged))
    order = order[np.argsort((-excess[order]).astype(np.uint16), kind="stable")]
    order = order[np.argsort(row[order].astype(np.uint16), kind="stable")]
    row = row[order]
    place = np.arange(len(row)) - np.searchsorted(row, np.arange(len(limits)))[row]
    return np.sort(flagged[order[place < cap]])


def joined(cells: IntArray, more: IntArray) -> IntArray:
    """Ascending, each once."""
    both = np.sort(np.concatenate([cells, more]), kind="stable")  # merges what is sorted
    return both[np.diff(both, prepend=-1) > 0]
