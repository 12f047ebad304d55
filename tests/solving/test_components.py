"""Parts that share nobody are solved apart, and come to the same as the whole."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_against_brute_force import DEFAULT, SEEDS, SMALL, assert_best

from brute_force import WANTED
from fuzzing import fuzzed
from rmatch.instance import PAIR_ARRAYS, PERSON_ARRAYS, Instance
from rmatch.matching import Matching
from rmatch.solving import components, solve
from rmatch.testing import instances
from shown import in_full


@pytest.fixture(autouse=True, scope="module")
def every_part_is_worth_it() -> Iterator[None]:
    """No part is too small to be solved apart."""
    with mock.patch.object(components, "WORTH_IT", 0):
        yield


def side_by_side(parts: list[Instance]) -> Instance:
    """One instance of several that share nobody."""
    columns = {name: [getattr(part, name) for part in parts] for name in PAIR_ARRAYS}
    for name, people in (("mentor", "n_mentors"), ("mentee", "n_mentees")):
        sizes = [getattr(part, people) for part in parts]
        starts = np.cumsum([0, *sizes[:-1]])
        columns[name] = [
            column + start for column, start in zip(columns[name], starts, strict=True)
        ]
    people = {name: [getattr(part, name) for part in parts] for name in PERSON_ARRAYS}
    return Instance.from_pairs(
        **{name: np.concatenate(arrays) for name, arrays in (columns | people).items()}
    )


TWO = st.lists(instances(max_side=3, max_capacity=2), min_size=2, max_size=2).map(side_by_side)
FEW = in_full(st.one_of(SMALL, TWO.filter(lambda instance: instance.n_pairs <= 12)))
LEVELS = st.permutations(sorted(WANTED)).flatmap(
    lambda names: st.integers(1, len(names)).map(lambda count: tuple(names[:count]))
)


@fuzzed
@given(instance=FEW, objectives=st.one_of(st.just(DEFAULT), LEVELS), seed=SEEDS)
def test_apart_it_is_the_best_of_all_matchings(
    instance: Instance, objectives: tuple[str, ...], seed: int
) -> None:
    """Any order of objectives, whether they add up over the parts or tie them together."""
    assert_best(instance, objectives, solve(instance, objectives, seed=seed), seed)


@fuzzed
@given(instance=in_full(TWO), objectives=st.sampled_from((DEFAULT, ("pairs", "score"), ("score",))))
def test_the_evidence_of_the_parts_proves_the_whole(
    instance: Instance, objectives: tuple[str, ...]
) -> None:
    """The audit accepts the cut and the prices put together."""
    solution = solve(instance, objectives)
    assert Matching(instance, solution, objectives, None, 0).verify()
    if objectives[0] == "pairs" and len(components.parts_of(instance, objectives)) > 1:
        assert solution.certificate.cut is not None
        assert solution.levels[0].proof == "cut"


@given(instance=in_full(instances(max_side=6)))
def test_parts_share_nobody_and_lose_no_pair(instance: Instance) -> None:
    """Every pair is in one part, with its ranks; no person is in two."""
    parts = components.parts_of(instance, DEFAULT)
    every = np.sort(np.concatenate([part.pairs for part in parts]))
    assert np.array_equal(every, np.arange(instance.n_pairs))
    if len(parts) > 1:
        for name in ("mentors", "mentees"):
            people = np.concatenate([getattr(part, name) for part in parts])
            assert len(set(people.tolist())) == len(people)
    for part in parts:
        for name in ("mentor_rank", "mentee_rank", "score", "forced"):
            column = getattr(instance, name)[part.pairs]
            assert np.array_equal(getattr(part.instance, name), column)


@given(instance=in_full(TWO))
def test_stopped_at_once_the_parts_are_still_a_matching(instance: Instance) -> None:
    """Without time every part has what deferred acceptance gives, and nothing more is claimed."""
    solution = solve(instance, ("stability", "pairs", "score"), time_limit=0)
    assert solution.objectives["stability"] == 0
    assert Matching(instance, solution, ("stability", "pairs", "score"), None, 0).verify()
