"""Where each pair stands in its people's eyes once ties are broken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rmatch.instance import BoolArray, IntArray

_BITS = 63


@dataclass(frozen=True, slots=True)
class Standing:
    """One side's strict preferences, person after person in one list.

    Attributes:
        owner: (E,) whose each pair is.
        start: (people + 1,) offsets into ``best_first``.
        best_first: (E,) indices of the pairs, owner after owner, each one's best first.
        place: (E,) where each pair stands there: of two pairs of an owner the better is lower.
    """

    owner: IntArray
    start: IntArray
    best_first: IntArray
    place: IntArray


def standing_of(owner: IntArray, rank: IntArray, start: IntArray, order: IntArray) -> Standing:
    """Strict preferences from ranks, ties broken by ``order``.

    Args:
        owner: (E,) whose each pair is.
        rank: (E,) the owner's rank of it, dense from 1 for every owner.
        start: (people + 1,) how many pairs the people before each have.
        order: (E,) a permutation of the pairs; within a tie the lower comes first.
    """
    place = start[owner] + rank - 1  # ties stand at one place; ranks are dense, so none is passed
    if is_permutation(place):
        best_first = inverse(place)
    else:
        best_first = _sorted_by(place, order)
        place = inverse(best_first)
    return Standing(owner, start, best_first, place)


def is_permutation(places: IntArray) -> bool:
    """Whether numbers from 0 to one less than their count are all different."""
    seen: BoolArray = np.zeros(len(places), dtype=bool)
    seen[places] = True
    return bool(seen.all())


def inverse(permutation: IntArray) -> IntArray:
    """The permutation that undoes another one."""
    undone = np.empty_like(permutation)
    undone[permutation] = np.arange(len(permutation))
    return undone


def _sorted_by(place: IntArray, order: IntArray) -> IntArray:
    """(E,) indices sorted by place, then by order: as numbers that hold both, where they fit.

    Sorting numbers is several times faster than sorting indices by them.
    """
    count = len(order)
    bits = max(1, count - 1).bit_length()
    if 2 * bits > _BITS:
        return np.lexsort((order, place))
    both = np.sort((place << bits) | order)
    first_to_last: IntArray = inverse(order)[both & ((1 << bits) - 1)]
    return first_to_last
