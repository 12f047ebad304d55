"""Prices for a dense table: a first guess from a sample, and exact ones from a matching."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from rmatch.instance import IntArray
from rmatch.solving.dense.sides import Arcs, Sides
from rmatch.solving.dense.table import Numbers, Table
from rmatch.work import count

SAMPLE = 256
"""At least as many rows and columns are looked at for the guess."""

LINES = 64
"""So many people's scores are copied at a time."""

SEEN = 4
"""And so many that of the pairs above a price, about these are among them."""


SHORT = 512
"""Numbers that are partitioned together."""

LONG = 8
"""A side of so many times the other's people is much the longer."""


def guess(table: Table, each: int, draw: np.random.Generator) -> tuple[IntArray, IntArray]:
    """(n,), (m,): prices that about ``each`` pairs of a person exceed.

    A column's price is a quantile of its scores in a sample of rows; a row's, one of what its
    scores exceed those by. Popular people so have the higher price, and no more pairs than others.
    Where one side is much the longer, most of it is left out, and its prices are 0.
    """
    n, m = table.rows, table.columns
    row_price, column_price = np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64)
    if m < LONG * n:
        rows = _some(n, each, draw)
        count(cells=len(rows) * m)
        parts = (table.sample_of_rows(rows, some).T for some in _lines(m))
        column_price = np.maximum(_exceeded(parts, each / n), 0)
    if n < LONG * m:
        columns = _some(m, each, draw)
        count(cells=n * len(columns))
        known = column_price[columns].astype(table.score.dtype)
        beyond = (table.sample_of_columns(columns, some) - known for some in _lines(n))
        row_price = _exceeded(beyond, each / m)
    return row_price, column_price


def _some(people: int, each: int, draw: np.random.Generator) -> IntArray:
    some = max(SAMPLE, SEEN * people // each)
    if some >= people:
        return np.arange(people)
    return np.sort(draw.choice(people, some, replace=False))


def _lines(people: int) -> list[slice]:
    """A few at a time, so that what is copied stays in the processor's cache."""
    return [slice(first, first + LINES) for first in range(0, people, LINES)]


def _exceeded(parts: Iterable[Numbers], share: float) -> IntArray:
    """(lines,) the value that this share of each line reaches, about: the mean over its stretches.

    Stretches are short because to partition those is several times as fast (NumPy 2).
    """
    found = []
    for part in parts:
        lines, length = part.shape
        stretches = -(-length // SHORT)
        size = length // stretches
        cut = np.ascontiguousarray(part[:, : size * stretches]).reshape(lines, stretches, size)
        last = size - min(size, max(1, round(share * size)))
        cut.partition(last, axis=2)
        found.append(cut[:, :, last].mean(axis=1).astype(np.int64))
    return np.concatenate(found)


def prices_of(sides: Sides, arcs: Arcs, partner: IntArray, start: IntArray) -> IntArray:
    """(people,) prices that no pair listed exceeds, and every pair made just meets.

    Bellman–Ford by rounds: somebody who may be left out costs at least what one who may not would
    gain by leaving their partner, at that partner's price, for them.

    Args:
        sides: Who may be left out.
        arcs: Pairs; those that are made are among them.
        partner: (people,) whom everybody who may not be left out has; the best over these pairs.
        start: (people,) prices to start from, of those who may be left out; 0 of those who are.

    Raises:
        AssertionError: the matching is not the best over these pairs.
    """
    made = arcs.free == partner[arcs.must]
    own = np.zeros(len(partner), dtype=np.int64)
    own[arcs.must[made]] = arcs.worth[made]
    short = np.uint16 if len(partner) <= 2**16 else np.int32  # sorted in linear time, if short
    order = np.argsort(arcs.free.astype(short), kind="stable")
    target, source = arcs.free[order], partner[arcs.must[order]]
    gain = arcs.worth[order] - own[arcs.must[order]]
    first = np.flatnonzero(np.diff(target, prepend=-1))
    target = target[first]
    price = start.copy()
    for round_ in range(len(partner) + 2):
        better = np.maximum.reduceat(price[source] + gain, first) if len(first) else first
        raised = better > price[target]
        if not raised.any():
            count(price_rounds=round_ + 1, priced=(round_ + 1) * len(order))
            must = np.flatnonzero(sides.must)
            price[must] = own[must] - price[partner[must]]
            return price
        price[target[raised]] = better[raised]
    raise AssertionError("a cycle of gains in a best assignment: please report this as a bug")
