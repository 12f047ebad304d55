"""Solving equals looking at every matching, at every level of every order of objectives."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brute_force import WANTED, Matching, best
from fuzzing import fuzzed
from rmatch.instance import MAX_SCORE, Instance
from rmatch.properties.feasibility import is_matching
from rmatch.properties.stability import blocking_pairs
from rmatch.properties.welfare import value_of
from rmatch.solution import Solution
from rmatch.solving import STRATEGIES, solve
from rmatch.testing import instances
from shown import in_full

DEFAULT = ("pairs", "people", "priority", "stability", "warnings", "score", "tie_break")
BEST_SCORE = ("pairs", "people", "priority", "score", "tie_break")
STABLE_FIRST = ("stability", *(name for name in DEFAULT if name != "stability"))

# As large as all matchings of one can be listed: at most 512, 7 343 and 1 546 of them.
SMALL = in_full(
    st.one_of(
        instances(max_side=3, max_capacity=3),
        instances(max_side=4, max_capacity=2),
        instances(max_side=5, max_capacity=1),
    )
)
SEEDS = st.integers(0, 3)


def made(instance: Instance, solution: Solution) -> Matching:
    """The pairs of a solution, in the oracle's order."""
    return tuple(
        (int(instance.mentor[e]), int(instance.mentee[e])) for e in sorted(solution.chosen)
    )


def assert_best(
    instance: Instance, objectives: Sequence[str], solution: Solution, seed: int = 0
) -> None:
    """The solution is proved, and the oracle finds nothing better at any level."""
    answer = best(instance, objectives, seed)
    assert answer is not None
    assert dict(solution.objectives) == answer.levels
    assert [level.name for level in solution.levels] == list(objectives)
    assert solution.status == "optimal"
    assert all(level.proved and level.bound == level.value for level in solution.levels)
    assert is_matching(instance, solution.chosen)
    assert made(instance, solution) in answer.matchings
    for level in solution.levels:
        assert level.value == value_of(level.name, instance, solution.chosen, seed)
    if "tie_break" in objectives:
        assert answer.matchings == [made(instance, solution)]


@fuzzed
@given(instance=SMALL, seed=SEEDS)
def test_the_default_is_the_best_of_all_matchings(instance: Instance, seed: int) -> None:
    """Pairs, people, priority, stability, warnings, score, and one answer by the tie-break."""
    assert_best(instance, DEFAULT, solve(instance, seed=seed), seed)


@fuzzed
@given(instance=SMALL, seed=SEEDS)
def test_best_score_is_the_best_of_all_matchings(instance: Instance, seed: int) -> None:
    """The strategy that asks for no stability."""
    assert_best(instance, BEST_SCORE, solve(instance, strategy="best_score", seed=seed), seed)


@fuzzed
@given(instance=SMALL, seed=SEEDS)
def test_stability_first_is_the_best_of_all_stable_matchings(instance: Instance, seed: int) -> None:
    """A stable matching always exists, so that asking for stability first never fails."""
    solution = solve(instance, STABLE_FIRST, seed=seed)
    assert_best(instance, STABLE_FIRST, solution, seed)
    assert solution.objectives["stability"] == 0
    assert len(blocking_pairs(instance, solution.chosen)) == 0


@fuzzed
@given(
    instance=SMALL,
    objectives=st.permutations(sorted(WANTED)).flatmap(
        lambda names: st.integers(1, len(names)).map(lambda count: tuple(names[:count]))
    ),
    seed=SEEDS,
)
def test_any_order_of_objectives_is_kept(
    instance: Instance, objectives: tuple[str, ...], seed: int
) -> None:
    """Every order of every subset of the objectives is solved as it stands."""
    assert_best(instance, objectives, solve(instance, objectives, seed=seed), seed)


@fuzzed
@given(
    instance=in_full(instances(max_side=3, max_score=MAX_SCORE - 1)),
    objectives=st.sampled_from((DEFAULT, BEST_SCORE, STABLE_FIRST, ("score", "pairs"))),
)
def test_huge_scores_do_not_overflow(instance: Instance, objectives: tuple[str, ...]) -> None:
    """Scores may be any integers below the limit that an instance checks."""
    assert_best(instance, objectives, solve(instance, objectives))


# ------------------------------------------------------------------------------------- every 2 by 2


def _orders(others: list[int]) -> list[list[list[int]]]:
    """Every way to rank these, ties included."""
    if len(others) == 2:
        a, b = others
        return [[[a], [b]], [[b], [a]], [[a, b]]]
    return [[[other] for other in others]]


