"""Candidate lists: each person's best partners, out of pools that are scored exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

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

LEAST_BY_PAIR = 5
"""At least so many places by what pairs score."""

CHUNK = 2**19
"""Pairs scored at once."""

_ROWS = 2**11
"""People looked at together: so many have room in the key by which partners are sorted."""

NOBODY = -1


class Judge(Protocol):
    """What lists are made by, of persons and partners, pair by pair."""

    def points(self, persons: IntArray, partners: IntArray) -> tuple[Points, Points]:
        """The persons' own points, and the pairs'."""

    def acceptable(self, persons: IntArray, partners: IntArray) -> BoolArray:
        """Who may be paired."""


def best_partners(
    people: People, side: Side, k: int, lots: tuple[Lots, Lots], judge: Judge
) -> npt.NDArray[np.int32]:
    """(n, …) each person's best acceptable partners, ``NOBODY`` where there are no more.

    First k by the person's own points; then, of those looked at for these, some by what the pair
    scores, who may be among the k as well. Where points are equal at the end of either, a lot of
    the pair decides. The k are fewer only where nobody acceptable is left: until then the pool is
    widened, to twice as many each time.

    Args:
        people: Everyone.
        side: Whose lists.
        k: Places by own points.
        lots: Both sides' lots, mentors first.
        judge: Scores pairs.
    """
    pools = Pools(people, side, lots)
    mine, theirs = lots if side == "mentor" else lots[::-1]
    k = min(k, pools.partners)
    lists = _Lists(len(mine), k)
    together = _Lists(len(mine), min(by_pair(k), pools.partners) if k else 0)
    open_ = pools.by_wants(np.arange(len(mine)))
    start, stop = 0, max(LEAST_POOL, POOL * k)
    while len(open_) and start < pools.partners:
        for persons in _chunks(open_, min(stop, pools.partners) - start):
            taken = list(pools.take(persons.tolist(), start, stop))
            row = np.repeat(np.arange(len(persons)), [len(one) for one in taken])
            partner = np.concatenate(taken)
            ties = mixed(mine[persons[row]], theirs[partner])
            own, pair = judge.points(persons[row], partner)
            lists.add(persons, row, partner, _keys(own, ties), judge)
            together.add(persons, row, partner, _keys(pair, ties), judge)
        open_ = open_[lists.partners[open_, -1] == NOBODY] if k else open_[:0]
        start, stop = stop, 2 * stop
    return np.concatenate([lists.partners, together.partners], axis=1)


def by_pair(k: int) -> int:
    """How many places there are by what pairs score, beside k by own points."""
    return max(LEAST_BY_PAIR, k // 5)


def _chunks(persons: IntArray, each: int) -> Sequence[IntArray]:
    size = min(_ROWS, max(1, CHUNK // max(1, each)))
    return [persons[at : at + size] for at in range(0, len(persons), size)]


class _Lists:
    """The best so far: partners, and the keys by which they are compared, the least best."""

    def __init__(self, n: int, k: int) -> None:
        self.partners = np.full((n, k), NOBODY, dtype=np.int32)
        self._keys = np.zeros((n, k), dtype=np.int64)

    def add(
        self, persons: IntArray, row: IntArray, partner: IntArray, keys: IntArray, judge: Judge
    ) -> None:
        """Keep the best of those so far and of these partners of the person in each row."""
        so_far = self.partners[persons] != NOBODY
        row = np.concatenate([np.nonzero(so_far)[0], row])
        partner = np.concatenate([self.partners[persons][so_far], partner])
        keys = np.concatenate([self._keys[persons][so_far], keys])
        order = np.argsort(row << _KEY_BITS | keys)
        row, partner, keys = row[order], partner[order], keys[order]
        free = self._free(persons, row, partner, judge)
        row, partner, keys = row[free], partner[free], keys[free]
        place = _places(row, len(persons))
        kept = place < self.partners.shape[1]
        at = persons[row[kept]], place[kept]
        self.partners[at] = partner[kept]
        self._keys[at] = keys[kept]

    def _free(self, persons: IntArray, row: IntArray, partner: IntArray, judge: Judge) -> BoolArray:
        """Who is acceptable, the best asked first; the others only where these fill no list."""
        k = self.partners.shape[1]
        ahead = _places(row, len(persons)) < 2 * k
        free = np.zeros(len(row), dtype=bool)
        free[ahead] = judge.acceptable(persons[row[ahead]], partner[ahead])
        short = np.bincount(row[free], minlength=len(persons)) < k
        rest = ~ahead & short[row]
        free[rest] = judge.acceptable(persons[row[rest]], partner[rest])
        return free


def _places(row: IntArray, rows: int) -> IntArray:
    """How many of the same row are before each, of rows in order."""
    return np.asarray(np.arange(len(row)) - np.searchsorted(row, np.arange(rows))[row])


_TIE_BITS = 38
_KEY_BITS = 14 + _TIE_BITS
"""Points take 14, and people ``_ROWS`` allows 11 more: 63 in all."""


def _keys(points: Points, ties: Lots) -> IntArray:
    """By these the best points come first, and where they are equal the lot of the pair decides."""
    short = (TOP - points).astype(np.int64)
    return short << _TIE_BITS | (ties >> np.uint64(64 - _TIE_BITS)).astype(np.int64)
