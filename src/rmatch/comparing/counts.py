"""Metrics that count pairs and people."""

from __future__ import annotations

import numpy as np

from rmatch.comparing.people import Side, share, sides
from rmatch.comparing.records import Outcome
from rmatch.instance import BoolArray
from rmatch.properties.feasibility import mask_of
from rmatch.properties.stability import blocking_pairs


def pairs(outcome: Outcome) -> int:
    """How many pairs are made."""
    return len(outcome.chosen)


def unmatched(outcome: Outcome) -> int:
    """How many people who have a place have no partner."""
    return sum(int(np.count_nonzero(side.has_place & (side.load == 0))) for side in sides(outcome))


def blocking(outcome: Outcome) -> int:
    """How many acceptable pairs block, under the kind of stability that was chosen."""
    return len(blocking_pairs(outcome.instance, outcome.chosen))


def in_blocking(outcome: Outcome) -> float | None:
    """Of the people who have a place, the share who are in a blocking pair."""
    blocks = mask_of(outcome.instance, blocking_pairs(outcome.instance, outcome.chosen))
    both = sides(outcome)
    return share(
        np.concatenate([side.any_of(blocks) for side in both]),
        np.concatenate([side.has_place for side in both]),
    )


def envy(outcome: Outcome) -> float | None:
    """Of the people who have a place, the share who envy somebody a partner.

    That is, who have a free place or a partner whom they like less than an acceptable one who is
    matched, and not to them (Foley, *Resource allocation and the public sector*, 1967). What that
    one would say to it counts for nothing: where both would rather, the pair blocks.
    """
    both = sides(outcome)
    return share(
        np.concatenate([side.any_of(_envied(side)) for side in both]),
        np.concatenate([side.has_place for side in both]),
    )


def _envied(side: Side) -> BoolArray:
    """(E,) whether the owner would rather have this partner, who is somebody else's."""
    worst = np.zeros(len(side.capacity), dtype=np.int64)
    np.maximum.at(worst, side.owner[side.made], side.rank[side.made])
    free = side.load < side.capacity
    rather = free[side.owner] | (side.rank < worst[side.owner])
    found: BoolArray = ~side.made & rather & (side.other_load[side.other] > 0)
    return found
