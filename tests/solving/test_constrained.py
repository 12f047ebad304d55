"""Forced pairs, quotas and kinds of stability: solving equals looking at every matching."""

from __future__ import annotations

from collections.abc import Sequence
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_against_brute_force import SEEDS, assert_best

from brute_force import WANTED, best
from fuzzing import fuzzed
from rmatch.errors import InfeasibleError
from rmatch.instance import Instance, IntArray, Quota
from rmatch.solving import feasible, raising, solve
from rmatch.testing import instances
from shown import in_full

# As large as all matchings of one can be listed.
STATED = in_full(
    st.one_of(
        instances(max_side=3, max_capacity=3, constrained=True),
        instances(max_side=4, max_capacity=2, constrained=True),
        instances(max_side=5, max_capacity=1, constrained=True),
    )
)
NAMES = sorted(WANTED)
ORDERS = st.permutations(NAMES).flatmap(
    lambda names: st.integers(1, len(names)).map(lambda count: tuple(names[:count]))
)


def assert_as_stated(instance: Instance, objectives: Sequence[str], seed: int = 0) -> None:
    """The best of all matchings that keep the statements, or an error where there is none."""
    if best(instance, ()) is None:
        assert not feasible(instance)
        with pytest.raises(InfeasibleError):
            solve(instance, objectives, seed=seed)
        return
    assert feasible(instance)
    assert_best(instance, objectives, solve(instance, objectives, seed=seed), seed)


@fuzzed
@given(instance=STATED, objectives=ORDERS, seed=SEEDS)
def test_any_order_of_objectives_keeps_what_is_stated(
    instance: Instance, objectives: tuple[str, ...], seed: int
) -> None:
    """Every order of every subset of the objectives, over the matchings that are allowed."""
    assert_as_stated(instance, objectives, seed)


@fuzzed
@given(
    instance=STATED,
    objectives=ORDERS,
    seed=SEEDS,
    core=st.sampled_from(((1,), (1, 2), (2,), (3,))),
)
def test_by_prices_any_order_keeps_what_is_stated(
    instance: Instance, objectives: tuple[str, ...], seed: int, core: tuple[int, ...]
) -> None:
    """The route of large cohorts: the LP's bounds and ceilings know of the statements, too."""
    with mock.patch.object(raising, "SMALL", 0), mock.patch.object(raising, "CORE_PAIRS", core):
        assert_as_stated(instance, objectives, seed)


@settings(max_examples=60)
@given(instance=STATED, objectives=ORDERS)
def test_by_cp_model_any_order_keeps_what_is_stated(
    instance: Instance, objectives: tuple[str, ...]
) -> None:
    """The fallback knows integers, quotas and every kind of stability."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RMATCH_CP_MODEL", "1")
        assert_as_stated(instance, objectives)


def test_nothing_left_to_decide_is_proved() -> None:
    """Where every pair must be made, a number that only they make up is its own bound."""
    instance = Instance.from_pairs(
        [0], [0], [1], [1], mentor_capacity=[1], mentee_capacity=[2], forced=[True]
    )
    for name in WANTED:
        assert_as_stated(instance, (name,))


def test_asking_for_the_worst_rank_leaves_no_worse_matching_behind() -> None:
    """Fewest places above rank 1 is not the same matching as the least worst rank.

    Three pairs are the most. One place above rank 2 can be at rank 4, where two can be at rank 3.
    """
    instance = Instance.from_pairs(
        mentor=[0, 0, 1, 1, 2, 2, 2],
        mentee=[1, 2, 0, 1, 0, 1, 2],
        mentor_rank=[1, 2, 1, 2, 2, 3, 1],
        mentee_rank=[2, 2, 2, 1, 1, 2, 1],
        mentor_capacity=[1, 2, 1],
        mentee_capacity=[2, 2, 2],
    )
    three = Quota("three", np.ones(7, int), np.zeros(3, int), np.zeros(3, int), maximum=3)
    assert_as_stated(instance.replace(quotas=(three,)), ("pairs", "min_regret", "score"))


@settings(max_examples=100)
@given(instance=STATED, objectives=ORDERS, data=st.data())
def test_a_quota_may_count_some_against_others(
    instance: Instance, objectives: tuple[str, ...], data: st.DataObject
) -> None:
    """Weights below 0: "at least as many of these as of those" is a quota like any other."""
    weight = st.sampled_from((-2, -1, 0, 1))

    def weights(size: int) -> IntArray:
        drawn = data.draw(st.lists(weight, min_size=size, max_size=size))
        return np.array(drawn, dtype=np.int64)

    low = data.draw(st.integers(-2, 1))
    difference = Quota(
        "difference",
        weights(instance.n_pairs),
        weights(instance.n_mentors),
        weights(instance.n_mentees),
        low,
        data.draw(st.sampled_from((None, low, low + 1))),
        data.draw(st.sampled_from((None, None, 2))),
    )
    assert_as_stated(instance.replace(quotas=(*instance.quotas, difference)), objectives)


@pytest.mark.parametrize("objectives", [("prices", "pairs"), ("stability", "prices", "score")])
def test_prices_may_be_as_large_as_an_instance_allows(objectives: tuple[str, ...]) -> None:
    """No sum of them wraps round, and no solver refuses them."""
    instance = Instance.from_scores(np.arange(9).reshape(3, 3))
    nobody = np.zeros(3, dtype=np.int64)
    far = Quota("far", np.arange(9), nobody, nobody, minimum=2**39, price=2**19)
    near = Quota("near", np.full(9, 2**35), nobody, nobody, maximum=2**36, price=2**20)
    assert_as_stated(instance.replace(quotas=(far, near)), objectives)
