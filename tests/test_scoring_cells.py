"""Scoring in blocks and of lists: whatever pairs are looked at together, each is scored alike."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rmatch.instance import PAIR_ARRAYS
from rmatch.programme import Programme, Settings
from rmatch.programme.settings import DEFAULT_WEIGHTS
from rmatch.scoring import ranks, score, scoring, valued
from rmatch.scoring.cells import Cells
from rmatch.scoring.criteria import FUNCTIONS, Weighed, bonus, built_in
from rmatch.scoring.marking import Marking, active_rules
from rmatch.scoring.people import SIDES, People, Side
from rmatch.scoring.scoring import means_over, measures, score_cells
from rmatch.testing import FACETS, programmes
from shown import in_full

PROGRAMMES = in_full(programmes(max_side=5)) | in_full(programmes(max_side=4, filled=FACETS))


@dataclass
class Blank:
    """A criterion that is known of one pair alone."""

    name: str
    value: int
    weight: int = 1
    side: str = "both"

    def values(self, people: People, side: Side) -> npt.NDArray[np.int64]:
        """The value of the first two, missing for all others."""
        del side
        table = np.full(people.shape, -1)
        table[0, 0] = self.value
        return table


def people_of(n: int, m: int, weights: dict[str, int] | None = None, **facts: Any) -> Programme:
    """So many of each side, all alike."""
    return Programme(
        mentors=[{"id": f"M{k}", **facts} for k in range(n)],
        mentees=[{"id": f"S{k}", **facts} for k in range(m)],
        settings=Settings(weights=weights or {}),
    )


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


@given(programme=PROGRAMMES, size=st.integers(1, 9))
@settings(max_examples=30)
def test_the_size_of_the_blocks_does_not_matter_to_ranks(programme: Programme, size: int) -> None:
    """A person at a time or everybody at once."""
    scores = score(programme)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranks, "BLOCK", size)
        patch.setattr(ranks, "LEAST", 1)
        found = score(programme).instance
    for name in PAIR_ARRAYS:
        assert np.array_equal(getattr(found, name), getattr(scores.instance, name)), name


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (3, 0)])
def test_a_side_without_anybody_is_scored(n: int, m: int) -> None:
    """Every table is empty and has its shape."""
    scores = score(people_of(n, m))
    assert scores.points.shape == scores.rules.hard.shape == scores.cost.shape == (n, m)
    assert all(one.values["mentor"].shape == (n, m) for one in scores.criteria)
    assert scores.instance.n_pairs == 0


def test_where_nothing_is_known_every_criterion_counts_half() -> None:
    """No mean can be taken; every pair is worth 5 000 on either side."""
    scores = score(people_of(3, 4))
    assert (scores.mentor_points == 5_000).all()
    assert (scores.points == 5_000).all()
    assert not any(scores.criteria[0].known["mentor"].ravel())


def test_weights_beyond_32_bits_are_summed_in_64() -> None:
    """A million for each of a dozen criteria, as the settings allow."""
    weights = {name: 1_000_000 - k for k, name in enumerate(FUNCTIONS)}
    programme = people_of(
        2, 2, weights=weights, offers=("wellbeing",), wants=("wellbeing", "faith")
    )
    scores = score(programme)
    sums = sum(
        weight * scores.breakdown("M0", "S0")[name][0]  # type: ignore[operator]
        for name, weight in weights.items()
    )
    whole = sum(weights.values())
    assert scores.mentor_points[0, 0] == (2 * sums + whole) // (2 * whole)
    assert scores.mentor_points.dtype == np.int32


def test_more_criteria_than_a_byte_has_bits_may_be_missing() -> None:
    """Of every criterion it is kept apart whether it is missing."""
    programme = people_of(2, 2, weights=dict.fromkeys(FUNCTIONS, 3))
    own = [Blank(f"own{k}", value=100 * k) for k in range(9)]
    scores = score(programme, criteria=own)
    # All of the ten are 5 000; each of one's own is known for one pair, and so is its mean.
    sums = 3 * 10 * 5_000 + sum(one.value for one in own)
    assert (scores.mentor_points == (2 * sums + 39) // 78).all()


def test_one_pair_of_many_is_asked_about_without_a_table() -> None:
    """The same value, whether the table is there or not."""
    programme = people_of(2, 3, offers=("wellbeing",), wants=("wellbeing", "faith"))
    scores = score(programme)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(valued, "SMALL", 0)
        found = [one.of_pair(1, 2) for one in scores.criteria]
    for one, pair in zip(scores.criteria, found, strict=True):
        for side, (value, known) in pair.items():
            assert (one.values[side][1, 2], one.known[side][1, 2]) == (value, known)


def test_scores_come_back_from_a_pickle_with_what_the_criteria_said() -> None:
    """Other processes are asked about weights; of what is prepared nothing need travel."""
    scores = score(people_of(2, 2, wants=("wellbeing",), offers=("wellbeing",)))
    again = pickle.loads(pickle.dumps(scores))  # noqa: S301 - our own bytes
    assert again.breakdown("M0", "S1") == scores.breakdown("M0", "S1")
    assert np.array_equal(again.points, scores.points)


@pytest.mark.parametrize(("on", "kind"), [(8, np.uint8), (9, np.uint16), (33, np.uint64)])
def test_marks_take_the_smallest_integers_that_hold_the_rules(on: int, kind: type) -> None:
    """A bit each; the others are off."""
    people = People(people_of(1, 1))
    some = active_rules(people, people.programme.settings, ())[:on]
    marking = Marking(people, some, (1, 1))
    assert marking.hard.dtype == marking.warn.dtype == marking.unknown.dtype == kind
