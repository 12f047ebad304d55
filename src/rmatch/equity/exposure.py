"""Whether counts of several characteristics, added and subtracted, give away a few people.

One characteristic may split up another (white; and its codes A, B and C), or several may add up to
one (a column for each answer ticked). Then the count of a few people follows from counts of many:
40 white less 31 of code A are 9 of B and C. A set of people has a count that follows exactly if the
indicator of the set is a linear combination of the indicators of the blocks that are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rmatch.equity.blocks import People

Floats = NDArray[np.float64]
_NEAR = 1e-7
_MOST_STEPS = 8_000
"""Of the search below: under a second each time, enough for eight characteristics of a hundred."""


def exposes(people: People, partitions: Sequence[Sequence[People]], minimum: int) -> bool:
    """Whether the count of some set of fewer than ``minimum`` people follows, or may follow.

    A reader is assumed to know which combinations of answers there are. The smallest 0/1 vector of
    a space is looked for exactly, in so many steps; where those do not suffice, the answer is yes.

    Args:
        people: Who is counted.
        partitions: For each characteristic, the blocks whose counts are known; all are in one.
        minimum: The smallest number of people that may be known.
    """
    rows, sizes = _combinations(people, partitions)
    if _bases(rows, sizes, minimum) >= minimum:
        return False
    search = _Search(sizes, minimum)
    return search.finds(np.zeros(len(sizes)), rows[:, _independent(rows.T)])


def _combinations(
    people: People, partitions: Sequence[Sequence[People]]
) -> tuple[Floats, NDArray[np.int64]]:
    """Every combination of blocks that occurs, as 0/1 rows, most people first, and its people."""
    order = sorted(people)
    blocks = [[person in block for person in order] for part in partitions for block in part]
    table = np.array([[True] * len(order), *blocks], dtype=bool).T
    rows, sizes = np.unique(table, axis=0, return_counts=True)
    by_size = np.argsort(-sizes, kind="stable")
    return rows[by_size].astype(float), sizes[by_size].astype(np.int64)


def _independent(rows: Floats) -> list[int]:
    """Which rows, the first of them, span all (Gram and Schmidt)."""
    left = rows.copy()
    kept: list[int] = []
    while (more := np.flatnonzero(np.abs(left).max(axis=1, initial=0.0) > _NEAR)).size:
        first = int(more[0])
        unit = left[first] / np.linalg.norm(left[first])
        left -= np.outer(left @ unit, unit)
        left[: first + 1] = 0.0
        kept.append(first)
    return kept


def _bases(rows: Floats, sizes: NDArray[np.int64], wanted: int) -> int:
    """How many bases of the row space, no two with a person in common, are found; ``wanted`` do.

    A vector of the column space that is not zero differs from zero on some row of every basis, so
    that with so many bases every set that is exposed has as many people.
    """
    left, rank = sizes.copy(), len(_independent(rows))
    for found in range(wanted):
        order = np.argsort(-left, kind="stable")
        order = order[left[order] > 0]
        basis = order[_independent(rows[order])]
        if len(basis) < rank:
            return found
        left[basis] -= 1
    return wanted


@dataclass(slots=True)
class _Search:
    """Looks for a 0/1 vector with 1 to ``minimum`` - 1 people in an affine space, branch by branch.

    ``offset + span @ t`` are the vectors left; a row of ``span`` that is zero is settled.
    """

    sizes: NDArray[np.int64]
    minimum: int
    steps: int = field(default=0)

    def finds(self, offset: Floats, span: Floats) -> bool:
        self.steps += 1
        if self.steps > _MOST_STEPS:
            return True
        settled = np.abs(span).max(axis=1, initial=0.0) < _NEAR
        values = np.round(offset[settled])
        if np.abs(values - offset[settled]).max(initial=0.0) > _NEAR or not _is_binary(values):
            return False
        people = int(values @ self.sizes[settled])
        if people >= self.minimum:
            return False
        if settled.all():
            return people > 0
        # Rows stand most people first: a row that can only be 0 is settled before others.
        row = int(np.flatnonzero(~settled)[0])
        choices = (1, 0) if people + self.sizes[row] < self.minimum else (0,)
        return any(self.finds(*_settle(offset, span, row, value)) for value in choices)


def _is_binary(values: Floats) -> bool:
    return bool(np.isin(values, (0.0, 1.0)).all())


def _settle(offset: Floats, span: Floats, row: int, value: int) -> tuple[Floats, Floats]:
    """The vectors whose entry at ``row`` is ``value``."""
    pivot = int(np.abs(span[row]).argmax())
    column = span[:, pivot] / span[row, pivot]
    left = np.delete(span - np.outer(column, span[row]), pivot, axis=1)
    return offset + column * (value - offset[row]), left
