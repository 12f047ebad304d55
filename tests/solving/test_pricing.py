"""The route of large cohorts (prices, look-ahead, core) on small ones, by listing matchings."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_against_brute_force import DEFAULT, SEEDS, SMALL, STABLE_FIRST, assert_best

from brute_force import best, stable_matchings
from fuzzing import fuzzed
from rmatch.instance import Instance
from rmatch.properties.feasibility import is_matching
from rmatch.properties.stability import blocking_pairs
from rmatch.solving import raising, relaxation, solve
from rmatch.solving.clock import Clock
from rmatch.solving.deletion import deletable
from rmatch.solving.relaxation import Relaxation
from rmatch.solving.second_chance import second_chance
from rmatch.testing import instances


@pytest.fixture(autouse=True, scope="module")
def prices_from_the_first_pair() -> Iterator[None]:
    """No cohort is too small for prices, and the core is a pair a person."""
    with (
        mock.patch.object(raising, "SMALL", 0),
        mock.patch.object(raising, "CORE_PAIRS", (1,)),
        mock.patch.object(raising, "SPREAD", 0),
    ):
        yield


PROGRAMS = st.sampled_from(
    (
        {"MANY": 20_000},  # GLOP over all pairs
        {"MANY": 0, "FIRST": 0, "MORE": 1, "SHORT": 0},  # from the best matching so far alone
        {"MANY": 0, "FIRST": 1, "MORE": 1, "SHORT": 0},
        {"MANY": 0, "SHORT": 1_000},  # PDLP, with all rows
    )
)
"""Thresholds under which small instances take each of the LP's routes."""

ORDERS = st.one_of(
    st.sampled_from((DEFAULT, STABLE_FIRST, ("stability", "warnings", "priority", "score"))),
    st.permutations([name for name in DEFAULT if name != "stability"]).map(
        lambda names: ("stability", *names)
    ),
    st.permutations(DEFAULT).map(tuple),
)


@pytest.mark.fuzz
@settings(max_examples=2 * settings().max_examples)
@given(
    instance=SMALL,
    seed=SEEDS,
    objectives=ORDERS,
    core=st.sampled_from(((1,), (1, 2), (2,), (3,))),
    program=PROGRAMS,
)
def test_by_prices_it_is_the_best_of_all_matchings(
    instance: Instance,
    seed: int,
    objectives: tuple[str, ...],
    core: tuple[int, ...],
    program: dict[str, int],
) -> None:
    """Bounds, ceilings and cores never cut off an optimum, nor one that a later level wants."""
    with (
        mock.patch.object(raising, "CORE_PAIRS", core),
        mock.patch.multiple(relaxation, **program),
    ):
        assert_best(instance, objectives, solve(instance, objectives, seed=seed), seed)


@fuzzed
@given(instance=SMALL)
def test_deletion_leaves_the_same_stable_matchings(instance: Instance) -> None:
    """Pairs are deleted that no stable matching holds, and nothing becomes stable by that."""
    gone = deletable(instance, Clock())
    rest = instance.only(~gone)
    assert set(stable_matchings(instance)) == set(stable_matchings(rest))


@fuzzed
@given(instance=SMALL, draw=st.randoms(use_true_random=False), program=PROGRAMS)
def test_every_stable_matching_keeps_to_its_prices(
    instance: Instance, draw: Random, program: dict[str, int]
) -> None:
    """No stable matching is worth more than the bound, or the ceiling of any of its pairs."""
    possible = (instance.mentor_capacity[instance.mentor] > 0) & (
        instance.mentee_capacity[instance.mentee] > 0
    )
    instance = instance.only(possible)
    weights = np.array([draw.randint(-50, 50) for _ in range(instance.n_pairs)], dtype=np.int64)
    with mock.patch.multiple(relaxation, **program):
        priced = Relaxation(instance).maximise(weights, Clock())
    assert priced is not None
    for matching in stable_matchings(instance):
        chosen = [instance.index_of(i, j) for i, j in matching]
        assert len(blocking_pairs(instance, chosen)) == 0
        worth = int(weights[chosen].sum()) if chosen else 0
        assert worth <= min([priced.bound, *(int(priced.ceiling[pair]) for pair in chosen)])


