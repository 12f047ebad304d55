"""The linear relaxation where some pairs may block: every stability row with a slack, and prices.

A row that its pair may leave unmet gets a variable from 0 to 1, as strong as the row needs:

    c·Y + a·Z + (a·c − a − c)·x + a·c·s ≥ a·c

The fewest blocking pairs are at least the least sum of the slacks, which on cohorts comes within
one of it; with that sum held, the same rows bound every level after. Slacks are columns like pairs,
so prices also tell which pairs can block at all in a matching with few blocking pairs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.solving.clock import Clock
from rmatch.solving.relaxation import Floats, Priced, Program, Relaxation


class SlackRelaxation(Relaxation):
    """The LP of one instance in which pairs may block.

    Column ``n_pairs + e`` is the slack of pair e.
    """

    def __init__(self, instance: Instance, blockable: BoolArray, most: int | None) -> None:
        """Prepare.

        Args:
            instance: The instance.
            blockable: (E,) which pairs may block at all.
            most: How many may; ``None`` is no limit.
        """
        super().__init__(instance)
        self._blockable = blockable
        self._most = most
        self._per_block = 0
        """What each blocking pair counts in the sum."""

    def fewest(self, clock: Clock) -> Priced | None:
        """Minus the number of blocking pairs, as something to be made most."""
        self._per_block = -1
        return self.maximise(np.zeros(self._instance.n_pairs, dtype=np.int64), clock)

    def _rounds(
        self,
        weights: IntArray,
        clock: Clock,
        start: IntArray | None,
        also: tuple[IntArray, int] | None,
    ) -> Iterator[Priced]:
        del start
        slacks = np.full(self._instance.n_pairs, self._per_block, dtype=np.int64)
        columns = np.concatenate([self._alive, self._blockable])
        program = Program(columns, columns, np.concatenate([weights, slacks]))
        self._post_all(program, clock, also)
        while True:
            values = program.solve(clock)
            priced = None if values is None else program.priced(values)[0]
            if values is None or priced is None:
                return
            yield priced
            violated = self._violated(values).tolist()
            if not violated:
                return
            for pair in clock.watched(violated):
                self._rows[pair] = None
                self._post(program, pair)

    def _post_all(self, program: Program, clock: Clock, also: tuple[IntArray, int] | None) -> None:
        super()._post_all(program, clock, also)
        if self._most is not None:
            slacks = self._instance.n_pairs + np.flatnonzero(self._blockable)
            program.add(slacks, np.ones(len(slacks), dtype=np.int64), None, self._most)

    def _row(self, pair: int) -> tuple[IntArray, IntArray, int]:
        index, weights, need = super()._row(pair)
        if not self._blockable[pair]:
            return index, weights, need
        return np.append(index, self._instance.n_pairs + pair), np.append(weights, need), need

    def _violated(self, values: Floats) -> IntArray:
        count = self._instance.n_pairs
        return self._worst(self._short(values[:count]) - self._a * self._c * values[count:])
