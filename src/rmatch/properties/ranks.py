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


def place_ranks(instance: Instance, chosen: Chosen) -> tuple[IntArray, IntArray]:
    """The rank of every place of the mentors, and of the mentees, in no particular order."""
    index = np.asarray(chosen, dtype=np.int64)
    sides = zip(
        (instance.mentor_rank, instance.mentee_rank),
        (instance.mentor_capacity, instance.mentee_capacity),
        loads(instance, chosen),
        free_ranks(instance),
        strict=True,
    )
    mentors, mentees = (
        np.concatenate([rank[index], np.repeat(free, capacity - load)])
        for rank, capacity, load, free in sides
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
    ranks = np.concatenate(place_ranks(instance, chosen))
    counts = np.bincount(ranks, minlength=worst_rank(instance) + 1)[1:]
    return counts.astype(np.int64)
