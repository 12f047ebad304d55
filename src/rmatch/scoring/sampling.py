"""The pairs over which the means are taken that stand for missing values."""

from __future__ import annotations

import hashlib

import numpy as np

from rmatch.instance import IntArray
from rmatch.scoring.lots import Lots, below, drawn_order, mixed, person_lots
from rmatch.scoring.people import People

SAMPLE = 2**20
"""So many pairs, or all where there are no more."""


def sampled_pairs(people: People, seed: int, size: int = SAMPLE) -> tuple[IntArray, IntArray]:
    """(mentor, mentee) indices of pairs drawn with replacement; all pairs where they are no more.

    People are drawn by their place in an order by lot, so that the same pairs of people are drawn
    whatever the order of the file.

    Args:
        people: Everyone.
        seed: The programme's.
        size: How many pairs.
    """
    n, m = people.shape
    if n * m <= size:
        rows, columns = np.divmod(np.arange(n * m, dtype=np.int64), max(1, m))
        return rows, columns
    numbers = np.arange(size, dtype=np.uint64)
    places = [_drawn(seed, name, numbers, count) for name, count in zip("ms", (n, m), strict=True)]
    orders = [
        drawn_order(person_lots(seed, ids), ids)
        for ids in ([p.id for p in people.mentors], [p.id for p in people.mentees])
    ]
    return orders[0][places[0]], orders[1][places[1]]


def _drawn(seed: int, name: str, numbers: Lots, count: int) -> IntArray:
    digest = hashlib.sha256(f"{seed}\x1f{name}\x1fsample".encode()).digest()[:8]
    return below(mixed(numbers, np.array([int.from_bytes(digest, "big")], dtype=np.uint64)), count)
