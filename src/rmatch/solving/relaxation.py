"""A linear relaxation of the stable matchings, and its prices; rows and columns come as needed.

Very few stability rows bind (66 to 123 of 10 000 at a hundred a side), so the LP starts as an
assignment and adds violated rows in rounds. The row of a pair {m, s} with capacities a and c is

    c·Y + a·Z + (a·c − a − c)·x ≥ a·c

where Y and Z count what m and s hold at the pair's rank or better, the pair's own x included in
both. It holds in every stable matching: with x = 0 either Y = a or Z = c, with x = 1 both are at
least 1. For a = 1 it reads c·Y + Z − x ≥ c, which counts the pair once and is far tighter than "Y
or Z".

Nor do many pairs matter: with a million of them the LP starts from the best few of everybody, and
those whose price says that they could raise it are added in the same rounds (column generation;
Dantzig and Wolfe, 1960).

The LP is in floating point, but nothing rests on that: its dual prices are rounded to integers, and
any integer prices give a true bound (weak duality), and a true price for putting a pair in. They
are worked out over all pairs, those that are no columns yet included, so every round's prices hold,
and an LP that ran out of time has proved something too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray, Quota
from rmatch.solving.clock import Clock, OutOfTimeError
from rmatch.solving.prefixes import Floats, Prefixes
from rmatch.solving.terms import Terms
from rmatch.work import count

TOLERANCE = 1e-6
MAX_SCALE = 1 << 12
LIMIT = 1 << 60
MANY = 20_000
"""With more pairs than this the LP starts from some of them."""

FIRST = 8
"""Pairs a person it then starts from: so many by weight, by either side's rank."""

MORE = 3
"""Pairs a person added a round."""

SHORT = 32
"""Where rows have no more pairs than this on average, a large LP gets all of them at once."""

FIRST_ORDER = (
    "termination_criteria {simple_optimality_criteria {eps_optimal_relative: 1e-4} "
    "iteration_limit: 50000}"
)
"""Where sums of very different sizes are held, or nothing keeps them, it may never end by itself;
then its prices are done without."""

AFTER_ROWS = "use_dual_simplex: true use_preprocessing: false"
AFTER_COLUMNS = "use_dual_simplex: false use_preprocessing: false"
"""From the last basis, which presolve would lose: rows leave it dual feasible, columns primal."""


@dataclass(frozen=True, slots=True)
class Priced:
    """What the prices say of the stable matchings that keep what is held.

    None is worth more than ``bound``; none that has a given pair is worth more than that pair's
    ``ceiling`` (E,); ``values`` (E,) is the LP's solution. ``fine`` (E,) orders pairs as their
    ceilings do before these were rounded to whole units, which says more where a unit is much.
    """

    bound: int
    ceiling: IntArray
    values: Floats
    fine: IntArray

    def then(self, later: Priced) -> Priced:
        """The best that both say, with the later solution."""
        return Priced(
            min(self.bound, later.bound),
            np.minimum(self.ceiling, later.ceiling),
            later.values,
            later.fine,
        )


def best_of(rounds: Iterator[Priced]) -> Priced | None:
    """What all rounds say that there was time for, if there was for any."""
    best: Priced | None = None
    with suppress(OutOfTimeError):
        for priced in rounds:
            best = priced if best is None else best.then(priced)
    return best


