"""What large instances go through, on small ones: brute force says what is possible at all."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rmatch
from brute_force import best
from rmatch.generating import CohortShape, generate
from rmatch.instance import Instance, IntArray
from rmatch.properties.feasibility import is_matching
from rmatch.properties.stability import blocking_pairs
from rmatch.solution import TOO_LARGE, Solution
from rmatch.solving import blocking, raising, solve, state
from rmatch.solving.apart import _methods
from rmatch.solving.clock import Clock
from rmatch.solving.deferred_acceptance import deferred_acceptance
from rmatch.solving.near_stability import would_block
from rmatch.solving.terms import different, pair_terms
from rmatch.solving.threshold_moves import can_move, threshold_moves
from rmatch.testing import instances
from shown import in_full

ONE_PLACE = in_full(instances(max_side=6, max_capacity=1))
ODD = in_full(st.one_of(instances(max_side=4), instances(max_side=4, max_capacity=3)))
ORDER = ("pairs", "stability", "score")
MANY = settings(max_examples=100, deadline=None)


def plain_blocks(instance: Instance, chosen: IntArray) -> list[int]:
    """Pairs that block weakly, one place a person, in plain loops."""
    mentors = {int(instance.mentor[e]): int(instance.mentor_rank[e]) for e in chosen}
    mentees = {int(instance.mentee[e]): int(instance.mentee_rank[e]) for e in chosen}
    return [
        e
        for e in range(instance.n_pairs)
        if instance.mentor_rank[e] < mentors.get(int(instance.mentor[e]), 10**9)
        and instance.mentee_rank[e] < mentees.get(int(instance.mentee[e]), 10**9)
    ]


@MANY
@given(instance=ONE_PLACE, seed=st.integers(0, 9))
def test_moves_keep_a_matching_stable_and_make_it_better_every_time(
    instance: Instance, seed: int
) -> None:
    """More pairs, or as many and a better score; no pair blocks, as plain loops see it."""
    instance = instance.replace(
        stability="weak",
        mentor_capacity=np.ones(instance.n_mentors),
        mentee_capacity=np.ones(instance.n_mentees),
    )
    order = np.random.default_rng(seed).permutation(instance.n_pairs)
    start = deferred_acceptance(instance, order, mentors_propose=True)
    sums = [pair_terms(instance, np.ones(instance.n_pairs)), pair_terms(instance, instance.score)]
    before = len(start), int(instance.score[start].sum())
    for chosen in threshold_moves(instance, start, sums, Clock()):
        now = len(chosen), int(instance.score[chosen].sum())
        assert now > before
        assert is_matching(instance, chosen)
        assert plain_blocks(instance, chosen) == []
        before = now


def test_a_move_finds_the_larger_stable_matching_that_an_unlucky_tie_break_missed() -> None:
    """Both mentees are one to M0; M1 knows only S0, whom M0 was given."""
    instance = Instance.from_rankings([[[0, 1]], [[0]]], [[[0, 1]], [[0]]])
    taken = instance.index_of(0, 0)
    sums = [pair_terms(instance, np.ones(instance.n_pairs))]
    (found,) = threshold_moves(instance, np.array([taken]), sums, Clock())
    assert found.tolist() == [1, 2]


def test_no_move_begins_when_the_time_is_up() -> None:
    """What was there before stays."""
    instance = Instance.from_rankings([[[0, 1]], [[0]]], [[[0, 1]], [[0]]])
    sums = [pair_terms(instance, np.ones(instance.n_pairs))]
    assert list(threshold_moves(instance, np.array([0]), sums, Clock(0.0))) == []


def test_moves_are_for_one_place_and_weak_stability() -> None:
    """With two places, or where the indifferent block too, thresholds prove nothing."""
    instance = Instance.from_rankings([[[0]]], [[[0]]])
    assert can_move(instance)
    assert not can_move(instance.replace(mentor_capacity=np.array([2])))
    assert not can_move(instance.replace(stability="strong"))


@MANY
@given(instance=ONE_PLACE, seed=st.integers(0, 9))
def test_what_a_pair_would_block_is_counted_as_plain_loops_count_it(
    instance: Instance, seed: int
) -> None:
    """Others whom one of the two prefers to the other, and who would have them."""
    instance = instance.replace(forced=np.zeros(instance.n_pairs, dtype=bool))
    order = np.random.default_rng(seed).permutation(instance.n_pairs)
    made = deferred_acceptance(instance, order, mentors_propose=False)
    mentors = {int(instance.mentor[e]): int(instance.mentor_rank[e]) for e in made}
    mentees = {int(instance.mentee[e]): int(instance.mentee_rank[e]) for e in made}

    def would(person: int, rank: int, held: dict[int, int], capacity: IntArray) -> bool:
        return rank < held[person] if person in held else bool(capacity[person] > 0)

    for e in range(instance.n_pairs):
        count = 0
        for f in range(instance.n_pairs):
            m, s = int(instance.mentor[f]), int(instance.mentee[f])
            r, q = int(instance.mentor_rank[f]), int(instance.mentee_rank[f])
            if m == instance.mentor[e] and r < instance.mentor_rank[e]:
                count += would(s, q, mentees, instance.mentee_capacity)
            if s == instance.mentee[e] and q < instance.mentee_rank[e]:
                count += would(m, r, mentors, instance.mentor_capacity)
        assert would_block(instance, made)[e] == count


@pytest.mark.parametrize("size", ["middling", "large", "vast"])
@MANY
@given(instance=ODD)
def test_the_way_of_large_instances_claims_nothing_that_brute_force_denies(
    size: str, instance: Instance
) -> None:
    """Legal, most pairs, and every value proved is the best; bounds are bounds."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in (
            (blocking, "MIDDLING", 0),
            (blocking, "LARGE", 10**9 if size == "middling" else 0),
            (blocking, "SMALL", 0),
            (raising, "LARGE_MOVES", 0),
            (raising, "SMALL", 0),
            (raising, "SMALL_CORE", 0),
            (state, "VAST", 0 if size == "vast" else 10**9),
        ):
            patch.setattr(module, name, value)
        solution = solve(instance, ORDER)
    known = best(instance, ORDER)
    assert known is not None
    assert is_matching(instance, solution.chosen)
    pairs, stability, score = solution.levels
    most, fewest, highest = (known.levels[name] for name in ORDER)
    assert pairs.value == most
    assert stability.bound <= fewest <= stability.value  # type: ignore[operator]
    if stability.proved:
        assert score.value <= highest  # type: ignore[operator]
        assert score.bound is None or highest <= score.bound  # type: ignore[operator]
    assert size == "vast" or solution.status == "optimal"


