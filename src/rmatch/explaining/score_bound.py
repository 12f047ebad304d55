"""What no matching of the same people can score more than, over all pairs of them.

Whatever mentees' places cost (not less than nothing), a matching scores no more than all these
prices and, of each mentor, the best points beyond them that their places could bring: weak duality
of the assignment. Good prices make a close bound, and the certificate of a matching among
candidates has good ones. The same holds with the sides exchanged.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rmatch.explaining.wording import counted
from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.scoring import PairScores
from rmatch.scoring.every_pair import blocks_of
from rmatch.scoring.protocol import TOP
from rmatch.scoring.weighing import Points
from rmatch.solution import Solution

SCORE = "score"


@dataclass(frozen=True, slots=True)
class ScoreBound:
    """How far a matching can be from the best total score of any.

    Attributes:
        total: What the pairs made score, in units of a hundredth of a point.
        bound: What no matching of these people scores more than, however few or many its pairs.
        looked_at: Mentors whose pairs with everybody were scored; others count the most there is.
        mentors: How many there are.
    """

    total: int
    bound: int
    looked_at: int
    mentors: int

    @property
    def gap(self) -> int:
        """What a better matching could score more at most."""
        return self.bound - self.total

    def __str__(self) -> str:
        share = f" ({100 * self.gap / self.total:.2f} %)" if self.total else ""
        looked = "all" if self.looked_at == self.mentors else f"{self.looked_at} of"
        return (
            f"score {self.total / 100:.2f}; no matching of these people scores more than "
            f"{self.bound / 100:.2f}: {self.gap / 100:.2f}{share} at most are missing. The pairs "
            f"of {looked} {counted(self.mentors, 'mentor')} were looked at."
        )


def score_bound(
    instance: Instance, solution: Solution, scores: PairScores, time_limit: float | None = None
) -> ScoreBound:
    """Bound the score of any matching by a matching's prices, a block of mentors at a time.

    Args:
        instance: What was solved: the places.
        solution: The matching, with its certificate.
        scores: Of every pair, or by which any pair can be scored.
        time_limit: Seconds after which no further mentor is looked at.
    """
    mentors, mentees = _prices(instance, solution)
    sides: list[_Rows | _Columns] = [
        *(_Rows(price, instance) for price in mentees),
        *(_Columns(price, instance) for price in mentors),
    ]
    started, looked_at = time.monotonic(), 0
    for part, points, acceptable in blocks_of(scores):
        if time_limit is not None and time.monotonic() - started >= time_limit:
            break
        for one in sides:
            one.add(part, points, acceptable)
        looked_at = part.stop
    total = int(instance.score[list(solution.chosen)].sum())
    bound = min(one.bound(looked_at) for one in sides)
    return ScoreBound(total, bound, looked_at, instance.n_mentors)


def _prices(instance: Instance, solution: Solution) -> tuple[list[IntArray], list[IntArray]]:
    """For both sides prices of the score worth trying; none less than nothing."""
    prices = solution.certificate.prices
    if prices is None or SCORE not in prices.levels:
        return (
            [np.zeros(instance.n_mentors, dtype=np.int64)],
            [np.zeros(instance.n_mentees, dtype=np.int64)],
        )
    level = prices.levels.index(SCORE)
    return _not_less(prices.mentors, level), _not_less(prices.mentees, level)


def _not_less(vectors: Sequence[tuple[int, ...]], level: int) -> list[IntArray]:
    """A side's prices, cut off at nothing; and moved up, which suits where all are matched."""
    # A place is worth no more than TOP, and a price beyond that bounds nothing better.
    own = np.array([max(-TOP, min(TOP, one[level])) for one in vectors], dtype=np.int64)
    least = int(own.min(initial=0))
    return [np.maximum(0, own), own - least] if least < 0 else [own]


class _Rows:
    """The bound by what the mentees' places cost."""

    def __init__(self, price: IntArray, instance: Instance) -> None:
        self._price, self._places = price.astype(np.int32), instance.mentor_capacity
        self._cost = int((price * instance.mentee_capacity).sum())
        self._most = 0

    def add(self, part: slice, points: Points, acceptable: BoolArray) -> None:
        """The best that the places of some mentors could bring."""
        beyond = np.where(acceptable, np.maximum(0, points - self._price), 0)
        places = np.minimum(self._places[part], beyond.shape[1])
        for count in np.unique(places[places > 0]).tolist():
            own = beyond[places == count]
            if count < own.shape[1]:
                own = np.partition(own, own.shape[1] - count, axis=1)[:, -count:]
            self._most += int(own.sum(dtype=np.int64))

    def bound(self, looked_at: int) -> int:
        """With all that mentors who were not looked at could bring at most."""
        left = int(self._places[looked_at:].sum())
        return self._cost + self._most + left * max(0, TOP - int(self._price.min(initial=TOP)))


class _Columns:
    """The bound by what the mentors' places cost."""

    def __init__(self, price: IntArray, instance: Instance) -> None:
        self._price, self._places = price.astype(np.int32)[:, None], instance.mentee_capacity
        self._cost = int((price * instance.mentor_capacity).sum())
        self._best = np.zeros(instance.n_mentees, dtype=np.int64)

    def add(self, part: slice, points: Points, acceptable: BoolArray) -> None:
        """The best that a place of each mentee could bring with these mentors."""
        beyond = np.where(acceptable, points - self._price[part], 0)
        np.maximum(self._best, beyond.max(axis=0, initial=0), out=self._best)

    def bound(self, looked_at: int) -> int:
        """With all that mentors who were not looked at could bring at most."""
        left = self._price[looked_at:]
        least = max(0, TOP - int(left.min())) if len(left) else 0
        return self._cost + int((np.maximum(self._best, least) * self._places).sum())