def two_by_two() -> Iterator[Instance]:
    """Every instance of two and two: all acceptabilities, all ranks with ties (136)."""
    cells = list(itertools.product(range(2), range(2)))
    for acceptable in itertools.product((False, True), repeat=4):
        pairs = {cell for cell, yes in zip(cells, acceptable, strict=True) if yes}
        rows = [_orders([j for j in range(2) if (i, j) in pairs]) for i in range(2)]
        columns = [_orders([i for i in range(2) if (i, j) in pairs]) for j in range(2)]
        for a, b, c, d in itertools.product(*rows, *columns):
            yield Instance.from_rankings([a, b], [c, d], score=[[5, 3], [4, 0]])


@pytest.mark.parametrize("objectives", [DEFAULT, BEST_SCORE, STABLE_FIRST], ids="-".join)
def test_every_instance_of_two_and_two(objectives: tuple[str, ...]) -> None:
    """Nothing of this size is left to chance."""
    every = list(two_by_two())
    assert len(every) == 136
    for instance in every:
        assert_best(instance, objectives, solve(instance, objectives))


def _random_lists(chance: np.random.Generator, owners: int, others: int) -> list[list[list[int]]]:
    lists = []
    for _ in range(owners):
        listed = chance.permutation(others)[: chance.integers(0, others + 1)].tolist()
        groups: list[list[int]] = []
        for other in listed:
            if groups and chance.random() < 0.3:
                groups[-1].append(other)
            else:
                groups.append([other])
        lists.append(groups)
    return lists


@pytest.mark.parametrize("objectives", [DEFAULT, BEST_SCORE, STABLE_FIRST], ids="-".join)
def test_a_sample_of_three_and_three(objectives: tuple[str, ...]) -> None:
    """A hundred instances of three and three with short lists and ties, always the same ones."""
    chance = np.random.default_rng(1962)
    for _ in range(100):
        instance = Instance.from_rankings(
            _random_lists(chance, 3, 3),
            _random_lists(chance, 3, 3),
            score=chance.integers(0, 10, (3, 3)),
        )
        assert_best(instance, objectives, solve(instance, objectives))


# ---------------------------------------------------------------------------------------- structure


def strict(instance: Instance) -> Instance:
    """The instance with every tie broken by the other's index."""
    return Instance.from_pairs(
        instance.mentor,
        instance.mentee,
        instance.mentor_rank * 1_000 + instance.mentee,
        instance.mentee_rank * 1_000 + instance.mentor,
        score=instance.score,
        warned=instance.warned,
        mentor_capacity=instance.mentor_capacity,
        mentee_capacity=instance.mentee_capacity,
        mentor_priority=instance.mentor_priority,
        mentee_priority=instance.mentee_priority,
    )


@fuzzed
@given(instance=in_full(instances(max_side=8, max_capacity=3).map(strict)))
def test_without_ties_all_stable_matchings_fill_the_same_places(instance: Instance) -> None:
    """Rural hospitals (Roth, 1986; Alkan, 1999, with capacities on both sides)."""
    first = solve(instance, ("stability", "score", "tie_break"))
    second = solve(instance, ("stability", "warnings", "people", "tie_break"))
    for side in (instance.mentor, instance.mentee):
        places = [sorted(side[list(solution.chosen)].tolist()) for solution in (first, second)]
        assert places[0] == places[1]


# ---------------------------------------------------------------------------------------- edges


@pytest.mark.parametrize("objectives", [DEFAULT, BEST_SCORE, STABLE_FIRST], ids="-".join)
@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (3, 0), (2, 2)])
def test_nobody_to_match_is_ordinary(n: int, m: int, objectives: tuple[str, ...]) -> None:
    """Empty programmes and programmes without an acceptable pair give an empty, proved matching."""
    instance = Instance.from_rankings([[] for _ in range(n)], [[] for _ in range(m)])
    solution = solve(instance, objectives)
    assert solution.chosen == ()
    assert solution.status == "optimal"
    assert all(level.value == level.bound == 0 for level in solution.levels)


def test_every_strategy_is_the_order_of_objectives_it_says_it_is() -> None:
    """A strategy's name and its objectives spelt out give the same answer."""
    instance = Instance.from_scores([[5, 3, 1], [4, 4, 0], [2, 2, 2]], mentor_capacity=[1, 2, 1])
    for name, objectives in STRATEGIES.items():
        by_name, spelt_out = solve(instance, strategy=name), solve(instance, objectives)
        assert by_name.chosen == spelt_out.chosen
        assert_best(instance, objectives, by_name)
    assert tuple(STRATEGIES["stable"]) == DEFAULT
    assert tuple(STRATEGIES["best_score"]) == BEST_SCORE


def test_a_strategy_and_objectives_together_make_no_sense() -> None:
    """A strategy is an order of objectives, so both cannot be given."""
    instance = Instance.from_scores([[1]])
    with pytest.raises(TypeError, match="not both"):
        solve(instance, ("pairs",), strategy="stable")
