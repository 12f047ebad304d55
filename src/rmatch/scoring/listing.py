"""Candidate lists: the best so many partners of each person, out of pools that are scored exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray, IntArray
from rmatch.scoring.lots import Lots, mixed
from rmatch.scoring.people import People, Side
from rmatch.scoring.pools import Pools

POOL = 8
"""So many partners are scored at first for each place of a list."""

LEAST_POOL = 256

CHUNK = 2**19
"""Pairs scored at once."""

NOBODY = -1

Judge = Callable[[IntArray, IntArray], tuple[IntArray, BoolArray]]
"""Of persons and partners, pair by pair: the person's own points, and which pairs are acceptable."""


def best_partners(
    people: People, side: Side, k: int, lots: tuple[Lots, Lots], judge: Judge
) -> IntArray:
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
    lists = _Lists.empty(len(people.side(side)), k)
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
    size = max(1, CHUNK // max(1, each))
    return [persons[at : at + size] for at in range(0, len(persons), size)]


class _Lists:
    """The best so far: partners, and by what they are compared, best first."""

    def __init__(self, partners: IntArray, points: IntArray, ties: Lots) -> None:
        self.partners = partners
        self._points = points
        self._ties = ties

    @classmethod
    def empty(cls, n: int, k: int) -> _Lists:
        return cls(
            np.full((n, k), NOBODY, dtype=np.int32),
            np.full((n, k), -1, dtype=np.int32),
            np.zeros((n, k), dtype=np.uint64),
        )

    def add(
        self, persons: IntArray, taken: list[IntArray], judge: Judge, lots: tuple[Lots, Lots]
    ) -> None:
        """Score these partners of each person, and keep the best of them and those so far."""
        k = self.partners.shape[1]
        partner = np.concatenate(taken)
        row = np.repeat(np.arange(len(persons)), [len(one) for one in taken])
        points, acceptable = judge(persons[row], partner)
        ties = mixed(lots[0][persons[row]], lots[1][partner])
        so_far = self.partners[persons] != NOBODY
        row = np.concatenate([np.nonzero(so_far)[0], row[acceptable]])
        partner = np.concatenate([self.partners[persons][so_far], partner[acceptable]])
        points = np.concatenate([self._points[persons][so_far], points[acceptable]])
        ties = np.concatenate([self._ties[persons][so_far], ties[acceptable]])
        order = np.lexsort((ties, -points, row))
        row = row[order]
        place = np.arange(len(row)) - np.searchsorted(row, row)
        kept = place < k
        at = persons[row[kept]], place[kept]
        self.partners[at] = partner[order][kept]
        self._points[at] = points[order][kept]
        self._ties[at] = ties[order][kept]
