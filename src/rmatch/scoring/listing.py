"""Candidate lists: each person's best partners, out of pools that are scored exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray, IntArray
from rmatch.scoring.lots import Lots, mixed
from rmatch.scoring.people import People, Side
from rmatch.scoring.pools import Pools
from rmatch.scoring.protocol import TOP
from rmatch.scoring.weighing import Points

POOL = 5
"""So many partners are scored at first for each place of a list."""

LEAST_POOL = 200

CHUNK = 2**19
"""Pairs scored at once."""

_ROWS = 2**11
"""People looked at together: so many have room in the key by which partners are sorted."""

NOBODY = -1

Judge = Callable[[IntArray, IntArray], tuple[Points, BoolArray]]
"""Of persons and partners, pair by pair: the person's own points, and who is acceptable."""


def best_partners(
    people: People, side: Side, k: int, lots: tuple[Lots, Lots], judge: Judge
) -> npt.NDArray[np.int32]:
    """(n, k) each person's best acceptable partners by their own points, ``NOBODY`` after the last.

    Where points are equal at the end of a list, a lot of the pair decides. A list is short only
    where nobody acceptable is left: until then the pool is widened, to twice as many each time.

    Args:
        people: Everyone.
        side: Whose lists.
        k: Places in a list.
        lots: Both sides' lots, mentors first.
        judge: Scores pairs.
    """
    pools = Pools(people, side, lots)
    mine, theirs = lots if side == "mentor" else lots[::-1]
    k = min(k, pools.partners)
    lists = _Lists(len(people.side(side)), k)
    open_ = pools.by_wants(np.arange(len(mine)))
    start, stop = 0, max(LEAST_POOL, POOL * k)
    while len(open_) and start < pools.partners:
        for persons in _chunks(open_, min(stop, pools.partners) - start):
            taken = list(pools.take(persons.tolist(), start, stop))
            lists.add(persons, taken, judge, (mine, theirs))
        open_ = open_[lists.partners[open_, -1] == NOBODY] if k else open_[:0]
        start, stop = stop, 2 * stop
    return lists.partners


def _chunks(persons: IntArray, each: int) -> Sequence[IntArray]:
    size = min(_ROWS, max(1, CHUNK // max(1, each)))
    return [persons[at : at + size] for at in range(0, len(persons), size)]


class _Lists:
    """The best so far: partners, and the keys by which they are compared, the least best."""

    def __init__(self, n: int, k: int) -> None:
        self.partners = np.full((n, k), NOBODY, dtype=np.int32)
        self._keys = np.zeros((n, k), dtype=np.int64)

    def add(
        self, persons: IntArray, taken: list[IntArray], judge: Judge, lots: tuple[Lots, Lots]
    ) -> None:
        """Score these partners of each person, and keep the best of them and those so far."""
        partner = np.concatenate(taken)
        row = np.repeat(np.arange(len(persons)), [len(one) for one in taken])
        points, acceptable = judge(persons[row], partner)
        row, partner, points = row[acceptable], partner[acceptable], points[acceptable]
        keys = _keys(points, mixed(lots[0][persons[row]], lots[1][partner]))
        so_far = self.partners[persons] != NOBODY
        row = np.concatenate([np.nonzero(so_far)[0], row])
        partner = np.concatenate([self.partners[persons][so_far], partner])
        keys = np.concatenate([self._keys[persons][so_far], keys])
        order = np.argsort(row << _KEY_BITS | keys)
        row = row[order]
        place = np.arange(len(row)) - np.searchsorted(row, np.arange(len(persons)))[row]
        kept = place < self.partners.shape[1]
        at = persons[row[kept]], place[kept]
        self.partners[at] = partner[order][kept]
        self._keys[at] = keys[order][kept]


_TIE_BITS = 38
_KEY_BITS = 14 + _TIE_BITS
"""Points take 14, and people ``_ROWS`` allows 11 more: 63 in all."""


def _keys(points: Points, ties: Lots) -> IntArray:
    """By these the best points come first, and where they are equal the lot of the pair decides."""
    short = (TOP - points).astype(np.int64)
    return short << _TIE_BITS | (ties >> np.uint64(64 - _TIE_BITS)).astype(np.int64)
