"""Objectives over ranks, settled rank by rank with counts held, never by powers of a big number.

A free place counts as the last rank of its owner's list and one. So matching a pair takes two free
places off the count and puts two ranks on it, and every count is a sum over pairs.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.properties.ranks import free_ranks, profile, worst_rank
from rmatch.solution import Value
from rmatch.solving.steps import Steps
from rmatch.solving.terms import Terms, pair_terms


def egalitarian(instance: Instance, among: IntArray, seed: int) -> Terms:
    """What each pair takes off the sum of all ranks."""
    del seed
    mentor, mentee = side_gains(instance, among)
    return pair_terms(instance, mentor + mentee)


def side_gains(instance: Instance, among: IntArray) -> tuple[IntArray, IntArray]:
    """(E,), (E,): what each pair takes off the mentors' rank sum, and off the mentees'."""
    mentor_free, mentee_free = free_ranks(instance)
    return (
        mentor_free[instance.mentor[among]] - instance.mentor_rank[among],
        mentee_free[instance.mentee[among]] - instance.mentee_rank[among],
    )


def rank_maximal(steps: Steps) -> Value | None:
    """Most places at rank 1, then most at rank 2, and so on."""
    worst = worst_rank(steps.instance)
    return _rank_by_rank(steps, range(1, worst + 1), sign=1)


def generous(steps: Steps) -> Value | None:
    """Fewest places at the worst rank that is possible, then at the one before, and so on."""
    worst = worst_rank(steps.instance)
    return _rank_by_rank(steps, range(worst, 0, -1), sign=-1)


def min_regret(steps: Steps) -> Value | None:
    """The worst rank of any place: the least rank above which there can be no place at all.

    Found by halving: every question is whether there can be no place above some rank.
    """
    low, high = 0, _worst(steps)
    while low < high:
        middle = (low + high) // 2
        count = partial(_count, above=middle, sign=-1)
        above = int(profile(steps.instance, steps.matching)[middle:].sum())
        gap = steps.most(count, room=above, enough=above, hold=False)
        high = _worst(steps)
        if high > middle:
            if gap != 0:
                return low
            low = middle + 1
    steps.most(partial(_count, above=high, sign=-1), room=0)
    return high


def _worst(steps: Steps) -> int:
    places = np.flatnonzero(profile(steps.instance, steps.matching))
    return int(places.max(initial=-1)) + 1


def _rank_by_rank(steps: Steps, ranks: Iterable[int], *, sign: int) -> Value | None:
    places = int(profile(steps.instance, steps.matching).sum())
    settled: list[int] = []
    for rank in ranks:
        if sum(settled) < places:
            make = partial(_count, at=rank, sign=sign)
            now = int(profile(steps.instance, steps.matching)[rank - 1])
            room = places - sum(settled) - now if sign > 0 else now
            gap = steps.most(make, room=room)
            found = int(profile(steps.instance, steps.matching)[rank - 1])
            if gap is None:
                return tuple(settled) or None
            if gap:
                return (*settled, found + sign * gap)
            settled.append(found)
        else:
            settled.append(0)
    return tuple(settled)


def _count(
    instance: Instance,
    among: IntArray,
    seed: int,
    *,
    sign: int,
    at: int | None = None,
    above: int | None = None,
) -> Terms:
    """What each pair adds to the number of places at a rank, or above one; times ``sign``."""
    del seed
    ranks = (instance.mentor_rank[among], instance.mentee_rank[among])
    mentor_free, mentee_free = free_ranks(instance)
    before = (mentor_free[instance.mentor[among]], mentee_free[instance.mentee[among]])
    change = np.zeros(len(among), dtype=np.int64)
    for now, free in zip(ranks, before, strict=True):
        if above is not None:
            change += (now > above).astype(np.int64) - (free > above)
        else:
            change += (now == at).astype(np.int64) - (free == at)
    return pair_terms(instance, sign * change)
