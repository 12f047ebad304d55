"""What forcing a pair costs, by shortest paths: against every matching, and solving again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from brute_force import WANTED, Problem, matchings
from fuzzing import fuzzed
from rmatch import Instance
from rmatch.properties.feasibility import undecided
from rmatch.properties.welfare import value_of
from rmatch.solving import residual_graph, solve, words
from rmatch.solving.clock import Clock, OutOfTimeError
from rmatch.solving.counterfactual import counterfactual, pair_required
from rmatch.solving.forcing import forcing_costs, forcing_costs_of
from rmatch.solving.objectives import REGISTRY
from rmatch.solving.residual_graph import NegativeCycleError, linear_prefix
from rmatch.testing import instances

LINEAR = ("pairs", "people", "priority", "warnings", "score", "egalitarian")
ORDERS = st.permutations(LINEAR).flatmap(
    lambda names: st.integers(1, len(names)).map(lambda count: tuple(names[:count]))
)
SIGN = {name: 1 if REGISTRY[name].sense == "max" else -1 for name in LINEAR}


@st.composite
def with_must_pairs(draw: st.DrawFn) -> Instance:
    """An instance with several places a person, in which some pairs must be made."""
    instance = draw(instances(max_side=4, max_capacity=3))
    must = [draw(st.integers(0, 5)) == 0 for _ in range(instance.n_pairs)]
    return instance.replace(forced=np.array(must, dtype=bool))


def by_looking(instance: Instance, order: Sequence[str]) -> dict[tuple[int, int], tuple[int, ...]]:
    """The best values with each pair that some matching has, less those of the best; by looking."""
    problem = Problem(instance)

    def worth(matching: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
        return tuple(SIGN[name] * WANTED[name][0](problem, matching) for name in order)

    every = [(set(matching), worth(matching)) for matching in matchings(problem)]
    top = max(value for _, value in every)
    with_pair = {
        pair: max((value for made, value in every if pair in made), default=None)
        for pair in problem.pairs
    }
    return {
        pair: tuple(a - b for a, b in zip(top, value, strict=True))
        for pair, value in with_pair.items()
        if value is not None
    }


@fuzzed
@given(with_must_pairs(), ORDERS)
def test_every_cost_is_that_of_the_best_matching_with_the_pair(
    instance: Instance, order: tuple[str, ...]
) -> None:
    """Places, unequal sides, first units, priorities and pairs that must be made, all exact."""
    assume(instance.n_pairs <= 9 and next(matchings(Problem(instance)), None) is not None)
    chosen = solve(instance, order).chosen
    costs = forcing_costs(instance, chosen, order)
    expected = by_looking(instance, order)
    possible = undecided(instance) | instance.forced
    for pair, (i, j) in enumerate(zip(instance.mentor, instance.mentee, strict=True)):
        assert ((int(i), int(j)) in expected) == possible[pair]
        if possible[pair]:
            assert tuple(costs[pair]) == expected[int(i), int(j)], (i, j)


@settings(max_examples=60)
@given(instances(max_side=9, max_capacity=3), ORDERS, st.sampled_from([2**61, 2**20, 1]))
def test_costs_are_those_of_solving_again_however_the_levels_are_packed(
    instance: Instance, order: tuple[str, ...], room: int
) -> None:
    """One word for all levels, a few, or one for each: the words never show in what comes out."""
    chosen = solve(instance, order).chosen
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(residual_graph, "packing", partial(words.packing, room=room))
        costs = forcing_costs(instance, chosen, order)
        for side in (instance.mentor, instance.mentee):
            for person in np.unique(side):
                own = np.flatnonzero(side == person)
                alone = forcing_costs_of(instance, chosen, order, own)
                assert np.array_equal(alone[own], costs[own])
                assert not np.delete(alone, own, axis=0).any()
    for pair in range(0, instance.n_pairs, 1 + instance.n_pairs // 8):
        if not undecided(instance)[pair]:
            continue
        again = counterfactual(instance, order, (), pair_required(pair), finish=None)
        worse = [
            SIGN[level.name] * (value_of(level.name, instance, chosen, 0) - level.value)
            for level in again.levels
        ]
        assert costs[pair].tolist() == worse


def test_a_matching_that_is_not_the_best_is_found_out() -> None:
    """A way round that costs less than nothing is never taken for a price."""
    instance = Instance.from_scores([[5, 9], [9, 5]])
    for worse in ([], [0], [0, 3]):
        with pytest.raises(NegativeCycleError):
            forcing_costs(instance, worse, ("pairs", "score"))
    assert forcing_costs(instance, [1, 2], ("pairs", "score")).tolist() == [
        [0, 8],
        [0, 0],
        [0, 0],
        [0, 8],
    ]


@settings(max_examples=150)
@given(instances(max_side=5, max_capacity=2), ORDERS, st.data())
def test_it_is_found_out_exactly_where_there_is_a_better_one(
    instance: Instance, order: tuple[str, ...], data: st.DataObject
) -> None:
    """Any legal matching is either refused, or as good as the best at every level."""
    best = solve(instance, order)
    seed = data.draw(st.integers(0, 99))
    chosen = solve(instance, (data.draw(st.sampled_from(LINEAR)), "tie_break"), seed=seed).chosen
    same = all(value_of(n, instance, chosen, 0) == v for n, v in best.objectives.items())
    if same:
        costs = [forcing_costs(instance, made, order) for made in (chosen, best.chosen)]
        assert np.array_equal(*costs)
    else:
        with pytest.raises(NegativeCycleError):
            forcing_costs(instance, chosen, order)
        pair = np.flatnonzero(undecided(instance))[-1]
        for side in (instance.mentor, instance.mentee):
            with pytest.raises(NegativeCycleError):
                forcing_costs_of(instance, chosen, order, np.flatnonzero(side == side[pair]))


def test_sums_that_could_be_too_large_are_refused() -> None:
    """Never wrapped round: the caller solves again instead."""
    with pytest.raises(OverflowError, match="64 bits"):
        words.packing([2**61])
    assert words.packing([2**60 - 1, 3]).words == ((0,), (1,))


def test_what_one_pass_cannot_do_is_refused() -> None:
    """Stability is no sum, and the tie-break is nobody's price."""
    instance = Instance.from_scores([[5, 9], [9, 5]])
    for order in (("pairs", "stability"), ("tie_break",)):
        with pytest.raises(ValueError, match="linear levels"):
            forcing_costs(instance, [1, 2], order)
    assert linear_prefix(instance, ("pairs", "score", "leximin", "people")) == ("pairs", "score")


def test_it_stops_when_the_time_is_up() -> None:
    """Between two pivots, and between two people."""
    instance = Instance.from_scores(np.arange(16).reshape(4, 4))
    chosen = solve(instance, ("pairs", "score")).chosen
    with pytest.raises(OutOfTimeError):
        forcing_costs(instance, chosen, ("pairs", "score"), Clock(0.0))
