"""Ties broken by score: which pairs only a lot can tell apart, and the order that comes of it."""

from __future__ import annotations

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.solving.standing import inverse, is_permutation

NARROW = 1 << 16
"""Numbers of less than this are sorted digit by digit, in time in proportion to their count."""


def best_score_first(instance: Instance, lots: IntArray | None = None) -> IntArray:
    """(E,) each pair's place among all by score, the best first; equal ones by lot, then as listed.

    Args:
        instance: The instance.
        lots: (E,) the lower comes first; none by default.
    """
    if lots is not None and lots.any():
        return inverse(np.lexsort((lots, -instance.score)))
    behind = instance.score.max(initial=0) - instance.score
    if behind.max(initial=0) < NARROW:
        behind = behind.astype(np.uint16)
    return inverse(np.argsort(behind, kind="stable"))


def equal_to_another(instance: Instance) -> BoolArray:
    """(E,) which pairs have the same person, rank and score as another: only lots decide there."""
    return _equal(
        instance.mentor_start[instance.mentor] + instance.mentor_rank - 1, instance.score
    ) | _equal(instance.mentee_start[instance.mentee] + instance.mentee_rank - 1, instance.score)


def _equal(place: IntArray, score: IntArray) -> BoolArray:
    """Which numbers stand at one place with another one, and have the same score."""
    if is_permutation(place):
        return np.zeros(len(place), dtype=bool)
    order = np.lexsort((score, place))
    same = (np.diff(place[order]) == 0) & (np.diff(score[order]) == 0)
    equal = np.zeros(len(place), dtype=bool)
    equal[order[1:][same]] = True
    equal[order[:-1][same]] = True
    return equal


def best_first_of(
    instance: Instance, chosen: IntArray, weights: IntArray | None = None
) -> IntArray:
    """(E,) each pair's place among all: those of a matching first, then by weight, best first.

    With ties broken so, a weakly stable matching is stable.

    Args:
        instance: The instance.
        chosen: Indices of the matched pairs.
        weights: (E,) more is better; the score by default.
    """
    order = best_score_first(instance) if weights is None else inverse(np.argsort(-weights))
    in_turn = inverse(order)
    is_chosen = np.zeros(len(order), dtype=bool)
    is_chosen[chosen] = True
    first = is_chosen[in_turn]
    return inverse(np.concatenate([in_turn[first], in_turn[~first]]))
