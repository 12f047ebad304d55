"""The linear relaxation where some pairs may block: every stability row with a slack, and prices.

A row that its pair may leave unmet gets a variable from 0 to 1, as strong as the row needs:

    c·Y + a·Z + (a·c − a − c)·x + a·c·s ≥ a·c

The fewest blocking pairs are at least the least sum of the slacks, which on cohorts comes within
one of it; with that sum held, the same rows bound every level after. Slacks are columns like pairs,
so prices also tell which pairs can block at all in a matching with few blocking pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.solving.clock import Clock
from rmatch.solving.prefixes import Floats
from rmatch.solving.relaxation import Priced, Program, Relaxation

SHADES = 1 << 8
"""How finely the sum that leads a count tells pairs apart."""

BLOCK = 16
"""What a blocking pair counts there, in units of all that the leading sum can come to."""

BEST = 16
"""Pairs a person that an LP which counts starts from: so many by weight, and by both ranks."""


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

    _per_block = 0
    """What a slack counts beside the weights of pairs."""

    def _program(self, weights: IntArray, start: IntArray | None) -> Program:
        count = self._instance.n_pairs
        every = np.concatenate([weights, np.full(count, self._per_block, dtype=np.int64)])
        pairs = self._first_columns(weights, start)
        slacks = np.zeros(count, dtype=bool) if self._most is None else self._blockable
        program = Program(
            np.concatenate([self._alive, self._blockable]),
            np.concatenate([pairs & self._alive, slacks]),
            every,
        )
        if self._most is not None:
            index = count + np.flatnonzero(slacks)
            program.add(index, np.ones(len(index), dtype=np.int64), None, self._most)
        return program

    @property
    def _is_sparse(self) -> bool:
        return False  # slacks come with their rows

    def _post_rows(self, program: Program, pairs: Sequence[int], clock: Clock) -> None:
        count = self._instance.n_pairs
        index = np.asarray(pairs, dtype=np.int64)
        slacks = count + index[self._blockable[index]]
        slacks = slacks[~program.has_column[slacks]]
        program.take(slacks, self._instance.n_mentors + self._instance.n_mentees)
        super()._post_rows(program, pairs, clock)

    def _every_pair(self, has_column: BoolArray) -> BoolArray:
        return self._with_no_slacks(super()._every_pair(has_column[: self._instance.n_pairs]))

    def _wanted(self, gain: IntArray, has_column: BoolArray) -> BoolArray:
        """Pairs only: a slack whose row is not posted can raise nothing."""
        count = self._instance.n_pairs
        return self._with_no_slacks(super()._wanted(gain[:count], has_column[:count]))

    def _with_no_slacks(self, pairs: BoolArray) -> BoolArray:
        return np.concatenate([pairs, np.zeros(len(pairs), dtype=bool)])

    def _row(self, pair: int) -> tuple[IntArray, IntArray, int]:
        index, weights, need = super()._row(pair)
        if not self._blockable[pair]:
            return index, weights, need
        return np.append(index, self._instance.n_pairs + pair), np.append(weights, need), need

    def _violated(self, values: Floats) -> IntArray:
        count = self._instance.n_pairs
        return self._worst(self._short(values[:count]) - self._a * self._c * values[count:])


class Counting(SlackRelaxation):
    """The LP that says how many pairs must block at least.

    A count alone has so many optima that simplex gets lost among them: beside it a sum over pairs
    is made most, too small to make up for a sixteenth of a blocking pair. As that is never below 0,
    a bound on both is one on the count, once it is divided by what a blocking pair counts.
    """

    def __init__(
        self, instance: Instance, blockable: BoolArray, *, led: IntArray, first: BoolArray
    ) -> None:
        """Prepare.

        Args:
            instance: The instance.
            blockable: (E,) which pairs may block at all.
            led: (E,) the sum that is made most, of any size and sign: it is shifted and rounded.
            first: (E,) pairs to start from, among them those of a matching that is allowed.
        """
        super().__init__(instance, blockable, None)
        least, most = int(led.min(initial=0)), int(led.max(initial=0))
        self._led = (led - least) // (1 + (most - least) // SHADES)
        places = min(int(instance.mentor_capacity.sum()), int(instance.mentee_capacity.sum()))
        self._unit = BLOCK * max(1, places) * SHADES
        self._per_block = -self._unit
        self._first = first

    def rounds(self, clock: Clock) -> Iterator[Priced]:
        """Minus the number of blocking pairs, as something to be made most, round after round.

        Raises:
            OutOfTimeError: the time is up.
        """
        unit = self._unit
        for priced in self._rounds(self._led, clock, None, None):
            yield Priced(priced.bound // unit, priced.ceiling // unit, priced.values, priced.fine)

    def _first_columns(self, weights: IntArray, start: IntArray | None) -> BoolArray:
        del start  # among the first
        return (self._first | self._best_few(weights, BEST)) & self._alive
