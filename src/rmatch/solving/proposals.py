"""Who has proposed to whom, and who holds which proposals: as arrays, all proposers at once."""

from __future__ import annotations

import numpy as np

from rmatch.instance import IntArray
from rmatch.solving.standing import Standing


class Proposals:
    """Deferred acceptance on its way.

    Attributes:
        lists: (E,) pairs, proposer after proposer, each one's best first.
        following: (proposers,) where in ``lists`` each proposes next, and
        end: (proposers,) where their list ends.
        places: (proposers,) places each has left.
        active: Proposers with a place left and somebody to propose to, ascending.
        first: (receivers + 1,) offsets into ``held``.
        held: Where the pairs that a receiver holds stand with them (``Standing.place``), the best
            first; ``free`` in places that are left.
        rounds: How many rounds there were.
        asked: How many proposals they had.
    """

    def __init__(
        self, proposing: tuple[Standing, IntArray], receiving: tuple[Standing, IntArray]
    ) -> None:
        """Nobody has proposed yet.

        Args:
            proposing: The strict preferences and the capacities of those who propose.
            receiving: Those of the others.
        """
        (own, places), (self.receiving, room) = proposing, receiving
        self.proposer = own.owner
        self.lists = own.best_first
        self.following, self.end = own.start[:-1].copy(), own.start[1:]
        self.places = np.minimum(places, np.diff(own.start))
        self.active = np.flatnonzero(self.places > 0)
        self.room = np.minimum(room, np.diff(self.receiving.start))  # may be given as unlimited
        self.first = np.concatenate([[0], np.cumsum(self.room)])
        self.free = len(self.lists)
        self.held = np.full(self.first[-1], self.free, dtype=np.int64)
        self.rounds = self.asked = 0
        self.crowd = 0.0
        """Places that the last round looked at, for every proposal."""

    @property
    def matched(self) -> IntArray:
        """Indices of the pairs that are held, sorted."""
        return np.sort(self.receiving.best_first[self.held[self.held < self.free]])

    def round(self) -> None:
        """All who are active propose, each to as many as they have places left."""
        active = self.active
        count = np.minimum(self.places[active], self.end[active] - self.following[active])
        pairs = self.lists[ranges(self.following[active], count)]
        self.following[active] += count
        self.places[active] -= count
        losers = self.proposer[self._receive(pairs)]
        np.add.at(self.places, losers, 1)
        losers = np.unique(losers)
        self.active = losers[self.following[losers] < self.end[losers]]
        self.rounds += 1
        self.asked += len(pairs)

    def _receive(self, pairs: IntArray) -> IntArray:
        """The pairs turned away once everybody who was asked holds the best of new and old."""
        asked = np.unique(self.receiving.owner[pairs])
        before = self.held[ranges(self.first[asked], self.room[asked])]
        self.crowd = len(before) / max(1, len(pairs))
        all_places = np.sort(
            np.concatenate([before[before < self.free], self.receiving.place[pairs]])
        )
        all_pairs = self.receiving.best_first[all_places]
        receiver = self.receiving.owner[all_pairs]
        # Places are the receivers' one after the other, so each one's stand together.
        turn = np.arange(len(receiver)) - np.searchsorted(receiver, receiver)
        kept = turn < self.room[receiver]
        self.held[self.first[receiver[kept]] + turn[kept]] = all_places[kept]
        turned_away: IntArray = all_pairs[~kept]
        return turned_away


def ranges(start: IntArray, count: IntArray) -> IntArray:
    """So many numbers from each start on, one range after the other."""
    before = np.cumsum(count) - count
    numbers: IntArray = np.repeat(start - before, count) + np.arange(count.sum())
    return numbers
