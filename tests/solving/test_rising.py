"""Small cores: levels settled together, and where the vector of leximin first rises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_against_brute_force import DEFAULT, SEEDS, SMALL, assert_best

from brute_force import best
from rmatch.instance import Instance
from rmatch.properties.welfare import leximin
from rmatch.solving import solve, together
from rmatch.solving.objectives import STRATEGIES
from rmatch.solving.rising import Rise
from rmatch.solving.terms import pair_terms

LEXIMIN = STRATEGIES["leximin"]
TWO_ALIKE = Instance.from_scores([[5, 5], [5, 5]])
"""Both ways to pair two and two leave everybody as well off."""


@given(SMALL, SEEDS)
def test_leximin_of_small_cores_is_that_of_brute_force(instance: Instance, seed: int) -> None:
    """With the levels before and after it, several places and ties included."""
    assert_best(instance, LEXIMIN, solve(instance, LEXIMIN, seed=seed), seed)


@given(SMALL)
def test_a_vector_rises_nowhere_above_the_best(instance: Instance) -> None:
    """No cost is below that of the best matching, and worse ones cost more than it."""
    chosen = np.asarray(solve(instance, ("leximin",)).chosen, dtype=np.int64)
    rise = Rise(leximin(instance, chosen), 0, tuple(chosen.tolist()))
    assert rise.cost(instance, chosen) == len(rise.scores) + 1
    nobody = np.zeros(0, dtype=np.int64)
    if leximin(instance, nobody) < rise.vector:
        assert rise.cost(instance, nobody) == len(rise.scores) + 2
        assert Rise(leximin(instance, nobody)).cost(instance, chosen) == 0


def test_another_matching_with_the_same_vector_is_left_for_the_tie_break() -> None:
    """So that the seed chooses between them, as between any that are as good."""
    made = {solve(TWO_ALIKE, LEXIMIN, seed=seed).chosen for seed in range(8)}
    assert len(made) == 2
    for seed in range(8):
        answer = best(TWO_ALIKE, LEXIMIN, seed)
        assert answer is not None
        assert (
            solve(TWO_ALIKE, LEXIMIN, seed=seed).objectives["tie_break"]
            == (answer.levels["tie_break"])
        )


@given(SMALL, SEEDS)
def test_levels_that_are_not_settled_in_time_are_settled_one_by_one(
    instance: Instance, seed: int
) -> None:
    """With the same answer: what CP-SAT may do at once is limited, not what is proved."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(together, "EFFORT", 0.0)
        slowly = solve(instance, DEFAULT, seed=seed)
    at_once = solve(instance, DEFAULT, seed=seed)
    assert slowly.objectives == at_once.objectives
    assert slowly.status == at_once.status == "optimal"


@given(st.lists(st.tuples(*[st.integers(-9, 9)] * 2), min_size=4, max_size=4))
def test_no_difference_of_later_sums_outweighs_one_before(weights: list[tuple[int, int]]) -> None:
    """Of two matchings, the one better at the first sum at which they differ counts more."""
    pairs = [np.array(column) for column in zip(*weights, strict=True)]
    first, second = (pair_terms(TWO_ALIKE, column) for column in pairs)
    total, count = together.together(TWO_ALIKE, [first, second])
    assert count == 2
    made = [np.array(pair) for pair in ([0, 3], [1, 2], [0], [])]
    worth = {
        total.worth(TWO_ALIKE, one.astype(np.int64)): tuple(
            terms.worth(TWO_ALIKE, one.astype(np.int64)) for terms in (first, second)
        )
        for one in made
    }
    assert [worth[key] for key in sorted(worth)] == sorted(worth.values())
