"""Deferred acceptance in rounds of arrays, against its naive twin of one proposal at a time."""

from __future__ import annotations

import dataclasses
import heapq
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rmatch.instance import PAIR_ARRAYS, PERSON_ARRAYS, Instance, IntArray
from rmatch.properties.feasibility import is_matching
from rmatch.properties.stability import blocking_pairs
from rmatch.solving import deferred_acceptance as module
from rmatch.solving import standing
from rmatch.solving.algorithms.lots import pair_lots
from rmatch.solving.clock import Clock
from rmatch.solving.deferred_acceptance import deferred_acceptance, proposals_of, settle
from rmatch.solving.strategies import ALGORITHMS
from rmatch.solving.ties import best_score_first, equal_to_another
from rmatch.testing import instances
from shown import in_full

ODD = in_full(
    st.one_of(instances(max_side=6), instances(max_side=6, max_capacity=4), instances(max_side=1))
)
"""Empty and unequal sides, nobody acceptable, ties, several places."""

MANY = settings(max_examples=150, deadline=None)


def naive(instance: Instance, order: IntArray, *, mentors_propose: bool) -> IntArray:
    """Gale–Shapley as one would write it: a list a person, a heap a receiver."""
    sides = (
        (instance.mentor, instance.mentor_rank, instance.mentor_capacity),
        (instance.mentee, instance.mentee_rank, instance.mentee_capacity),
    )
    own, other = sides if mentors_propose else sides[::-1]
    lists: list[list[int]] = [[] for _ in own[2]]
    for pair in sorted(range(instance.n_pairs), key=lambda e: (own[1][e], order[e]), reverse=True):
        lists[own[0][pair]].append(pair)
    left = own[2].tolist()
    held: list[list[tuple[int, int, int]]] = [[] for _ in other[2]]
    waiting = [person for person, places in enumerate(left) if places]
    while waiting:
        person = waiting.pop()
        while left[person] and lists[person]:
            pair = lists[person].pop()
            left[person] -= 1
            heap = held[other[0][pair]]
            heapq.heappush(heap, (-int(other[1][pair]), -int(order[pair]), pair))
            if len(heap) > other[2][other[0][pair]]:
                loser = own[0][heapq.heappop(heap)[2]]
                left[loser] += 1
                waiting.append(loser)
    return np.array(sorted(pair for heap in held for _, _, pair in heap), dtype=np.int64)


@pytest.mark.parametrize("few", [1, 2, 1_000])
@pytest.mark.parametrize("crowded", [0.5, 1_000.0])
@pytest.mark.parametrize("mentors_propose", [True, False])
@MANY
@given(instance=ODD, seed=st.integers(0, 9))
def test_rounds_and_single_proposals_come_to_what_the_naive_twin_makes(
    few: int, crowded: float, mentors_propose: bool, instance: Instance, seed: int
) -> None:
    """Wherever it goes over from rounds to single proposals, the matching is the same."""
    order = np.random.default_rng(seed).permutation(instance.n_pairs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FEW", few)
        patch.setattr(module, "CROWDED", crowded)
        made = deferred_acceptance(instance, order, mentors_propose=mentors_propose)
    assert made.tolist() == naive(instance, order, mentors_propose=mentors_propose).tolist()


@MANY
@given(instance=ODD, seed=st.integers(0, 9))
def test_it_is_stable_whatever_breaks_the_ties(instance: Instance, seed: int) -> None:
    """A matching, and weakly stable under the ties."""
    order = np.random.default_rng(seed).permutation(instance.n_pairs)
    weak = instance.replace(stability="weak", forced=np.zeros(instance.n_pairs, dtype=bool))
    made = deferred_acceptance(weak, order, mentors_propose=True)
    assert is_matching(weak, made)
    assert len(blocking_pairs(weak, made)) == 0


@MANY
@given(instance=ODD, seed=st.integers(0, 9))
def test_lots_that_decide_nothing_need_not_be_drawn(instance: Instance, seed: int) -> None:
    """The strategies make what they would if every pair had its lot."""
    lots = pair_lots(instance, seed, "deferred_acceptance")
    order = np.argsort(np.lexsort((lots, -instance.score)))
    for name, mentors in (("deferred_acceptance", True), ("deferred_acceptance_mentees", False)):
        made = np.asarray(ALGORITHMS[name](instance, seed, Clock()))
        assert made.tolist() == naive(instance, order, mentors_propose=mentors).tolist()


@MANY
@given(instance=ODD)
def test_only_pairs_alike_in_somebodys_eyes_need_a_lot(instance: Instance) -> None:
    """Same person, same rank, same score as another pair."""
    sides = ((instance.mentor, instance.mentor_rank), (instance.mentee, instance.mentee_rank))
    keys = [
        list(zip(owner.tolist(), rank.tolist(), instance.score.tolist(), strict=True))
        for owner, rank in sides
    ]
    assert equal_to_another(instance).tolist() == [
        any(key.count(key[pair]) > 1 for key in keys) for pair in range(instance.n_pairs)
    ]


@pytest.mark.parametrize("scale", [1, 2**30])
@MANY
@given(instance=ODD)
def test_the_best_score_comes_first_however_large(scale: int, instance: Instance) -> None:
    """Equal scores stay as they are listed."""
    scores = instance.score // 2**9 * scale % 2**40
    order = best_score_first(instance.replace(score=scores))
    assert order.tolist() == np.argsort(np.argsort(-scores, kind="stable")).tolist()


@MANY
@given(instance=ODD, seed=st.integers(0, 9))
def test_numbers_too_large_to_pack_are_sorted_all_the_same(instance: Instance, seed: int) -> None:
    """Where two indices do not fit one number, the lists are the same."""
    order = np.random.default_rng(seed).permutation(instance.n_pairs)
    side = instance.mentor, instance.mentor_rank, instance.mentor_start, order
    packed = standing.standing_of(*side)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standing, "_BITS", 0)
        sorted_ = standing.standing_of(*side)
    assert packed.best_first.tolist() == sorted_.best_first.tolist()
    assert packed.place.tolist() == sorted_.place.tolist()


def test_rounds_are_few_where_many_propose_and_count_every_proposal() -> None:
    """Two mentors who like the same mentee best: three proposals come to two pairs."""
    instance = Instance.from_rankings([[[0], [1]], [[0], [1]]], [[[1], [0]], [[0], [1]]])
    proposals = proposals_of(instance, np.arange(instance.n_pairs), mentors_propose=True)
    settle(proposals)
    assert proposals.asked == 3
    assert proposals.matched.tolist() == [1, 2]


@MANY
@given(instance=ODD, mentors_propose=st.booleans())
def test_an_instance_at_odd_addresses_is_paired_like_any_other(
    instance: Instance, mentors_propose: bool
) -> None:
    """What came over a network or from a mapped file may lie a byte beside where numbers lie."""
    moved = {
        name: at_an_odd_address(getattr(instance, name)) for name in (*PAIR_ARRAYS, *PERSON_ARRAYS)
    }
    elsewhere = dataclasses.replace(instance, **moved)
    order = best_score_first(instance)
    here, there = (
        deferred_acceptance(lying, order, mentors_propose=mentors_propose).tolist()
        for lying in (instance, elsewhere)
    )
    assert here == there


def at_an_odd_address(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same numbers, one byte after an aligned address."""
    room = np.zeros(array.nbytes + 1, dtype=np.uint8)[1:]
    moved = room.view(array.dtype)
    moved[:] = array
    return moved
