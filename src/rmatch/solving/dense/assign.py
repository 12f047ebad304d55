"""The best assignment of a table of scores, for who has no cohort but a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray, IntArray
from rmatch.properties.table_proof import faults
from rmatch.solving.dense.assignment import optimum
from rmatch.solving.dense.table import Numbers, Table


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Attributes:
        ok: Whether the prices prove that the matching is the best.
        faults: What is wrong, in words.
    """

    ok: bool
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class Assignment:
    """A matching with most pairs and, of those, the best total score, with its proof.

    Attributes:
        score: (n, m) the table it is of.
        acceptable: (n, m) which pairs may be made; ``None``: all of them.
        partner: (n,) the column of each row, −1 for none.
        row_price: (n, 2) whole numbers: what each row costs, in pairs and in score.
        column_price: (m, 2) what each column costs. Every pair that may be made costs at least what
            it is worth, and all together cost just what was made: so nothing better is possible.
    """

    score: Numbers
    acceptable: BoolArray | None
    partner: IntArray
    row_price: IntArray
    column_price: IntArray

    @property
    def pairs(self) -> IntArray:
        """(pairs, 2) row and column of each pair, by rows."""
        rows = np.flatnonzero(self.partner >= 0)
        return np.stack([rows, self.partner[rows]], axis=1)

    @property
    def total(self) -> int:
        """The sum of the scores of the pairs."""
        rows, columns = self.pairs.T
        return sum(self.score[rows, columns].tolist())

    def check(self) -> Checked:
        """Look at every pair of the table: do the prices prove it? No solver has a part in it."""
        found = tuple(
            faults(self.score, self.acceptable, self.partner, self.row_price, self.column_price)
        )
        return Checked(not found, found)

    def __repr__(self) -> str:
        return f"Assignment({len(self.pairs)} pairs, total {self.total})"


def assign(
    score: npt.ArrayLike, acceptable: npt.ArrayLike | None = None, *, seed: int = 0
) -> Assignment:
    """Most pairs, then the best total score, of a dense table: exact, with its proof.

    Everybody has one place. The same as ``solve(Instance.from_scores(score, acceptable),
    objectives=("pairs", "score"))``, for tables of thousands a side: the table is read a block at a
    time and never copied, unless its numbers are unsigned.

    >>> best = assign([[4, 8, 0], [4, 0, 1], [9, 5, 3]])
    >>> best, best.partner.tolist(), best.check().ok
    (Assignment(3 pairs, total 18), [1, 2, 0], True)

    Args:
        score: (n, m) whole numbers from 0.
        acceptable: (n, m) which pairs may be made; all, if not given.
        seed: Of the choice among equal pairs to start with: the same seed, the same matching.

    Raises:
        OverflowError: scores too large for 64 bits.
        ValueError: what cannot be read as such tables; every problem is listed.
    """
    if problems := [*_problems(score, acceptable, seed)]:
        raise ValueError("; ".join(problems))
    numbers = _signed(np.asarray(score))
    mask = None if acceptable is None else np.asarray(acceptable).astype(bool, copy=False)
    best = optimum(Table(numbers, mask, int(numbers.max(initial=0))), seed=seed)
    return Assignment(numbers, mask, best.partner, best.row_price, best.column_price)


def _problems(
    score: npt.ArrayLike, acceptable: npt.ArrayLike | None, seed: object
) -> Iterator[str]:
    """What is wrong with the tables and the seed."""
    if not isinstance(seed, int | np.integer) or isinstance(seed, bool) or seed < 0:
        yield f"seed must be a whole number from 0, not {seed!r}"
    named = {"the score": score, "acceptable": acceptable}
    ragged = [name for name, rows in named.items() if not _is_even(rows)]
    yield from (f"the rows of {name} are not equally long" for name in ragged)
    if not ragged:
        yield from _faults_of(score, acceptable)


def _faults_of(score: npt.ArrayLike, acceptable: npt.ArrayLike | None) -> Iterator[str]:
    """What is wrong with tables whose rows are equally long."""
    if isinstance(score, np.ma.MaskedArray):
        yield "the score is a masked array: say with acceptable= which pairs may be made"
    table = np.asarray(score)
    if table.ndim != 2:
        yield f"the score must be a table of rows and columns, not of shape {table.shape}"
    if not np.issubdtype(table.dtype, np.integer) and table.size:
        yield f"scores must be integers, not {table.dtype}: scale and round them"
    elif low := int((table < 0).sum()):
        yield f"scores must be 0 or more: {low} are not"
    elif table.dtype == np.uint64 and int(table.max(initial=0)) > np.iinfo(np.int64).max:
        yield "scores must fit 63 bits"
    if acceptable is None:
        return
    mask = np.asarray(acceptable)
    if mask.shape != table.shape:
        yield f"acceptable is of shape {mask.shape}, the score of shape {table.shape}"
    if mask.dtype != bool and not np.isin(mask, (0, 1)).all():
        yield "acceptable must hold True and False, or 1 and 0"


def _is_even(rows: npt.ArrayLike | None) -> bool:
    """Whether an array can be made of them."""
    try:
        np.asarray(rows)
    except ValueError:
        return False
    return True


def _signed(table: npt.NDArray[Any]) -> Numbers:
    """The same numbers, of a type that has a sign; a table without any may be of no numbers."""
    if np.issubdtype(table.dtype, np.signedinteger):
        return table
    width = 2 * table.dtype.itemsize if table.size else 8
    return table.astype(f"i{min(width, 8)}")
