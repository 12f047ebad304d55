"""Every objective alone, and every order of two: what is registered is tested.

Every way to rank two and two, up to names, and a sample of larger ones with everything that an
objective may look at: ties, short lists, places, warnings, priorities, the sides' scores, prices.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_against_brute_force import SEEDS, SMALL, assert_best, made, two_by_two
from test_constrained import STATED, assert_as_stated

from brute_force import WANTED, Matching, Problem, Value, matchings, stable_matchings
from fuzzing import fuzzed
from rmatch.instance import Instance, Quota, Stability
from rmatch.solving import solve
from rmatch.solving.objectives import REGISTRY

TWO = list(itertools.permutations(REGISTRY, 2))
SAMPLED = 24


@dataclass(frozen=True)
class Judged:
    """An instance, every matching of it, and what each is worth to every objective."""

    instance: Instance
    every: list[Matching]
    values: dict[str, list[Value]]

    def assert_solved(self, objectives: Sequence[str]) -> None:
        """Solving gives a matching of the best value, level after level, and says so."""
        left = list(range(len(self.every)))
        wanted = {}
        for name in objectives:
            of = self.values[name]
            wanted[name] = WANTED[name][1]([of[k] for k in left])
            left = [k for k in left if of[k] == wanted[name]]
        solution = solve(self.instance, objectives)
        assert dict(solution.objectives) == wanted
        assert solution.status == "optimal"
        assert all(level.bound == level.value for level in solution.levels)
        assert made(self.instance, solution) in [self.every[k] for k in left]


def judged(instance: Instance) -> Judged:
    """Every matching, looked at by every objective."""
    problem = Problem(instance)
    every = list(matchings(problem))
    values = {
        name: [measure(problem, matching) for matching in every]
        for name, (measure, _) in WANTED.items()
    }
    return Judged(instance, every, values)


def decorated(instance: Instance, chance: np.random.Generator) -> Instance:
    """The instance with something to see for every objective."""
    pairs, n, m = instance.n_pairs, instance.n_mentors, instance.n_mentees
    counted = [chance.integers(0, 2, size) for size in (pairs, n, m)]
    least = int(chance.integers(0, 3))
    price = Quota("priced", *counted, least, least + 1, int(chance.integers(1, 4)))
    return instance.replace(
        score=chance.integers(0, 5, pairs),
        mentor_score=chance.integers(0, 4, pairs),
        mentee_score=chance.integers(0, 4, pairs),
        warned=chance.random(pairs) < 0.4,
        mentor_priority=chance.integers(0, 3, n),
        mentee_priority=chance.integers(0, 3, m),
        quotas=(price,),
    )


@cache
def all_of_two_and_two() -> list[Judged]:
    """The 136."""
    chance = np.random.default_rng(1994)
    return [judged(decorated(instance, chance)) for instance in two_by_two()]


@cache
def two_and_two_up_to_names() -> list[Judged]:
    """One of those that differ in who is called first only."""
    kept = {}
    for one in all_of_two_and_two():
        sides = [one.instance.dense(one.instance.mentor_rank)]
        sides.append(one.instance.dense(one.instance.mentee_rank))
        names = {
            tuple(ranks[i, j] for ranks in sides for i in rows for j in columns)
            for rows in ((0, 1), (1, 0))
            for columns in ((0, 1), (1, 0))
        }
        kept.setdefault(min(names), one)
    return list(kept.values())


@cache
def sample() -> list[Judged]:
    """Unequal sides, ties, short lists, up to two places, always the same ones."""
    chance = np.random.default_rng(2003)
    return [judged(drawn) for drawn in itertools.islice(_drawn(chance), SAMPLED)]


def _drawn(chance: np.random.Generator) -> Iterator[Instance]:
    while True:
        n, m = chance.integers(1, 5, 2)
        ranks = chance.choice([1, 2, 4])
        rows, columns = np.nonzero(chance.random((n, m)) < chance.choice([0.6, 1.0]))
        if len(rows) <= 9:
            instance = Instance.from_pairs(
                rows,
                columns,
                chance.integers(0, ranks, len(rows)),
                chance.integers(0, ranks, len(rows)),
                mentor_capacity=chance.choice([0, 1, 1, 2], n),
                mentee_capacity=chance.choice([1, 1, 2], m),
            )
            yield decorated(instance, chance)


@pytest.mark.parametrize("name", REGISTRY)
def test_every_objective_alone(name: str) -> None:
    """It is best of all matchings, on everything that is tried here."""
    for one in (*all_of_two_and_two(), *sample()):
        one.assert_solved((name,))


@pytest.mark.parametrize("objectives", TWO, ids="-".join)
def test_every_order_of_two(objectives: tuple[str, str]) -> None:
    """The second is best among the matchings where the first is."""
    for one in (*two_and_two_up_to_names(), *sample()):
        one.assert_solved(objectives)


@fuzzed
@given(instance=st.one_of(SMALL, STATED), objectives=st.sampled_from(TWO), seed=SEEDS)
def test_any_order_of_two(instance: Instance, objectives: tuple[str, str], seed: int) -> None:
    """With or without statements."""
    assert_as_stated(instance, objectives, seed)


@pytest.mark.parametrize("stability", ["strong", "super"])
def test_every_instance_of_two_and_two_strongly_and_super_stable(stability: Stability) -> None:
    """The fewest pairs that block; none exactly where a stable matching exists."""
    exists = []
    for weak in two_by_two():
        instance = weak.replace(stability=stability)
        for objectives in (("stability", "pairs"), ("pairs", "stability")):
            assert_best(instance, objectives, solve(instance, objectives))
        exists.append(bool(stable_matchings(instance)))
        assert (solve(instance, ("stability",)).objectives["stability"] == 0) == exists[-1]
    assert (len(exists), exists.count(False)) == (136, {"strong": 24, "super": 49}[stability])


def test_places_as_good_as_unlimited() -> None:
    """Free places are counted, not listed: two thousand million of them take no memory.

    Whoever has as many places as partners could have a million more: each of those is free.
    """
    unlimited = 2**31 - 1
    bounded = Instance.from_scores(
        np.arange(6).reshape(2, 3), mentor_capacity=[3, 3], mentee_capacity=[2, 1, 2]
    )
    instance = bounded.replace(
        mentor_capacity=np.array([unlimited, unlimited]),
        mentee_capacity=np.array([unlimited, 1, 2]),
    )
    for name in REGISTRY:
        order = ("stability", name) if name != "stability" else (name,)
        first, second = solve(bounded, order), solve(instance, order)
        assert second.status == "optimal"
        if name == "egalitarian":
            more = 2 * (unlimited - 3) * 4 + (unlimited - 2) * 3
            assert second.objectives[name] == int(str(first.objectives[name])) + more
