"""Solutions of instances checked by columns: what holds is accepted, and what does not is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzzing import fuzzed
from rmatch.certificate import Certificate, Cut
from rmatch.instance import Instance
from rmatch.properties.evidence import check
from rmatch.properties.feasibility import is_matching
from rmatch.properties.statements import broken_statements
from rmatch.properties.welfare import value_of
from rmatch.solution import Solution
from rmatch.solving import solve
from rmatch.testing import instances
from shown import in_full

SUMS = ("pairs", "people", "priority", "changes", "warnings", "score")
ORDERS = st.permutations(SUMS).flatmap(
    lambda names: st.integers(1, len(names)).map(lambda count: tuple(names[:count]))
)
TINY = in_full(instances(max_side=3, max_capacity=2).filter(lambda one: one.n_pairs <= 6))
SMALL = in_full(instances(max_side=4, max_capacity=3))


@fuzzed
@given(instance=SMALL, order=ORDERS)
def test_what_the_flow_proves_is_accepted_in_full(
    instance: Instance, order: tuple[str, ...]
) -> None:
    """Every linear level, in any order, with capacities, is counted and best by its evidence."""
    found = check(instance, solve(instance, order))
    assert found.ok, found.faults
    assert found.counted == order
    assert set(found.best) == set(order)


@fuzzed
@given(instance=SMALL, order=ORDERS, where=st.integers(0, 6))
def test_a_level_that_is_not_looked_at_makes_none_after_it_wrong(
    instance: Instance, order: tuple[str, ...], where: int
) -> None:
    """The tie-break, anywhere: what comes before it is best by its evidence, the rest counted."""
    found = check(instance, solve(instance, (*order[:where], "tie_break", *order[where:])))
    assert found.ok, found.faults
    assert found.counted == order
    assert set(order[:where]) <= set(found.best)


@fuzzed
@given(instance=TINY, order=st.sampled_from([("pairs", "score"), ("score", "pairs"), SUMS]))
def test_no_worse_matching_passes_with_evidence_for_a_better_one(
    instance: Instance, order: tuple[str, ...]
) -> None:
    """Whatever else is made, counted right and with the same evidence: it proves nothing."""
    best = solve(instance, order)
    for chosen in _matchings(instance):
        other = _with_pairs(instance, best, chosen)
        is_best = other.objectives == best.objectives
        assert check(instance, other).ok == is_best


def _matchings(instance: Instance) -> Iterator[tuple[int, ...]]:
    """Every matching there is, by trying every set of pairs."""
    sets = (combinations(range(instance.n_pairs), size) for size in range(instance.n_pairs + 1))
    for chosen in chain.from_iterable(sets):
        if is_matching(instance, chosen) and not broken_statements(instance, chosen):
            yield chosen


def _with_pairs(instance: Instance, best: Solution, chosen: tuple[int, ...]) -> Solution:
    levels = tuple(
        replace(level, value=value_of(level.name, instance, chosen, 0)) for level in best.levels
    )
    return replace(best, chosen=chosen, levels=levels)


def _solved() -> tuple[Instance, Solution]:
    instance = Instance.from_scores(
        [[4, 0, 0], [7, 0, 0], [9, 5, 2]], [[1, 0, 0], [1, 0, 0], [1, 1, 1]]
    )
    return instance, solve(instance, ("pairs", "score"))


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ((0, 0), "a pair is made twice"),
        ((0, 1), "S0 has too many partners"),
        ((2, 3), "M2 has too many partners"),
        ((9,), "an index that is no acceptable pair"),
        ((-1,), "an index that is no acceptable pair"),
    ],
)
def test_what_is_no_matching_is_named(chosen: tuple[int, ...], message: str) -> None:
    """By ids, before anything is added up."""
    instance, solution = _solved()
    found = check(instance, replace(solution, chosen=chosen))
    assert message in found.faults
    assert found.best == ()


def test_a_pair_that_must_be_made_and_is_not_is_named() -> None:
    """The two ids."""
    instance, solution = _solved()
    forced = instance.replace(forced=np.array([True, False, False, False, False]))
    assert check(forced, solution).faults[0] == "M0 and S0 must be paired and are not"


def test_a_value_that_is_not_that_of_the_pairs_is_named() -> None:
    """With what they come to."""
    instance, solution = _solved()
    levels = (solution.levels[0], replace(solution.levels[1], value=13, bound=13))
    assert check(instance, replace(solution, levels=levels)).faults == (
        "score comes to 12, not 13",
    )


def test_a_cut_or_prices_that_prove_nothing_are_named() -> None:
    """Each with how much it allows, and what is reached; and the levels that lean on it."""
    instance, solution = _solved()
    prices = solution.certificate.prices
    assert prices is not None
    dearer = replace(prices, mentors=((1, 0), *prices.mentors[1:]))
    for certificate, message in (
        (Certificate(Cut((), ()), prices), "the cut proves nothing: it allows 5, and 2 are made"),
        (
            Certificate(Cut((7,), ()), prices),
            "the cut proves nothing: it covers nobody that there is",
        ),
        (
            replace(solution.certificate, prices=dearer),
            "the prices prove nothing: they allow [3, 12], and [2, 12] is reached",
        ),
        (
            replace(solution.certificate, prices=replace(prices, levels=("score", "pairs"))),
            "the prices prove nothing: the levels are not those of the solution, in their order",
        ),
        (
            replace(solution.certificate, prices=replace(prices, mentors=prices.mentors[1:])),
            "the prices prove nothing: not everybody has one for every level",
        ),
        (
            replace(solution.certificate, prices=replace(prices, mentees=((2**60, 0),) * 3)),
            "the prices prove nothing: they are too large to be added up",
        ),
        (Certificate(), "score is said to be proved by prices, which is not there"),
    ):
        assert message in check(instance, replace(solution, certificate=certificate)).faults


def test_levels_that_are_no_plain_sums_are_left_to_the_audit() -> None:
    """They are neither counted nor called best; a tie-break ends what prices are checked for."""
    instance, _ = _solved()
    solution = solve(instance, ("pairs", "score", "tie_break"))
    found = check(instance, solution)
    assert (found.ok, found.counted, found.best) == (True, ("pairs", "score"), ("pairs", "score"))
