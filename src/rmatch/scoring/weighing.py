"""From criteria to points: the weighted mean of a side, with what is missing filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rmatch.scoring.cells import Cells
from rmatch.scoring.criteria import Weighed, built_in
from rmatch.scoring.facts import Small
from rmatch.scoring.people import SIDES, People, Side
from rmatch.scoring.protocol import MISSING, TOP, Criterion, Values

Means = Mapping[tuple[str, Side], int]
"""What a missing value counts, by criterion and side."""

Points = npt.NDArray[np.int32]

_PER_PLANE = 8
"""Criteria whose gaps share a byte."""


# The criteria that count -------------------------------------------------------------------------


def weighed_criteria(
    people: People, weights: Mapping[str, int], custom: Sequence[Criterion]
) -> tuple[Weighed, ...]:
    """Every criterion that counts, with its weight: the settings', else a custom one's own.

    A custom one is asked here, once for each side, and checked. The bonus is not among them.

    Raises:
        ValueError: one that gives no values in a table of pairs.
    """
    own = [
        Weighed(criterion.name, weight, criterion.side, _as_told(people, criterion))
        for criterion in custom
        if (weight := weights.get(criterion.name, criterion.weight)) > 0
    ]
    return (*built_in(weights), *own)


def sides_of(criterion: Weighed) -> tuple[Side, ...]:
    """The sides that a criterion serves."""
    return SIDES if criterion.side == "both" else (criterion.side,)


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """What a user's own criterion said of all pairs, to be cut."""

    tables: Mapping[Side, Small]

    def __call__(self, people: People, cells: Cells, side: Side) -> Values:
        del people
        return cells.cut(self.tables[side])


def _as_told(people: People, criterion: Criterion) -> _Told:
    sides: tuple[Side, ...] = SIDES if criterion.side == "both" else (criterion.side,)
    return _Told(
        {side: _checked(people, criterion.name, criterion.values(people, side)) for side in sides}
    )


def _checked(people: People, name: str, values: Values) -> npt.NDArray[np.int16]:
    table = np.asarray(values)
    if table.shape != people.shape or table.dtype.kind not in "iu":
        raise ValueError(
            f"criterion {name!r} must give integers of shape {people.shape}, "
            f"not {table.dtype} of shape {table.shape}"
        )
    if table.size and (table.min() < MISSING or table.max() > TOP):
        raise ValueError(f"criterion {name!r} must give values 0–{TOP}, or {MISSING}")
    return table.astype(np.int16)


# Sums --------------------------------------------------------------------------------------------


class SideSums:
    """The weighted sums of one side while they are made, and what is missing in them.

    A missing value is −1 in a sum as it is in the values, so that nothing need be looked at twice:
    where the bit of its criterion is set, what it counts is 1 too small.

    Args:
        criteria: All that count.
        side: Whose.
        shape: (n, m), or the shape of the only cells.
    """

    def __init__(self, criteria: Sequence[Weighed], side: Side, shape: tuple[int, ...]) -> None:
        self.side = side
        self.criteria = [one for one in criteria if side in sides_of(one)]
        self._place = {one.name: k for k, one in enumerate(self.criteria)}
        self._whole = sum(one.weight for one in self.criteria)
        self._sums = np.zeros(shape, dtype=whole_numbers(2 * (TOP + 1) * self._whole))
        self._gaps: dict[int, npt.NDArray[np.uint8]] = {}
        self._known = {one.name: [0, 0] for one in self.criteria}

    def serves(self, criterion: Weighed) -> bool:
        """Whether the criterion is part of this side's points."""
        return criterion.name in self._place

    def add(self, criterion: Weighed, values: Values, part: slice) -> None:
        """Add one criterion's values, −1 where missing, to this part of the sums."""
        sums = self._sums[part]
        sums += np.multiply(values, criterion.weight, dtype=sums.dtype)
        gaps = values < 0
        gap_count = int(np.count_nonzero(gaps))
        known = self._known[criterion.name]
        known[0] += int(values.sum(dtype=np.int64)) + gap_count
        known[1] += values.size - gap_count
        if gap_count:
            plane, shift = divmod(self._place[criterion.name], _PER_PLANE)
            if plane not in self._gaps:
                self._gaps[plane] = np.zeros(self._sums.shape, dtype=np.uint8)
            # A product, for NumPy shifts bytes one at a time.
            self._gaps[plane][part] |= gaps.view(np.uint8) * np.uint8(1 << shift)

    def means(self) -> dict[tuple[str, Side], int]:
        """By criterion, the mean of the values that were known; half the scale without one."""
        return {
            (name, self.side): (2 * total + count) // (2 * count) if count else TOP // 2
            for name, (total, count) in self._known.items()
        }

    def points(self, means: Means, parts: Sequence[slice]) -> Points:
        """The weighted mean with missing values filled in: the same for any unit of weight.

        In place where the sums have room for no more than points; the sums are used up.
        """
        in_place = self._sums.dtype == np.int32
        points = self._sums if in_place else np.empty(self._sums.shape, dtype=np.int32)
        fillers = {plane: self._fillers(plane, means) for plane in self._gaps}
        for part in parts:
            sums = self._sums[part]
            for plane, filler in fillers.items():
                gaps = self._gaps[plane][part]
                if gaps.any():
                    sums += filler[gaps]
            points[part] = rounded(sums, self._whole)
        return points

    def _fillers(self, plane: int, means: Means) -> npt.NDArray[Any]:
        """By the bits of a plane, what is too little in the sums."""
        bits = np.arange(1 << _PER_PLANE)
        filler = np.zeros(len(bits), dtype=self._sums.dtype)
        first = plane * _PER_PLANE
        for shift, one in enumerate(self.criteria[first : first + _PER_PLANE]):
            filler += (bits >> shift & 1) * (one.weight * (means[one.name, self.side] + 1))
        return filler


def add_values(
    people: People, cells: Cells, criteria: Sequence[Weighed], sums: Sequence[SideSums], part: slice
) -> None:
    """Add what every criterion says of these cells, which are this part of the sums."""
    for criterion in criteria:
        values: Values | None = None
        for one in sums:
            if one.serves(criterion):
                if values is None or not criterion.alike:
                    values = criterion.values(people, cells, one.side)
                one.add(criterion, values, part)


def rounded(sums: npt.NDArray[Any], whole: int) -> npt.NDArray[Any]:
    """Sums over the whole weight, rounded half up; 0 where nothing weighs."""
    return (2 * sums + whole) // (2 * whole) if whole else np.zeros_like(sums)


def whole_numbers(largest: int) -> type[np.signedinteger[Any]]:
    """The integers to compute in where numbers come near ``largest``."""
    return np.int32 if largest < 2**30 else np.int64


def pair_points(
    mentor: npt.NDArray[Any], mentee: npt.NDArray[Any], weights: tuple[int, int]
) -> npt.NDArray[Any]:
    """The two sides' points as one."""
    a, b = weights
    points: npt.NDArray[Any] = (2 * (a * mentor + b * mentee) + a + b) // (2 * (a + b))
    return points
