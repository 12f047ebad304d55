"""Numbers that no linear sum over pairs makes: each posts what it needs beside the model's own.

What is posted can be no less than the number itself, and can equal it, so that its least value is
the least number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.properties.feasibility import Chosen
from rmatch.properties.ranks import rank_sums
from rmatch.properties.statements import prices
from rmatch.solving.matching_model import MatchingModel
from rmatch.solving.model import Row
from rmatch.solving.ranked import side_gains
from rmatch.solving.residual import quota_left
from rmatch.solving.terms import pair_terms

Sum = tuple[list[int], list[int], int]
"""Variables, weights, constant."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What the quotas that have a price cost: an integer per quota, the units off its limits."""

    def cost(self, instance: Instance, chosen: Chosen) -> int:
        """The prices of a matching."""
        return prices(instance, chosen)

    def floor(self, instance: Instance) -> int:
        """Nothing is cheaper than 0."""
        del instance
        return 0

    def post(
        self, model: MatchingModel, instance: Instance, pairs: IntArray, chosen: IntArray
    ) -> Sum:
        """An integer per priced quota."""
        variables, weights = [], []
        for quota in instance.quotas:
            if quota.price:
                left = quota_left(instance, quota, pairs, chosen)
                limits = abs(left.minimum) + abs(left.maximum or 0)
                most = limits + _reach(left.pair, left.mentor, left.mentee)
                off = model.model.new_integer(0, most)
                model.post_quota(left, off)
                variables.append(off)
                weights.append(quota.price)
        return variables, weights, 0


def _reach(*counts: IntArray) -> int:
    """More than any count can come to."""
    return sum(int(np.abs(count).sum()) for count in counts)


@dataclass(frozen=True, slots=True)
class Balance:
    """The larger rank sum of the two sides, or the difference between them."""

    difference: bool

    def cost(self, instance: Instance, chosen: Chosen) -> int:
        """The larger sum, or the difference, at a matching."""
        mentors, mentees = rank_sums(instance, chosen)
        return abs(mentors - mentees) if self.difference else max(mentors, mentees)

    def floor(self, instance: Instance) -> int:
        """Where every place had its first rank; a difference may be none."""
        if self.difference:
            return 0
        return max(int(instance.mentor_capacity.sum()), int(instance.mentee_capacity.sum()))

    def post(
        self, model: MatchingModel, instance: Instance, pairs: IntArray, chosen: IntArray
    ) -> Sum:
        """An integer that is at least both sums, or both differences."""
        start = list(rank_sums(instance, chosen))
        gains = side_gains(instance, pairs)
        if self.difference:
            start = [start[0] - start[1], start[1] - start[0]]
            gains = (gains[0] - gains[1], gains[1] - gains[0])
        least = self.floor(instance)
        most = max(*start, least) + _reach(*gains)
        larger = model.model.new_integer(least, most)
        for begun, gain in zip(start, gains, strict=True):
            variables, weights = model.sum_of(pair_terms(model.instance, gain))
            # larger ≥ begun − Σ gain · x
            model.model.rows.append(Row([*variables, larger], [*weights, 1], begun, None))
        return [larger], [1], 0


@dataclass(frozen=True, slots=True)
class WorstOff:
    """How many people's worst partner scores at most ``score`` on their own side, or have none."""

    score: int

    def cost(self, instance: Instance, chosen: Chosen) -> int:
        """How many there are in a matching."""
        index = np.asarray(chosen, dtype=np.int64)
        return sum(
            count - int(_well_off(owner[index], points[index], count, self.score).sum())
            for owner, points, count in _sides(instance)
        )

    def floor(self, instance: Instance) -> int:
        """There may be none."""
        del instance
        return 0

    def post(
        self, model: MatchingModel, instance: Instance, pairs: IntArray, chosen: IntArray
    ) -> Sum:
        """A boolean per person, true only for somebody well off."""
        variables: list[int] = []
        for number, (owner, points, count) in enumerate(_sides(instance)):
            made = {int(owner[pair]): True for pair in chosen}
            badly = {int(owner[pair]) for pair in chosen if points[pair] <= self.score}
            for person in range(count):
                if person in badly:
                    continue
                own = [
                    (variable, int(points[pairs[pair]]))
                    for pair, variable in model.matched_pairs_of(person, number)
                ]
                variables.append(self._post_person(model, own, matched=person in made))
        everybody = instance.n_mentors + instance.n_mentees
        return variables, [-1] * len(variables), everybody

    def _post_person(
        self, model: MatchingModel, own: list[tuple[int, int]], *, matched: bool
    ) -> int:
        well = model.model.new()
        for variable, points in own:
            if points <= self.score:
                model.model.clauses.append([~well, ~variable])
        if not matched:
            model.model.clauses.append([~well, *(variable for variable, _ in own)])
        return well


def _sides(instance: Instance) -> tuple[tuple[IntArray, IntArray, int], ...]:
    return (
        (instance.mentor, instance.mentor_score, instance.n_mentors),
        (instance.mentee, instance.mentee_score, instance.n_mentees),
    )


def _well_off(owner: IntArray, points: IntArray, count: int, score: int) -> IntArray:
    """(count,) 1 for everybody with partners who all score more than ``score``."""
    worst = np.full(count, score, dtype=np.int64)
    np.maximum.at(worst, owner, points)
    least = worst.copy()
    np.minimum.at(least, owner, points)
    return ((worst > score) & (least > score)).astype(np.int64)
