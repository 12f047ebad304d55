"""Forced pairs, quotas and kinds of stability: solving equals looking at every matching."""

from __future__ import annotations

from collections.abc import Sequence
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_against_brute_force import SEEDS, assert_best

from brute_force import WANTED, best
from rmatch.errors import InfeasibleError
from rmatch.instance import Instance
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


@pytest.mark.fuzz
@given(instance=STATED, objectives=ORDERS, seed=SEEDS)
def test_any_order_of_objectives_keeps_what_is_stated(
    instance: Instance, objectives: tuple[str, ...], seed: int
) -> None:
    """Every order of every subset of the objectives, over the matchings that are allowed."""
    assert_as_stated(instance, objectives, seed)


@pytest.mark.fuzz
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
