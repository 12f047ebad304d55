"""Is this a matching of the instance? How full is everyone?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray, Instance, IntArray

Chosen = Sequence[int] | npt.NDArray[np.integer]


def mask_of(instance: Instance, chosen: Chosen) -> BoolArray:
    """(E,) whether each acceptable pair is matched."""
    mask = np.zeros(instance.n_pairs, dtype=bool)
    mask[np.asarray(chosen, dtype=np.int64)] = True
    return mask


def loads(instance: Instance, chosen: Chosen) -> tuple[IntArray, IntArray]:
    """(n,) and (m,): how many partners each mentor and each mentee has."""
    index = np.asarray(chosen, dtype=np.int64)
    return (
        np.bincount(instance.mentor[index], minlength=instance.n_mentors).astype(np.int64),
        np.bincount(instance.mentee[index], minlength=instance.n_mentees).astype(np.int64),
    )


def is_matching(instance: Instance, chosen: Chosen) -> bool:
    """Whether nobody has more partners than places and no pair is chosen twice."""
    mentor_load, mentee_load = loads(instance, chosen)
    return bool(
        len(set(np.asarray(chosen).tolist())) == len(chosen)
        and np.all(mentor_load <= instance.mentor_capacity)
        and np.all(mentee_load <= instance.mentee_capacity)
    )


def places_left(instance: Instance) -> tuple[IntArray, IntArray]:
    """(n,), (m,): the places that the pairs that must be made leave; 0 where they need more."""
    mentor_load, mentee_load = loads(instance, np.flatnonzero(instance.forced))
    return (
        np.maximum(0, instance.mentor_capacity - mentor_load),
        np.maximum(0, instance.mentee_capacity - mentee_load),
    )


def undecided(instance: Instance) -> BoolArray:
    """(E,) which pairs need not be made, and could be: both people have a place left."""
    mentor, mentee = places_left(instance)
    return ~instance.forced & (mentor[instance.mentor] > 0) & (mentee[instance.mentee] > 0)
