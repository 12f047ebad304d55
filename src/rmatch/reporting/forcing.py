"""What forcing each pair costs, as a user holds it: in words, and as a frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from rmatch.explaining.forced import CellState
from rmatch.explaining.forcing import ForcingCells
from rmatch.explaining.level_words import VECTORS, number
from rmatch.explaining.wording import counted
from rmatch.instance import BoolArray
from rmatch.markup import card, paragraph, table
from rmatch.reporting.pairs import forcing_frame
from rmatch.reporting.wrapping import fitted

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class ForcingCost(ForcingCells):
    """The price of forcing each pair; ``str()`` sums it up, ``of()`` and ``to_frame()`` give all.

    See :class:`rmatch.explaining.forcing.ForcingCells` for its arrays.
    """

    @classmethod
    def of_cells(cls, cells: ForcingCells) -> ForcingCost:
        """The same arrays, with words."""
        return cls(**{one.name: getattr(cells, one.name) for one in fields(cells)})

    def to_frame(self) -> pd.DataFrame:
        """One row per mentor and mentee: ids, state, the level that decides, the known costs."""
        return forcing_frame(self)

    def __repr__(self) -> str:
        size = f"{len(self.mentor_ids)} × {len(self.mentee_ids)}"
        return f"ForcingCost({size}, {self._count(CellState.COMPUTED)} computed)"

    def __str__(self) -> str:
        return fitted("\n".join(self._lines()))

    def _repr_html_(self) -> str:
        rows = [(str(amount), words) for amount, words in self._rows()]
        pairs = table("By the first level that changes", ("pairs", "level"), rows, right={0})
        title = f"What forcing a pair costs, {self._size}"
        return card(title, pairs, *map(paragraph, self._open()))

    def _count(self, state: CellState) -> int:
        return int(np.count_nonzero(self.state == state))

    def _lines(self) -> Iterator[str]:
        yield f"What forcing a pair costs, {self._size}, by the first level that changes:"
        for amount, words in self._rows():
            yield f"  {amount:>7}  {words}"
        yield from self._open()

    @property
    def _size(self) -> str:
        return f"{len(self.mentor_ids)} mentors × {len(self.mentee_ids)} mentees"

    def _open(self) -> Iterator[str]:
        """What is not computed, and what is not proved."""
        if unknown := self._count(CellState.OPEN):
            pairs = counted(unknown, "pair")
            yield f"{pairs} not computed: the time was up, or nothing was proved."
        if not self.proved:
            yield (
                "The matching itself is not proved the best at these levels; "
                "prices compare with it as it is."
            )

    def _rows(self) -> Iterator[tuple[int, str]]:
        computed = self.state == CellState.COMPUTED
        yield self._count(CellState.MADE), "made already"
        yield int(np.count_nonzero(computed & (self.decides < 0))), "no level changes"
        for at, name in enumerate(self.levels):
            here = computed & (self.decides == at)
            worse, better = here & (self.cost[:, :, at] > 0), here & (self.cost[:, :, at] < 0)
            if worse.any():
                yield int(worse.sum()), f"{name}: worse{self._range(worse, at)}"
            if better.any():
                yield int(better.sum()), f"{name}: better than what was made, which is not proved"
        yield self._count(CellState.EXCLUDED), "not acceptable"
        if impossible := self._count(CellState.IMPOSSIBLE):
            yield impossible, "impossible: what is stated leaves no room"

    def _range(self, cells: BoolArray, level: int) -> str:
        name = self.levels[level]
        if name in VECTORS:
            return ""
        costs = self.cost[:, :, level][cells]
        low, high = (
            number(name, int(cost), for_people=self.for_people)
            for cost in (costs.min(), costs.max())
        )
        return f" by {low}" if low == high else f" by {low} to {high}"
