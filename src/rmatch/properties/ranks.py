"""What rank every place of everybody has got: matched or free."""

from __future__ import annotations

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.properties.feasibility import Chosen, loads


def free_ranks(instance: Instance) -> tuple[IntArray, IntArray]:
    """(n,), (m,): the rank that a free place of each mentor and mentee counts as: the last + 1.

    Unmatched people counted so, no objective over ranks is won by matching nobody (for rank sums
    with incomplete lists e.g. McBride, *Complexity results and integer programming models for hard
    variants of the stable matching problem*, 2015).
    """
    return (
        1 + _last(instance.mentor, instance.mentor_rank, instance.n_mentors),
        1 + _last(instance.mentee, instance.mentee_rank, instance.n_mentees),
    )


def _last(owner: IntArray, rank: IntArray, count: int) -> IntArray:
    last = np.zeros(count, dtype=np.int64)
    np.maximum.at(last, owner, rank)
    return last


def rank_counts(instance: Instance, chosen: Chosen) -> tuple[IntArray, IntArray]:
    """(K + 1,) twice: how many places of the mentors, and of the mentees, got rank 0, 1, … K.

    K is the worst rank that is possible at all; nobody has rank 0. Counted, not listed: somebody's
    places may be as good as unlimited.
    """
    index = np.asarray(chosen, dtype=np.int64)
    sides = zip(
        (instance.mentor_rank, instance.mentee_rank),
        (instance.mentor_capacity, instance.mentee_capacity),
        loads(instance, chosen),
        free_ranks(instance),
        strict=True,
    )
    worst = worst_rank(instance)
    mentors, mentees = (
        _counts(rank[index], free, capacity - load, worst) for rank, capacity, load, free in sides
    )
    return mentors, mentees


def _counts(got: IntArray, free: IntArray, places: IntArray, worst: int) -> IntArray:
    counts = np.bincount(got, minlength=worst + 1).astype(np.int64)
    some = places > 0  # nobody without a place counts, whatever their list
    np.add.at(counts, free[some], places[some])
    return counts


def rank_sums(instance: Instance, chosen: Chosen) -> tuple[int, int]:
    """The ranks of all places of the mentors, and of the mentees, added up."""
    mentors, mentees = (
        int((counts * np.arange(len(counts))).sum()) for counts in rank_counts(instance, chosen)
    )
    return mentors, mentees


def worst_rank(instance: Instance) -> int:
    """The largest rank that a place of anybody can count as; 0 where nobody has a place."""
    mentor_free, mentee_free = free_ranks(instance)
    possible = np.concatenate(
        [mentor_free[instance.mentor_capacity > 0], mentee_free[instance.mentee_capacity > 0]]
    )
    return int(possible.max(initial=0))


def profile(instance: Instance, chosen: Chosen) -> IntArray:
    """(K,) how many places got rank 1, 2, … K, the worst rank that is possible at all."""
    mentors, mentees = rank_counts(instance, chosen)
    return (mentors + mentees)[1:]
