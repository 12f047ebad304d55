"""What the criteria say of pairs, with missing values filled in: worked out when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray
from rmatch.scoring.cells import Cells
from rmatch.scoring.criteria import BONUS, Weighed, bonus
from rmatch.scoring.people import People, Side
from rmatch.scoring.protocol import MISSING, Values
from rmatch.scoring.weighing import Means, sides_of

SMALL = 2**16
"""Of so many pairs a table is made at once, also if one pair is asked about."""


@dataclass(frozen=True, slots=True)
class CriterionValues:
    """One criterion over all pairs: per side it serves, values with missing ones filled in.

    ``known`` says where a value was computed from facts; elsewhere it is the criterion's mean. The
    tables are made when they are taken out; ``at`` and ``known_at`` need none.
    """

    name: str
    weight: int
    values: Mapping[Side, Values]
    known: Mapping[Side, BoolArray]
    is_bonus: bool = False

    def at(self, cells: Cells, side: Side) -> Values:
        """The values of some cells."""
        values: Values = _of(self.values, cells, side)
        return values

    def known_at(self, cells: Cells, side: Side) -> BoolArray:
        """Whether they were computed from facts."""
        known: BoolArray = _of(self.known, cells, side)
        return known

    def of_pair(self, mentor: int, mentee: int) -> dict[Side, tuple[int, bool]]:
        """Per side it serves, one pair's value and whether it is known, by indices."""
        pair = Cells.listed([mentor], [mentee])
        return {
            side: (int(self.at(pair, side)[0]), bool(self.known_at(pair, side)[0]))
            for side in self.values
        }


def _of(tables: Mapping[Side, Any], cells: Cells, side: Side) -> Any:
    return tables.at(cells, side) if isinstance(tables, _Asked) else cells.cut(tables[side])


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Where a criterion's values come from.

    Attributes:
        people: Everyone.
        criterion: The criterion; ``None`` for the bonus.
        means: What its missing values count.
        weight: Of the bonus.
    """

    people: People
    criterion: Weighed | None
    means: Means
    weight: int = 0

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides it serves."""
        return ("mentee",) if self.criterion is None else sides_of(self.criterion)

    def values(self, cells: Cells, side: Side) -> npt.NDArray[Any]:
        """Values, missing ones filled in."""
        if self.criterion is None:
            return bonus(self.people, cells, self.weight)
        raw = self.criterion.values(self.people, cells, side)
        filled: Values = np.where(raw < 0, np.int16(self.means[self.criterion.name, side]), raw)
        return filled

    def known(self, cells: Cells, side: Side) -> npt.NDArray[Any]:
        """Whether they are known; the bonus always is."""
        if self.criterion is None:
            return np.ones(cells.shape, dtype=bool)
        known: BoolArray = self.criterion.values(self.people, cells, side) != MISSING
        return known


class _Asked(Mapping[Side, npt.NDArray[Any]]):
    """(n, m) tables by side, made when they are asked for, and kept."""

    def __init__(self, source: Source, *, known: bool) -> None:
        self._source = source
        self._known = known
        self._tables: dict[Side, npt.NDArray[Any]] = {}

    def __getitem__(self, side: Side) -> npt.NDArray[Any]:
        if side not in self._source.sides:
            raise KeyError(side)
        if side not in self._tables:
            self._tables[side] = self._made(Cells.whole(self._source.people), side)
        return self._tables[side]

    def __iter__(self) -> Iterator[Side]:
        return iter(self._source.sides)

    def __len__(self) -> int:
        return len(self._source.sides)

    def __contains__(self, side: object) -> bool:
        return side in self._source.sides

    def at(self, cells: Cells, side: Side) -> npt.NDArray[Any]:
        """Of some cells, without a table unless it is small or there."""
        n, m = self._source.people.shape
        if side in self._tables or n * m <= SMALL:
            return cells.cut(self[side])
        return self._made(cells, side)

    def _made(self, cells: Cells, side: Side) -> npt.NDArray[Any]:
        source = self._source
        made: npt.NDArray[Any] = (source.known if self._known else source.values)(cells, side)
        return made


def criterion_values(
    people: People, criterion: Weighed | None, means: Means, bonus_weight: int = 0
) -> CriterionValues:
    """A criterion's values; the bonus's where there is none."""
    source = Source(people, criterion, means, bonus_weight)
    return CriterionValues(
        BONUS if criterion is None else criterion.name,
        bonus_weight if criterion is None else criterion.weight,
        _Asked(source, known=False),
        _Asked(source, known=True),
        is_bonus=criterion is None,
    )