@given(instance=SMALL, draw=st.randoms(use_true_random=False))
def test_from_few_columns_the_bound_is_that_of_all_of_them(
    instance: Instance, draw: Random
) -> None:
    """Columns are added until none is left that could raise the LP."""
    weights = np.array([draw.randint(-50, 50) for _ in range(instance.n_pairs)], dtype=np.int64)
    whole = Relaxation(instance).maximise(weights, Clock())
    with mock.patch.multiple(relaxation, MANY=0, FIRST=1, MORE=1, SHORT=0):
        part = Relaxation(instance).maximise(weights, Clock())
    assert whole is not None
    assert part is not None
    assert part.bound == whole.bound


@given(instance=SMALL, mentors_propose=st.booleans(), draw=st.randoms(use_true_random=False))
def test_second_chances_give_a_stable_matching(
    instance: Instance, mentors_propose: bool, draw: Random
) -> None:
    """With one place a person it is a matching that no pair blocks."""
    instance = instance.replace(
        mentor_capacity=np.minimum(1, instance.mentor_capacity),
        mentee_capacity=np.minimum(1, instance.mentee_capacity),
    )
    order = np.random.Generator(np.random.PCG64(draw.randint(0, 99))).permutation(instance.n_pairs)
    chosen = second_chance(instance, order, mentors_propose=mentors_propose, clock=Clock())
    assert is_matching(instance, chosen)
    assert len(blocking_pairs(instance, chosen)) == 0


@given(instance=instances(max_side=3, max_capacity=3))
def test_the_bound_is_no_looser_than_the_scores(instance: Instance) -> None:
    """Where stability comes first, the LP's bound on the score is at least the best score."""
    answer = best(instance, ("stability", "score"))
    assert solve(instance, ("stability", "score")).objectives["score"] == answer.levels["score"]


def test_a_pair_below_the_bound_and_in_an_optimum_is_kept() -> None:
    """The LP's bound may be loose: pairs are left out against what is reached, not against it."""
    instance = Instance.from_pairs(
        mentor=[0, 1, 1, 2, 2, 2],
        mentee=[0, 1, 2, 0, 1, 2],
        mentor_rank=[1, 1, 1, 3, 1, 2],
        mentee_rank=[1, 1, 1, 2, 1, 2],
        score=[3, 2, 0, 3, 4, 2],
        warned=[1, 1, 1, 1, 0, 1],
        mentor_capacity=[2, 1, 2],
        mentee_capacity=[2, 2, 1],
        mentor_priority=[2, 0, 0],
        mentee_priority=[2, 2, 0],
    )
    objectives = ("stability", "warnings", "priority", "people", "score")
    assert_best(instance, objectives, solve(instance, objectives))


def test_a_first_order_method_that_never_ends_is_done_without() -> None:
    """Sums of very different sizes are held: without a time limit nothing else stops it."""
    many = 2**31 - 1
    instance = Instance.from_pairs(
        mentor=[0, 0, 1, 1, 2, 2],
        mentee=[0, 2, 0, 2, 1, 2],
        mentor_rank=[1, 2, 2, 2, 2, 2],
        mentee_rank=[3, 3, 3, 2, 2, 3],
        score=[5, 3, 6, 5, 1, 2],
        mentor_capacity=[1, 1, 1],
        mentee_capacity=[1, 1, 1],
        mentor_priority=[many, 0, many],
        mentee_priority=[many, 1, 1],
    )
    with mock.patch.multiple(relaxation, MANY=0, SHORT=1_000):
        solution = solve(instance, ("priority", "stability", "score"))
    assert solution.status == "optimal"
    assert solution.seconds < 5