class Relaxation:
    """The LP of one instance, over all its matchings or over those that no pair blocks."""

    def __init__(self, instance: Instance, *, stable: bool = True) -> None:
        self._instance = instance
        self._stable = stable
        self._sides = (
            Prefixes(instance.mentor, instance.mentor_rank, instance.n_mentors),
            Prefixes(instance.mentee, instance.mentee_rank, instance.n_mentees),
        )
        self._alive = np.ones(instance.n_pairs, dtype=bool)
        self._held: list[tuple[IntArray, int]] = []
        self._rows: dict[int, None] = {}
        """Pairs whose stability row is posted, in order."""
        a = instance.mentor_capacity[instance.mentor]
        c = instance.mentee_capacity[instance.mentee]
        self._a, self._c, self._extra = a, c, a * c - a - c

    def forbid(self, pairs: IntArray) -> None:
        """Pairs that no matching from now on holds."""
        self._alive[pairs] = False

    def hold_if_linear(self, terms: Terms, value: int) -> None:
        """Only matchings worth at least ``value`` from now on, where pairs alone say what is."""
        weights = terms.as_pairs(self._instance)
        if weights is not None and weights.any():
            self._held.append((weights, value))

    def maximise(
        self,
        weights: IntArray,
        clock: Clock,
        *,
        start: IntArray | None = None,
        also: tuple[IntArray, int] | None = None,
    ) -> Priced | None:
        """Bound and prices for a sum over pairs; the best so far where the time ran out.

        ``None`` where there were none in time, no fractional matching keeps everything, or numbers
        grew too large. ``start`` is a matching that keeps everything, if one is known, and ``also``
        one more (weights, least value) to keep, this time only.
        """
        return best_of(self._rounds(weights, clock, start, also))

    def _rounds(
        self,
        weights: IntArray,
        clock: Clock,
        start: IntArray | None,
        also: tuple[IntArray, int] | None,
    ) -> Iterator[Priced]:
        clock.check()
        program = self._program(weights, start)
        self._post_held(program, also)
        self._post_rows(program, list(self._rows), clock)
        while True:
            values = program.solve(clock)
            if values is None:
                if not program.add_columns(self._every_pair(program.has_column)):
                    return
                continue  # it is infeasible with some columns: it may not be with all
            priced, gain = program.priced(values)
            if priced is None:
                return
            yield priced
            violated = self._violated(values).tolist() if self._stable else []
            if violated:
                self._post_rows(program, violated, clock)
                continue
            settled = priced.bound <= program.worth(values) + TOLERANCE
            if settled or not program.add_columns(self._wanted(gain, program.has_column)):
                return

    def _program(self, weights: IntArray, start: IntArray | None) -> Program:
        """The LP with its first columns, and no row yet."""
        if self._is_sparse:
            self._rows = dict.fromkeys(range(self._instance.n_pairs))
            return Program(self._alive, self._alive, weights, first_order=True)
        return Program(self._alive, self._first_columns(weights, start), weights)

    @property
    def _is_sparse(self) -> bool:
        """Whether PDLP, a first-order method, is faster: many pairs, few of them in a row.

        At 10 000 a side with 50 000 pairs it takes 2 s for what simplex does not end in a minute.
        Its prices are rounded like any others.
        """
        entries = sum(int(side.lengths.sum()) for side in self._sides)
        many = int(self._alive.sum()) > MANY
        return self._stable and many and entries <= SHORT * self._instance.n_pairs

    # Columns --------------------------------------------------------------------------------------

    def _first_columns(self, weights: IntArray, start: IntArray | None) -> BoolArray:
        """Everybody's best few pairs by weight and by rank, and a matching that is known."""
        if int(self._alive.sum()) <= MANY:
            return self._alive.copy()
        chosen = self._best_few(weights, FIRST)
        if start is not None:
            chosen[start] = True
        return chosen & self._alive

    def _best_few(self, weights: IntArray, count: int) -> BoolArray:
        """Everybody's best pairs by weight, and by both ranks together: ``count`` of each."""
        instance = self._instance
        alive = np.flatnonzero(self._alive)
        chosen = np.zeros(instance.n_pairs, dtype=bool)
        ranks = instance.mentor_rank + instance.mentee_rank
        for owner in (instance.mentor, instance.mentee):
            for key in (-weights, ranks):
                chosen[alive[_first_of_each(owner[alive], key[alive], count)]] = True
        return chosen

    def _every_pair(self, has_column: BoolArray) -> BoolArray:
        """All pairs that are no columns yet."""
        return self._alive & ~has_column

    def _wanted(self, gain: IntArray, has_column: BoolArray) -> BoolArray:
        """Everybody's few pairs that raise the LP most and are no columns yet."""
        instance = self._instance
        wanted = np.zeros(instance.n_pairs, dtype=bool)
        some = np.flatnonzero(self._alive & ~has_column & (gain > 0))
        for owner in (instance.mentor, instance.mentee):
            wanted[some[_first_of_each(owner[some], -gain[some], MORE)]] = True
        return wanted

    # Rows -----------------------------------------------------------------------------------------

    def _post_held(self, program: Program, also: tuple[IntArray, int] | None) -> None:
        """Capacities, what is held, and quotas."""
        for index, capacity in self._people():
            program.add(index, np.ones(len(index), dtype=np.int64), None, capacity)
        for held, value in (*self._held, *([also] if also else ())):
            index = np.flatnonzero(self._alive & (held != 0))
            program.add(index, held[index], value, None)
        for quota in self._instance.quotas:
            self._post_quota(program, quota)

    def _people(self) -> list[tuple[IntArray, int]]:
        """Pairs and capacity of everybody who could get too many."""
        instance = self._instance
        found = []
        for side, capacity in zip(
            self._sides, (instance.mentor_capacity, instance.mentee_capacity), strict=True
        ):
            for person, pairs in enumerate(side.pairs_of):
                index = pairs[self._alive[pairs]]
                if len(index) > capacity[person]:
                    found.append((index, int(capacity[person])))
        return found

    def _post_quota(self, program: Program, quota: Quota) -> None:
        """A hard quota, where pairs alone say what it counts."""
        weights = Terms(quota.pair, quota.mentor, quota.mentee).as_pairs(self._instance)
        if quota.price is None and weights is not None:
            index = np.flatnonzero(self._alive & (weights != 0))
            program.add(index, weights[index], quota.minimum, quota.maximum)

    def _post_rows(self, program: Program, pairs: Sequence[int], clock: Clock) -> None:
        """The stability rows of some pairs."""
        for pair in clock.watched(pairs):
            self._rows[pair] = None
            index, weights, need = self._row(pair)
            program.add(index, weights, need, None)

    def _row(self, pair: int) -> tuple[IntArray, IntArray, int]:
        """Columns and weights of a pair's stability row, and what they come to at least."""
        a, c = int(self._a[pair]), int(self._c[pair])
        mine, theirs = (side.up_to(pair) for side in self._sides)
        mine, theirs = mine[mine != pair], theirs[theirs != pair]  # no other pair is in both
        index = np.concatenate([mine, theirs, [pair]])
        weights = np.repeat([c, a, a * c], [len(mine), len(theirs), 1])
        keep = self._alive[index]
        return index[keep], weights[keep], a * c

    def _violated(self, values: Floats) -> IntArray:
        """Pairs whose row is violated and not posted, the worst first."""
        return self._worst(self._short(values))

    def _short(self, values: Floats) -> Floats:
        """(E,) by how much each pair's row is unmet."""
        mine, theirs = (side.sums(values) for side in self._sides)
        short: Floats = self._a * self._c - (
            self._c * mine + self._a * theirs + self._extra * values
        )
        return short

    def _worst(self, short: Floats) -> IntArray:
        """Pairs that are short of more than rounding and not posted, the worst first."""
        short[list(self._rows)] = 0
        candidates = np.flatnonzero(short > TOLERANCE * self._a * self._c)
        most = 4 * (self._instance.n_mentors + self._instance.n_mentees)
        return candidates[np.argsort(-short[candidates], kind="stable")][:most]