def test_a_count_that_is_stopped_early_has_begun_near_a_stable_matching(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Stopped before any solver is asked, it leaves a fraction of the pairs that block else."""
    instance = rmatch.score(generate(CohortShape(mentors=60, mentees=60, deaneries=3), 2)).instance
    order = ("pairs", "people", "priority", "stability")
    left = []
    for middling in (3_000, 10**9):
        cancel = threading.Event()

        def stopped(_: object, cancel: threading.Event = cancel) -> bool:
            cancel.set()
            return False

        monkeypatch.setattr(blocking, "MIDDLING", middling)
        monkeypatch.setattr(blocking, "_find_stable", stopped)
        solution = solve(instance, order, cancel=cancel)
        left.append(len(blocking_pairs(instance, solution.chosen)))
        assert len(solution.chosen) == 60
    near, far = left
    assert 10 * near < far


def test_sums_that_say_nothing_new_are_left_out() -> None:
    """People are twice the pairs where everybody has one place; nothing at all is no sum."""
    instance = Instance.from_rankings([[[0]], [[1]]], [[[0]], [[1]]])
    counts, twice, none, score = (
        pair_terms(instance, np.array(weights)) for weights in ([1, 1], [2, 2], [0, 0], [3, 4])
    )
    assert list(different([counts, none, twice, score], instance)) == [counts, score]


TWO_STABLE = Instance.from_rankings([[[0, 1]], [[0]]], [[[0, 1]], [[0]]])
"""By an unlucky tie-break M0 is given S0, and M1 nobody: only M0 would do for S1."""


def test_what_is_open_for_the_number_of_pairs_says_so_and_not_that_time_was_up() -> None:
    """No time limit was given; the method, the text and the comparison name the number of pairs."""
    # Three people a side, of whom a largest matching needs a pair that blocks.
    instance = Instance.from_rankings([[[0], [1]], [[0]], [[2]]], [[[0], [1]], [[0]], [[2]]])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocking, "LARGE", 0)
        patch.setattr(blocking, "SMALL", 0)
        patch.setattr(state, "VAST", 0)
        matching = rmatch.solve(instance)
        table = rmatch.compare(instance, strategies=["stable"]).to_frame()
    assert matching.status == "feasible"
    assert matching.solution.is_beyond_proof
    assert "with too many pairs to prove it to the end, in any time:" in str(matching)
    assert "too many pairs to prove the level stability" in table.to_string()
    assert not rmatch.solve(instance).solution.is_beyond_proof


def test_what_was_proved_all_the_same_says_nothing_of_its_number_of_pairs() -> None:
    """A level that flows prove is not open, however many pairs there are; nor is a late one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(state, "VAST", 0)
        assert not solve(TWO_STABLE, ("pairs", "score")).is_beyond_proof
        assert not solve(TWO_STABLE, ORDER, time_limit=0).is_beyond_proof


def test_parts_that_are_open_for_their_number_of_pairs_say_so_once() -> None:
    """The whole's method names what the parts were solved by, and then that."""
    one = Solution((), "feasible", (), 0.0, f"flow, {TOO_LARGE}")
    assert _methods([one, Solution((), "optimal", (), 0.0, "CP-SAT"), one]) == (
        f"flow and CP-SAT, {TOO_LARGE}"
    )


def test_progress_is_told_while_blocking_pairs_of_a_large_cohort_are_made_fewer() -> None:
    """Every flow tells the best so far, which is never worse than what was told before it."""
    told = []
    generator = np.random.default_rng(3)
    # Lists of four of thirty: a largest matching has pairs that block.
    mentor, mentee = np.repeat(np.arange(30), 4), generator.integers(0, 30, 120)
    cells = np.unique(mentor * 30 + mentee)
    instance = Instance.from_pairs(
        cells // 30,
        cells % 30,
        generator.integers(0, 9, len(cells)),
        generator.integers(0, 9, len(cells)),
        mentor_capacity=np.ones(30),
        mentee_capacity=np.ones(30),
    )
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LARGE", "SMALL"):
            patch.setattr(blocking, name, 0)
        patch.setattr(state, "VAST", 0)
        solution = solve(instance, ORDER, progress=told.append)
    blocks = [now.best for now in told if now.level == "stability"]
    assert len(blocks) > 3
    assert blocks == sorted(blocks, reverse=True)  # type: ignore[type-var]
    assert blocks[0] > blocks[-1] == solution.objectives["stability"] > 0  # type: ignore[operator]
