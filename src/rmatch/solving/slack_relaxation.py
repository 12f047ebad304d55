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
from rmatch.solving.prefixes import Floats
from rmatch.solving.relaxation import Priced, Program, Relaxation, best_of


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

    def fewest(self, clock: Clock) -> Priced | None:
        """Minus the number of blocking pairs, as something to be made most."""
        nothing = np.zeros(self._instance.n_pairs, dtype=np.int64)
        return best_of(self._run(nothing, -1, clock, None))

    def maximise(
        self,
        weights: IntArray,
        clock: Clock,
        *,
        start: IntArray | None = None,
        also: tuple[IntArray, int] | None = None,
    ) -> Priced | None:
        """Bound and prices for a sum over pairs; see ``Relaxation``."""
        del start  # every pair is a column
        return best_of(self._run(weights, 0, clock, also))

    def _run(
        self, weights: IntArray, per_block: int, clock: Clock, also: tuple[IntArray, int] | None
    ) -> Iterator[Priced]:
        clock.check()  # what follows is long where pairs are many
        count = self._instance.n_pairs
        slacks = count + np.flatnonzero(self._blockable)
        every = np.concatenate([weights, np.full(count, per_block, dtype=np.int64)])
        columns = np.concatenate([self._alive, self._blockable])
        program = Program(columns, columns, every)
        self._post_held(program, also)
        if self._most is not None:
            program.add(slacks, np.ones(len(slacks), dtype=np.int64), None, self._most)
        for pair in clock.watched(self._rows):
            self._post(program, pair)
        while (values := program.solve(clock)) is not None:
            priced, _ = program.priced(values)
            if priced is None:
                return
            yield priced
            violated = self._violated(values).tolist()
            if not violated:
                return
            for pair in clock.watched(violated):
                self._rows[pair] = None
                self._post(program, pair)

    def _row(self, pair: int) -> tuple[IntArray, IntArray, int]:
        index, weights, need = super()._row(pair)
        if not self._blockable[pair]:
            return index, weights, need
        return np.append(index, self._instance.n_pairs + pair), np.append(weights, need), need

    def _violated(self, values: Floats) -> IntArray:
        count = self._instance.n_pairs
        return self._worst(self._short(values[:count]) - self._a * self._c * values[count:])
