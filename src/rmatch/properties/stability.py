"""Blocking pairs: who would rather have each other."""

from __future__ import annotations

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.properties.feasibility import Chosen, loads, mask_of


def blocking_pairs(instance: Instance, chosen: Chosen) -> IntArray:
    """Indices of the acceptable pairs that block a matching, as ``instance.stability`` defines.

    A pair blocks when the two are not matched to each other and each has a free place or strictly
    prefers the other to a partner they got: pairwise stability with responsive preferences, both
    sides with capacities, ties, incomplete lists. That is ``weak`` stability; for ``strong`` it is
    enough that one of them strictly would and the other is at least indifferent, for ``super`` that
    both are at least indifferent. (Irving, 1994, for ties; Manlove, *Algorithmics of Matching Under
    Preferences*, 2013, ch. 3 and 5.) A place held by a pair that must be made blocks with nobody.
    """
    mentor_wants, mentee_wants = would_take(instance, chosen)
    spare = ~mask_of(instance, chosen)
    if instance.stability == "weak":
        return np.flatnonzero(spare & mentor_wants & mentee_wants)
    mentor_may, mentee_may = would_take(instance, chosen, indifferent=True)
    if instance.stability == "super":
        return np.flatnonzero(spare & mentor_may & mentee_may)
    return np.flatnonzero(spare & ((mentor_wants & mentee_may) | (mentor_may & mentee_wants)))


def would_take(
    instance: Instance, chosen: Chosen, *, indifferent: bool = False
) -> tuple[BoolArray, BoolArray]:
    """(E,), (E,): whether the mentor, and the mentee, of each pair would like to have it.

    That is, whether they have a free place or strictly prefer this partner to one they got
    (``indifferent``: like this partner at least as much), places that are held for a pair that must
    be made left out.
    """
    mask = mask_of(instance, chosen)
    movable = mask & ~instance.forced
    mentor_load, mentee_load = loads(instance, chosen)
    return (
        _would_take(
            instance.mentor,
            instance.mentor_rank - indifferent,
            (movable, instance.mentor_rank),
            mentor_load < instance.mentor_capacity,
        ),
        _would_take(
            instance.mentee,
            instance.mentee_rank - indifferent,
            (movable, instance.mentee_rank),
            mentee_load < instance.mentee_capacity,
        ),
    )


def _would_take(
    owner: IntArray, rank: IntArray, held: tuple[BoolArray, IntArray], free: BoolArray
) -> BoolArray:
    """(E,) whether the owner has a free place or a partner whom it likes less than this one."""
    mask, held_rank = held
    worst = np.full(len(free), -1, dtype=np.int64)
    np.maximum.at(worst, owner[mask], held_rank[mask])
    wants: BoolArray = free[owner] | (rank < worst[owner])
    return wants
