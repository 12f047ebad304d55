"""The straightforward integer program of one level, and what a matching is worth at it.

Written from the definitions and apart from the solver: one 0/1 variable per acceptable pair, a row
per person (no more partners than places), a row per pair (it does not block), and the levels before
held by rows at the values that were proved. A pair {m, s} whose m has one place and whose s has c
does not block where

    c · (m's pairs at this rank or better) + (s's pairs at this rank or better) ≥ c

and the other way round where s has one place. Where blocking pairs are counted, each of these rows
has a 0/1 slack of weight c.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rmatch import Instance, Solution

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LinearRow:
    """``low ≤ Σ weights · variables ≤ high``; ``None`` is no limit."""

    variables: list[int]
    weights: list[int]
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Question:
    """The best value of one level, given the values of the levels before it."""

    instance: Instance
    level: str
    held: Mapping[str, int]

    @property
    def sense(self) -> str:
        """Whether more or less is better."""
        return "min" if self.level in LEAST else "max"

    @property
    def has_slacks(self) -> bool:
        """Whether pairs may block at all."""
        return self.held.get("stability") != 0

    @property
    def is_posable(self) -> bool:
        """Whether the rows say all: of each pair somebody has one place."""
        mentor, mentee = _places(self.instance)
        return bool(np.all((mentor == 1) | (mentee == 1)))

    @property
    def size(self) -> int:
        """How many variables there are: the pairs, then their slacks."""
        return self.instance.n_pairs * (2 if self.has_slacks else 1)

    @cached_property
    def objective(self) -> LinearRow:
        """What is made most or least, without limits; a constant may be missing from it."""
        return self._level(self.level, None, None)

    def rows(self) -> Iterator[LinearRow]:
        """Places, stability, and the levels held."""
        instance = self.instance
        for owner, capacity in (
            (instance.mentor, instance.mentor_capacity),
            (instance.mentee, instance.mentee_capacity),
        ):
            for person, places in enumerate(capacity.tolist()):
                pairs = np.flatnonzero(owner == person).tolist()
                yield LinearRow(pairs, [1] * len(pairs), None, places)
        yield from self._stability()
        for name, value in self.held.items():
            if name != "stability" or value > 0:
                low, high = (None, value) if name in LEAST else (value, None)
                yield self._level(name, low, high)

    def _stability(self) -> Iterator[LinearRow]:
        instance = self.instance
        mine = _up_to(instance.mentor, instance.mentor_rank)
        theirs = _up_to(instance.mentee, instance.mentee_rank)
        for pair, (a, c) in enumerate(zip(*map(np.ndarray.tolist, _places(instance)), strict=True)):
            left = [other for other in mine(pair) if other != pair]
            right = [other for other in theirs(pair) if other != pair]
            variables = [*left, *right, pair]
            weights = [*([c] * len(left)), *([a] * len(right)), a + c]
            if self.has_slacks:
                variables.append(instance.n_pairs + pair)
                weights.append(a * c)
            yield LinearRow(variables, weights, a * c, None)

    def _level(self, name: str, low: int | None, high: int | None) -> LinearRow:
        count = self.instance.n_pairs
        if name == "stability":
            return LinearRow(list(range(count, 2 * count)), [1] * count, low, high)
        weights, constant = WEIGHTS[name](self.instance)
        limits = (None if limit is None else limit - constant for limit in (low, high))
        return LinearRow(list(range(count)), weights.tolist(), *limits)


LEAST = ("stability", "egalitarian")
"""Levels of which less is better."""


def question_of(instance: Instance, solution: Solution) -> Question:
    """The last level of a solution, with the levels before it held at what they came to."""
    *before, last = solution.levels
    return Question(instance, last.name, {level.name: level.value for level in before})


# What a matching is worth -------------------------------------------------------------------------


def value(name: str, instance: Instance, chosen: IntArray) -> int:
    """The value of a level at a matching, counted here and not by the solver."""
    if name == "stability":
        return len(blocking(instance, chosen))
    weights, constant = WEIGHTS[name](instance)
    return int(weights[chosen].sum()) + constant


def is_legal(instance: Instance, chosen: IntArray) -> bool:
    """Whether nobody has more partners than places and no pair is chosen twice."""
    mentors = np.bincount(instance.mentor[chosen], minlength=instance.n_mentors)
    mentees = np.bincount(instance.mentee[chosen], minlength=instance.n_mentees)
    return bool(
        len(np.unique(chosen)) == len(chosen)
        and np.all(mentors <= instance.mentor_capacity)
        and np.all(mentees <= instance.mentee_capacity)
    )


def blocking(instance: Instance, chosen: IntArray) -> IntArray:
    """The pairs that block: not chosen, and each of the two has a free place or a worse partner."""
    wants = [
        (loads < capacity)[owner] | (rank < worst[owner])
        for owner, rank, capacity in (
            (instance.mentor, instance.mentor_rank, instance.mentor_capacity),
            (instance.mentee, instance.mentee_rank, instance.mentee_capacity),
        )
        for loads, worst in [_held_by(owner[chosen], rank[chosen], len(capacity))]
    ]
    free = np.ones(instance.n_pairs, dtype=bool)
    free[chosen] = False
    return np.flatnonzero(free & wants[0] & wants[1])


def _held_by(owner: IntArray, rank: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """Per person, how many partners there are and the rank of the worst of them."""
    worst = np.zeros(count, dtype=np.int64)
    np.maximum.at(worst, owner, rank)
    return np.bincount(owner, minlength=count), worst


def _pairs(instance: Instance) -> tuple[IntArray, int]:
    return np.ones(instance.n_pairs, dtype=np.int64), 0


def _score(instance: Instance) -> tuple[IntArray, int]:
    return instance.score, 0


def _egalitarian(instance: Instance) -> tuple[IntArray, int]:
    """The sum of ranks; a free place counts as one rank after the person's last."""
    weights = np.zeros(instance.n_pairs, dtype=np.int64)
    constant = 0
    for owner, rank, capacity in (
        (instance.mentor, instance.mentor_rank, instance.mentor_capacity),
        (instance.mentee, instance.mentee_rank, instance.mentee_capacity),
    ):
        free = 1 + np.zeros(len(capacity), dtype=np.int64)
        np.maximum.at(free, owner, rank + 1)
        weights += rank - free[owner]
        constant += int((free * capacity).sum())
    return weights, constant


WEIGHTS: Mapping[str, Callable[[Instance], tuple[IntArray, int]]] = {
    "pairs": _pairs,
    "score": _score,
    "egalitarian": _egalitarian,
}
"""Per level that sums over pairs: (E,) weights, and the value of the empty matching."""


def _places(instance: Instance) -> tuple[IntArray, IntArray]:
    """(E,), (E,) the places of each pair's mentor and mentee."""
    return (
        instance.mentor_capacity[instance.mentor],
        instance.mentee_capacity[instance.mentee],
    )


def _up_to(owner: IntArray, rank: IntArray) -> Callable[[int], list[int]]:
    """Of a pair: its owner's pairs at its rank or better, itself included."""
    order = np.lexsort((rank, owner))
    listed = order.tolist()
    first = np.searchsorted(owner[order], owner, side="left").tolist()
    span = int(rank.max(initial=0)) + 1
    key = owner * span + rank
    last = np.searchsorted(key[order], key, side="right").tolist()
    return lambda pair: listed[first[pair] : last[pair]]
