"""Blocking pairs: who would rather have each other."""

from __future__ import annotations

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.properties.feasibility import Chosen, loads, mask_of


def blocking_pairs(instance: Instance, chosen: Chosen) -> IntArray:
    """Indices of the acceptable pairs that block a matching (weak stability).

    A pair blocks when the two are not matched to each other and each has a free place or strictly
    prefers the other to a partner they got: pairwise stability with responsive preferences, both
    sides with capacities, ties, incomplete lists. (Irving, 1994, for ties; Manlove, *Algorithmics
    of Matching Under Preferences*, 2013, ch. 3 and 5.)
    """
    mentor_wants, mentee_wants = would_take(instance, chosen)
    return np.flatnonzero(~mask_of(instance, chosen) & mentor_wants & mentee_wants)


def would_take(instance: Instance, chosen: Chosen) -> tuple[BoolArray, BoolArray]:
    """(E,), (E,): whether the mentor, and the mentee, of each pair would like to have it.

    That is, whether they have a free place or strictly prefer this partner to one they got.
    """
    mask = mask_of(instance, chosen)
    mentor_load, mentee_load = loads(instance, chosen)
    return (
        _would_take(
            instance.mentor, instance.mentor_rank, mask, mentor_load < instance.mentor_capacity
        ),
        _would_take(
            instance.mentee, instance.mentee_rank, mask, mentee_load < instance.mentee_capacity
        ),
    )


def _would_take(owner: IntArray, rank: IntArray, mask: BoolArray, free: BoolArray) -> BoolArray:
    """(E,) whether the owner has a free place or a partner whom it likes less than this one."""
    worst = np.zeros(len(free), dtype=np.int64)
    np.maximum.at(worst, owner[mask], rank[mask])
    wants: BoolArray = free[owner] | (rank < worst[owner])
    return wants
