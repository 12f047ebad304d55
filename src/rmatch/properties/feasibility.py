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
