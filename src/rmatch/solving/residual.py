"""What is left to decide once the pairs that must be made are made.

They take their places away, and what they count towards quotas. Nobody blocks with a place so held,
so the blocking pairs of the rest are those of the whole.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from rmatch.instance import Instance, IntArray, Quota
from rmatch.properties.feasibility import loads, places_left, undecided
from rmatch.properties.statements import count_of


def residual(instance: Instance) -> tuple[Instance, IntArray]:
    """The instance without the pairs that must be made, and which of its pairs are left.

    Capacities are those left (below 0 where too many pairs must be made: then 0), pairs of people
    without a place are gone, hard quotas are what is left of them, priced ones are gone.
    """
    must = np.flatnonzero(instance.forced)
    room = places_left(instance)
    keep = undecided(instance)
    pairs = np.flatnonzero(keep)
    if keep.all() and not instance.quotas:
        return instance, pairs  # as most are; checking a million pairs again takes a second
    hard = tuple(
        quota_left(instance, quota, pairs, must) for quota in instance.quotas if quota.price is None
    )
    rest = instance.replace(forced=np.zeros(instance.n_pairs, dtype=bool), quotas=())
    rest = rest.only(keep).replace(mentor_capacity=room[0], mentee_capacity=room[1], quotas=hard)
    return rest, pairs


def quota_left(instance: Instance, quota: Quota, pairs: IntArray, chosen: IntArray) -> Quota:
    """A quota over some of the pairs, once others are made: limits and people who count still."""
    count = count_of(instance, quota, chosen)
    mentor_load, mentee_load = loads(instance, chosen)
    return dataclasses.replace(
        quota,
        pair=quota.pair[pairs],
        mentor=np.where(mentor_load > 0, 0, quota.mentor),
        mentee=np.where(mentee_load > 0, 0, quota.mentee),
        minimum=quota.minimum - count,
        maximum=None if quota.maximum is None else quota.maximum - count,
    )
