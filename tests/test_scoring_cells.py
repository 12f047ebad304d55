"""Scoring in blocks and of lists: whatever pairs are looked at together, each is scored alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rmatch.programme import Programme
from rmatch.programme.settings import DEFAULT_WEIGHTS
from rmatch.scoring import score, scoring
from rmatch.scoring.cells import Cells
from rmatch.scoring.criteria import FUNCTIONS, Weighed, bonus, built_in
from rmatch.scoring.marking import active_rules
from rmatch.scoring.people import SIDES, People
from rmatch.scoring.scoring import means_over, measures, score_cells
from rmatch.testing import FACETS, programmes
from shown import in_full

PROGRAMMES = in_full(programmes(max_side=5)) | in_full(programmes(max_side=4, filled=FACETS))


def rows_at_a_time(n: int, m: int, step: int) -> list[Cells]:
    return [Cells.block(start, min(n, start + step), m) for start in range(0, n, step)]


def all_listed(m: int, order: npt.NDArray[np.int64]) -> Cells:
    return Cells.listed(order // max(1, m), order % max(1, m))


def every_criterion() -> list[Weighed]:
    return built_in(dict.fromkeys(DEFAULT_WEIGHTS, 1))


@settings(max_examples=60)
@given(programme=PROGRAMMES, seed=st.integers(0, 99))
def test_every_criterion_says_the_same_of_a_list_and_of_a_block(
    programme: Programme, seed: int
) -> None:
    """One pair's value hangs on nothing but the pair, however it is asked for."""
    n, m = len(programme.mentors), len(programme.mentees)
    order = np.random.default_rng(seed).permutation(n * m)
    for criterion in every_criterion():
        for side in SIDES:
            people = People(programme)
            whole = criterion.values(people, Cells.whole(people), side)
            assert whole.shape == (n, m)
            for block in rows_at_a_time(n, m, 1 + seed % 3):
                found = criterion.values(people, block, side)
                assert np.array_equal(found, whole[block.rows.ravel()]), criterion.name
            listed = criterion.values(people, all_listed(m, order), side)
            assert np.array_equal(listed, whole.ravel()[order]), criterion.name


@settings(max_examples=60)
@given(programme=PROGRAMMES, seed=st.integers(0, 99))
def test_every_rule_says_the_same_of_a_list_and_of_a_block(programme: Programme, seed: int) -> None:
    """True where it is broken, else unknown where that cannot be known, else neither."""
    n, m = len(programme.mentors), len(programme.mentees)
    order = np.random.default_rng(seed).permutation(n * m)
    people = People(programme)

    def states(rule: Any, cells: Cells) -> npt.NDArray[np.int64]:
        verdict = rule.check(people, cells)
        found = np.where(verdict.true, 2, np.where(verdict.unknown, 1, 0))
        return np.broadcast_to(found, cells.shape)

    for rule in active_rules(people, programme.settings, ()):
        whole = states(rule, Cells.whole(people))
        for block in rows_at_a_time(n, m, 1 + seed % 3):
            assert np.array_equal(states(rule, block), whole[block.rows.ravel()]), rule.code
        listed = states(rule, all_listed(m, order))
        assert np.array_equal(listed, whole.ravel()[order]), rule.code


@settings(max_examples=60)
@given(programme=PROGRAMMES, seed=st.integers(0, 99))
def test_a_list_of_pairs_is_scored_as_the_whole_is(programme: Programme, seed: int) -> None:
    """Points, what is acceptable, marks and waivers, with the means of all pairs."""
    n, m = len(programme.mentors), len(programme.mentees)
    random = np.random.default_rng(seed)
    order = random.permutation(n * m)[: int(random.integers(0, n * m + 1))]
    measured = measures(programme)
    scores = score(programme)
    cells = all_listed(m, order)
    found = score_cells(measured, cells, means_over(measured, Cells.whole(measured.people)))
    for name in ("points", "mentor_points", "mentee_points", "acceptable"):
        assert np.array_equal(getattr(found, name), getattr(scores, name).ravel()[order]), name
    for name in ("hard", "warn", "unknown"):
        whole = getattr(scores.rules, name).ravel()[order]
        assert np.array_equal(getattr(found.rules, name), whole), name
    pairs = set(zip(cells.rows.tolist(), cells.columns.tolist(), strict=True))
    for name in ("waived", "unasked"):
        whole = getattr(scores.rules, name)
        assert getattr(found.rules, name) == {k: v for k, v in whole.items() if k in pairs}


@settings(max_examples=60)
@given(programme=PROGRAMMES, size=st.integers(1, 9))
def test_the_size_of_the_blocks_does_not_matter(programme: Programme, size: int) -> None:
    """A row at a time, two rows, or everything at once."""
    whole = score(programme)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoring, "BLOCK", size)
        found = score(programme)
    for name in ("points", "mentor_points", "mentee_points", "acceptable"):
        assert np.array_equal(getattr(found, name), getattr(whole, name)), name
    for name in ("hard", "warn", "unknown"):
        assert np.array_equal(getattr(found.rules, name), getattr(whole.rules, name)), name
    assert (found.rules.waived, found.rules.unasked) == (whole.rules.waived, whole.rules.unasked)
    for one, other in zip(found.criteria, whole.criteria, strict=True):
        for side in other.values:
            assert np.array_equal(one.values[side], other.values[side]), other.name
            assert np.array_equal(one.known[side], other.known[side]), other.name


@given(programme=PROGRAMMES)
@settings(max_examples=30)
def test_the_bonus_of_a_list_is_that_of_the_whole(programme: Programme) -> None:
    """It is no criterion of its own, and is asked for in the same way."""
    people = People(programme)
    n, m = people.shape
    whole = bonus(people, Cells.whole(people), 10)
    listed = bonus(people, all_listed(m, np.arange(n * m)), 10)
    assert np.array_equal(whole.ravel(), listed)


def test_every_built_in_criterion_is_looked_at_here() -> None:
    """A new one is tested by being registered."""
    assert {one.name for one in every_criterion()} == set(FUNCTIONS)


@given(programme=PROGRAMMES)
@settings(max_examples=30)
def test_criteria_that_are_worked_out_once_are_the_same_for_both_sides(
    programme: Programme,
) -> None:
    """Only those whose values do not hang on whose side it is."""
    people = People(programme)
    cells = Cells.whole(people)
    for criterion in every_criterion():
        if criterion.alike:
            one, other = (criterion.function(people, cells, side) for side in SIDES)
            assert np.array_equal(one, other), criterion.name
