"""A linear relaxation of the stable matchings, with rows added as they are needed, and its prices.

Very few stability rows bind (66 to 123 of 10 000 at a hundred a side), so the LP starts as an
assignment and adds violated rows in rounds. The row of a pair {m, s} with capacities a and c is

    c·Y + a·Z + (a·c − a − c)·x ≥ a·c

where Y and Z count what m and s hold at the pair's rank or better, the pair's own x included in
both. It holds in every stable matching: with x = 0 either Y = a or Z = c, with x = 1 both are at
least 1. For a = 1 it reads c·Y + Z − x ≥ c, which counts the pair once and is far tighter than "Y
or Z".

The LP is in floating point, but nothing rests on that: its dual prices are rounded to integers, and
any integer prices give a true bound (weak duality), and a true price for putting a pair in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rmatch.instance import Instance, IntArray, Quota
from rmatch.solving.clock import Clock
from rmatch.solving.terms import Terms

TOLERANCE = 1e-6
MAX_SCALE = 1 << 12
LIMIT = 1 << 60
Floats = npt.NDArray[np.float64]
PARAMETERS = "use_dual_simplex: true use_preprocessing: false"


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


class Relaxation:
    """The LP of one instance, over all its matchings or over those that no pair blocks."""

    def __init__(self, instance: Instance, *, stable: bool = True) -> None:
        self._instance = instance
        self._stable = stable
        self._sides = (
            _Prefix(instance.mentor, instance.mentor_rank, instance.n_mentors),
            _Prefix(instance.mentee, instance.mentee_rank, instance.n_mentees),
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
        self, weights: IntArray, clock: Clock, *, also: tuple[IntArray, int] | None = None
    ) -> Priced | None:
        """Bound and prices for a sum over pairs.

        ``None`` where the time ran out, no fractional matching keeps everything, or numbers grew
        too large. ``also`` is one more (weights, least value) to keep, this time only.
        """
        program = Program(np.flatnonzero(self._alive), weights)
        self._post_held(program, also)
        for pair in self._rows:
            self._post(program, pair)
        while True:
            values = program.solve(clock, self._instance.n_pairs)
            if values is None:
                return None
            violated = self._violated(values).tolist() if self._stable else []
            if not violated:
                return program.priced(values, self._instance.n_pairs)
            for pair in violated:
                self._rows[pair] = None
                self._post(program, pair)

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

    def _post(self, program: Program, pair: int) -> None:
        """The stability row of one pair."""
        index, weights, need = self._row(pair)
        program.add(index, weights, need, None)

    def _row(self, pair: int) -> tuple[IntArray, IntArray, int]:
        """Columns and weights of a pair's stability row, and what they come to at least."""
        a, c = int(self._a[pair]), int(self._c[pair])
        mine, theirs = (side.up_to(pair) for side in self._sides)
        index, place = np.unique(np.concatenate([mine, theirs, [pair]]), return_inverse=True)
        weights = np.zeros(len(index), dtype=np.int64)
        np.add.at(weights, place[: len(mine)], c)
        np.add.at(weights, place[len(mine) : -1], a)
        weights[place[-1]] += int(self._extra[pair])
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


class _Prefix:
    """One side's pairs in order of preference, for sums over "this rank or better"."""

    def __init__(self, owner: IntArray, rank: IntArray, count: int) -> None:
        order = np.lexsort((rank, owner))
        owners, ranks = owner[order], rank[order]
        self._order = order
        starts = np.searchsorted(owners, np.arange(count))
        ends = np.searchsorted(owners, np.arange(count), side="right")
        self.pairs_of = [order[a:b] for a, b in zip(starts, ends, strict=True)]
        new = (owners[1:] != owners[:-1]) | (ranks[1:] != ranks[:-1])
        group_ends = np.append(np.flatnonzero(new), len(order) - 1) + 1
        stop = group_ends[np.searchsorted(group_ends, np.arange(len(order)), side="right")]
        self._start = np.zeros(len(order), dtype=np.int64)
        self._stop = np.zeros(len(order), dtype=np.int64)
        self._start[order] = starts[owners]
        self._stop[order] = stop

    def up_to(self, pair: int) -> IntArray:
        """Pairs of the same person at the pair's rank or better, itself included."""
        return self._order[self._start[pair] : self._stop[pair]]

    def sums(self, values: Floats) -> Floats:
        """(E,) Σ of ``values`` over ``up_to`` each pair."""
        running = np.concatenate([[0.0], np.cumsum(values[self._order])])
        total: Floats = running[self._stop] - running[self._start]
        return total