def _first_of_each(owner: IntArray, key: IntArray, count: int) -> IntArray:
    """Indices of the ``count`` entries of least key of each owner."""
    order = np.lexsort((key, owner))
    owners = owner[order]
    starts = np.flatnonzero(np.concatenate([[True], owners[1:] != owners[:-1]])[: len(owners)])
    first = np.repeat(starts, np.diff(np.append(starts, len(owners))))
    return order[np.arange(len(owners)) - first < count]


class Program:
    """One LP over some of its columns, and beside it integer rows over all of them."""

    def __init__(
        self, alive: BoolArray, columns: BoolArray, weights: IntArray, *, first_order: bool = False
    ) -> None:
        from ortools.linear_solver import pywraplp

        self._alive = np.flatnonzero(alive)
        self._weights = np.where(alive, weights, 0)
        self._solver: Any = pywraplp.Solver.CreateSolver("PDLP" if first_order else "GLOP")
        self._optimal = pywraplp.Solver.OPTIMAL
        self._infeasible = pywraplp.Solver.INFEASIBLE
        self._objective = self._solver.Objective()
        self._objective.SetMaximization()
        self._rows: list[tuple[Any, IntArray, IntArray, int | None, int | None]] = []
        self._variables: dict[int, Any] = {}
        self._spare: list[Any] = []
        self.has_column = np.zeros(len(alive), dtype=bool)
        """(E,) which pairs the solver knows of."""
        self._after_rows = FIRST_ORDER if first_order else AFTER_ROWS
        self._after_columns = FIRST_ORDER if first_order else AFTER_COLUMNS
        self.add_columns(columns)
        self._solver.SetSolverSpecificParametersAsString(self._after_rows)

    def add_columns(self, more: BoolArray) -> bool:
        """Tell the solver of more pairs, in all rows so far; whether there were any."""
        more = more & ~self.has_column
        columns = np.flatnonzero(more)
        for column, weight in zip(columns.tolist(), self._weights[columns].tolist(), strict=True):
            self._variables[column] = self._solver.NumVar(0.0, 1.0, "")
            self._objective.SetCoefficient(self._variables[column], float(weight))
        for row, index, weights, _, _ in self._rows:
            self._fill(row, index, weights, more)
        self.has_column |= more
        self._solver.SetSolverSpecificParametersAsString(self._after_columns)
        return len(columns) > 0

    def take(self, more: IntArray, reserve: int) -> None:
        """Tell the solver of columns, all of one weight, that are in no row so far.

        A reserve of columns that mean nothing yet is kept: rows that come together with new columns
        would lose the solver its last basis.
        """
        if len(more) > len(self._spare):
            weight = float(self._weights[more[0]])
            for _ in range(len(more) + reserve):
                self._spare.append(self._solver.NumVar(0.0, 1.0, ""))
                self._objective.SetCoefficient(self._spare[-1], weight)
        for column in more.tolist():
            self._variables[column] = self._spare.pop()
        self.has_column[more] = True

    def add(self, index: IntArray, weights: IntArray, low: int | None, high: int | None) -> None:
        """Post ``low ≤ Σ weights · x ≤ high``."""
        infinity = self._solver.infinity()
        row = self._solver.Constraint(
            -infinity if low is None else float(low), infinity if high is None else float(high)
        )
        self._fill(row, index, weights, self.has_column)
        self._rows.append((row, index, weights, low, high))

    def _fill(self, row: Any, index: IntArray, weights: IntArray, columns: BoolArray) -> None:
        here = columns[index]
        for column, weight in zip(index[here].tolist(), weights[here].tolist(), strict=True):
            row.SetCoefficient(self._variables[column], float(weight))

    def solve(self, clock: Clock) -> Floats | None:
        """(E,) the solution, 0 for pairs that are no columns; ``None`` where it is infeasible.

        Raises:
            OutOfTimeError: the time is up.
        """
        clock.check()
        count(programs=1, columns=len(self._variables), rows=self._solver.NumConstraints())
        left = clock.left
        if left is not None:
            self._solver.SetTimeLimit(max(1, int(1000 * min(left, 1e6))))
        with clock.stopping(self._solver.InterruptSolve):
            status = self._solver.Solve()
        self._solver.SetSolverSpecificParametersAsString(self._after_rows)
        if status == self._infeasible:
            return None
        if status != self._optimal:
            raise OutOfTimeError
        values = np.zeros(len(self.has_column))
        for column, variable in self._variables.items():
            values[column] = variable.solution_value()
        return values

    def worth(self, values: Floats) -> float:
        """What a solution is worth."""
        return float((values * self._weights).sum())

    def priced(self, values: Floats) -> tuple[Priced | None, IntArray]:
        """Integer prices from the duals, what they prove, and (E,) by how much pairs beat them.

        For any prices y, of a sign for which the row has a limit, every x that keeps the rows has
        w·x ≤ y·limit + Σ max(0, w − yA): both sides are integers here.
        """
        scale = self._scale()
        reduced = self._weights * scale
        size_of = np.abs(reduced).astype(np.float64)
        constant = 0
        for row, index, weights, low, high in self._rows:
            dual = row.dual_value() * scale
            price = round(dual) if math.isfinite(dual) else 0
            limit = high if price > 0 else low
            if price == 0 or limit is None or abs(price) > LIMIT:
                continue
            constant += price * limit
            reduced[index] -= price * weights  # no pair is in a row twice
            size_of[index] += abs(float(price)) * np.abs(weights)
        reduced, size_of = reduced[self._alive], size_of[self._alive]
        everywhere = np.zeros(len(values), dtype=np.int64)
        if size_of.max(initial=0.0) * max(1, len(size_of)) >= 2 * LIMIT:
            return None, everywhere  # a sum could have overflowed: these prices prove nothing
        bound = constant + int(np.maximum(0, reduced).sum())
        fine = np.full(len(values), -LIMIT, dtype=np.int64)
        fine[self._alive] = bound - np.maximum(0, -reduced)
        everywhere[self._alive] = reduced
        return Priced(bound // scale, fine // scale, values, fine), everywhere

    def _scale(self) -> int:
        most = int(np.abs(self._weights).max(initial=1)) * max(1, len(self._alive))
        scale = MAX_SCALE
        while scale > 1 and most * scale > LIMIT >> 8:
            scale //= 2
        return scale
