"""Cells: which pairs are looked at together, a block of rows or a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from rmatch.instance import IntArray
from rmatch.scoring.people import People, Side

Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Pairs as index arrays that broadcast against each other.

    What is computed of cells has their shape: (b, m) for a block of rows, (k,) for a list. So
    everything that a criterion or a rule needs is one array per side, seen through ``mentor`` and
    ``mentee``.

    Attributes:
        rows: (b, 1) or (k,) mentor indices.
        columns: (1, m) or (k,) mentee indices.
        start: The first row of a block of whole rows; ``None`` for any other cells.
    """

    rows: IntArray
    columns: IntArray
    start: int | None = None

    @classmethod
    def block(cls, start: int, stop: int, n_columns: int) -> Cells:
        """The rows from ``start`` to before ``stop``, against all columns."""
        return cls(np.arange(start, stop)[:, None], np.arange(n_columns)[None, :], start)

    @classmethod
    def whole(cls, people: People) -> Cells:
        """Every pair."""
        return cls.block(0, *people.shape)

    @classmethod
    def listed(cls, rows: npt.ArrayLike, columns: npt.ArrayLike) -> Cells:
        """The pairs (rows[k], columns[k])."""
        return cls(np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64))

    @property
    def shape(self) -> tuple[int, ...]:
        """(b, m) or (k,)."""
        return np.broadcast_shapes(self.rows.shape, self.columns.shape)

    def mentor(self, facts: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
        """(n,) facts of mentors, so that they broadcast against those of mentees."""
        if self.start is None:
            return facts[self.rows]
        return facts[self.start : self.start + len(self.rows), None]

    def mentee(self, facts: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
        """(m,) facts of mentees, so that they broadcast against those of mentors."""
        return facts[self.columns] if self.start is None else facts[None, :]

    def of(self, side: Side, facts: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
        """Facts of one side likewise."""
        return self.mentor(facts) if side == "mentor" else self.mentee(facts)

    def cut(self, table: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
        """These cells of an (n, m) table."""
        if self.start is None:
            return table[self.rows, self.columns]
        return table[self.start : self.start + len(self.rows)]

    def only(self, keep: npt.NDArray[Any]) -> Cells:
        """Some of the columns of a block, or of the pairs of a list, by index."""
        rows = self.rows if self.rows.ndim == 2 else self.rows[keep]
        return Cells(rows, self.columns[..., keep])

    def indices(self, at: tuple[IntArray, ...]) -> tuple[IntArray, IntArray]:
        """Mentor and mentee indices of some cells, given as ``np.nonzero`` gives them."""
        rows, columns = np.broadcast_arrays(self.rows, self.columns)
        return rows[at], columns[at]