class Program:
    """One LP in GLOP, with integer rows kept beside it so that prices can be checked exactly."""

    def __init__(self, columns: IntArray, weights: IntArray) -> None:
        from ortools.linear_solver import pywraplp

        self._columns = columns
        self._weights = weights[columns]
        self._solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        # Rows come in rounds: dual simplex goes on from the last basis, which presolve would lose.
        self._solver.SetSolverSpecificParametersAsString(PARAMETERS)
        self._optimal = pywraplp.Solver.OPTIMAL
        self._variables = {column: self._solver.NumVar(0.0, 1.0, "") for column in columns.tolist()}
        objective = self._solver.Objective()
        objective.SetMaximization()
        for column, weight in zip(columns.tolist(), self._weights.tolist(), strict=True):
            objective.SetCoefficient(self._variables[column], float(weight))
        self._rows: list[tuple[Any, IntArray, IntArray, int | None, int | None]] = []

    def add(self, index: IntArray, weights: IntArray, low: int | None, high: int | None) -> None:
        """Post ``low ≤ Σ weights · x ≤ high``."""
        infinity = self._solver.infinity()
        row = self._solver.Constraint(
            -infinity if low is None else float(low), infinity if high is None else float(high)
        )
        for column, weight in zip(index.tolist(), weights.tolist(), strict=True):
            row.SetCoefficient(self._variables[column], float(weight))
        self._rows.append((row, index, weights, low, high))

    def solve(self, clock: Clock, size: int) -> Floats | None:
        """(size,) the solution, 0 for columns that are not here; ``None`` where time ran out."""
        if clock.is_over:
            return None
        left = clock.left
        if left is not None:
            self._solver.SetTimeLimit(max(1, int(1000 * min(left, 1e6))))
        with clock.stopping(self._solver.InterruptSolve):
            status = self._solver.Solve()
        if status != self._optimal:
            return None
        values = np.zeros(size)
        for column, variable in self._variables.items():
            values[column] = variable.solution_value()
        return values

    def priced(self, values: Floats, size: int) -> Priced | None:
        """Integer prices from the duals, and what they prove.

        For any prices y, of a sign for which the row has a limit, every x that keeps the rows has
        w·x ≤ y·limit + Σ max(0, w − yA): both sides are integers here.
        """
        scale = self._scale()
        reduced = self._weights * scale
        size_of = np.abs(reduced).astype(np.float64)
        place = np.full(size, -1, dtype=np.int64)
        place[self._columns] = np.arange(len(self._columns))
        constant = 0
        for row, index, weights, low, high in self._rows:
            price = round(row.dual_value() * scale)
            limit = high if price > 0 else low
            if price == 0 or limit is None or abs(price) > LIMIT:
                continue
            constant += price * limit
            np.subtract.at(reduced, place[index], price * weights)
            np.add.at(size_of, place[index], abs(float(price)) * np.abs(weights))
        if size_of.max(initial=0.0) * max(1, len(size_of)) >= 2 * LIMIT:
            return None  # a sum could have overflowed: these prices prove nothing
        bound = constant + int(np.maximum(0, reduced).sum())
        fine = np.full(size, -LIMIT, dtype=np.int64)
        fine[self._columns] = bound - np.maximum(0, -reduced)
        return Priced(bound // scale, fine // scale, values, fine)

    def _scale(self) -> int:
        most = int(np.abs(self._weights).max(initial=1)) * max(1, len(self._columns))
        scale = MAX_SCALE
        while scale > 1 and most * scale > LIMIT >> 8:
            scale //= 2
        return scale
