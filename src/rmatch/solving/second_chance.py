"""Deferred acceptance that goes on until people left over have tried twice: larger with ties.

One side proposes, each to their favourite. Among favourites that tie, one with a free place comes
first. Whoever is turned away by all of their list is *promoted* and goes through it once more: a
promoted person beats one who is not at the same rank. A place held by somebody who could go to
another favourite with a free place that ties with this one is held *provisionally*: it is given to
anyone who asks.

After the linear-time algorithm of Király (*Linear time local approximation algorithm for maximum
stable marriage*, Algorithms 6, 2013). With one place a person the matching is stable; Király's
bound of two thirds of the largest does not hold for this form of it (of 42 448 small cases 102 fell
short), and nothing rests on it. With several places it is the same walk over places; the caller
checks what comes of it.
"""

from __future__ import annotations

from collections import deque
from itertools import groupby

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.solving.clock import Clock
from rmatch.work import count

LOOK = 64
"""Proposals between two looks at the clock: each may go through a whole list."""


def second_chance(
    instance: Instance, order: IntArray, *, mentors_propose: bool, clock: Clock
) -> IntArray:
    """A matching, weakly stable where everybody has one place and nearly always elsewhere.

    Args:
        instance: The instance.
        order: (E,) a permutation of the pairs; within a tie the lower is tried first.
        mentors_propose: Which side proposes.
        clock: Left when the time is up.

    Returns:
        Indices of the matched pairs, sorted.

    Raises:
        OutOfTimeError: see the clock.
    """
    return _Proposals(instance, order, mentors_propose=mentors_propose).run(clock)


class _Proposals:
    """Who has been proposed to and who holds whom."""

    def __init__(self, instance: Instance, order: IntArray, *, mentors_propose: bool) -> None:
        sides = (
            (instance.mentor, instance.mentor_rank, instance.mentor_capacity),
            (instance.mentee, instance.mentee_rank, instance.mentee_capacity),
        )
        proposing, receiving = sides if mentors_propose else sides[::-1]
        self._proposer: list[int] = proposing[0].tolist()
        self._receiver: list[int] = receiving[0].tolist()
        self._rank: list[int] = receiving[1].tolist()
        self._places: list[int] = proposing[2].tolist()
        self._free: list[int] = receiving[2].tolist()
        self._held: list[list[int]] = [[] for _ in self._free]
        self._lists = _tie_groups(*proposing[:2], order, len(self._places))
        """Per proposer, tie groups of pairs, the best last."""
        self._left = [list(groups) for groups in self._lists]
        """What is left of them on this round."""
        self._promoted = [False] * len(self._places)
        self._is_held = bytearray(len(self._proposer))

    def run(self, clock: Clock) -> IntArray:
        """Propose until nobody has anybody left to propose to."""
        queue = deque(person for person, places in enumerate(self._places) if places)
        turn = 0
        while queue:
            person = queue.popleft()
            while self._places[person] and (pair := self._favourite(person)) >= 0:
                turn += 1
                if turn % LOOK == 0:
                    clock.check()
                gone = self._propose(pair)
                if gone >= 0 and self._proposer[gone] != person:
                    queue.append(self._proposer[gone])
        count(proposals=turn)
        return np.array(sorted(pair for pairs in self._held for pair in pairs), dtype=np.int64)

    def _favourite(self, person: int) -> int:
        """The pair to propose next, one with a free place if any; −1 where none is left."""
        while True:
            groups = self._left[person]
            while groups:
                best = -1
                for pair in groups[-1]:
                    if self._is_held[pair]:
                        continue
                    if self._free[self._receiver[pair]]:
                        return pair
                    best = pair if best < 0 else best
                if best >= 0:
                    return best
                groups.pop()
            if self._promoted[person]:
                return -1
            self._promoted[person] = True
            self._left[person] = [list(group) for group in self._lists[person]]

    def _propose(self, pair: int) -> int:
        """Hold the pair or turn it away; the pair that was given up, or −1."""
        receiver = self._receiver[pair]
        held = self._held[receiver]
        if self._free[receiver]:
            self._free[receiver] -= 1
            self._hold(pair)
            return -1
        for other in held:
            if self._is_provisional(other):
                self._release(other)
                self._hold(pair)
                return other
        worst = max(held, key=self._standing, default=-1)
        if worst < 0 or self._standing(pair) >= self._standing(worst):
            self._turn_away(pair)
            return pair
        self._release(worst)
        self._turn_away(worst)
        self._hold(pair)
        return worst

    def _standing(self, pair: int) -> tuple[int, bool]:
        return self._rank[pair], not self._promoted[self._proposer[pair]]

    def _is_provisional(self, pair: int) -> bool:
        """Whether its proposer has another favourite at the same rank, with a free place."""
        groups = self._left[self._proposer[pair]]
        if not groups or pair not in groups[-1]:
            return False
        return any(self._free[self._receiver[p]] for p in groups[-1] if not self._is_held[p])

    def _hold(self, pair: int) -> None:
        self._held[self._receiver[pair]].append(pair)
        self._places[self._proposer[pair]] -= 1
        self._is_held[pair] = 1

    def _release(self, pair: int) -> None:
        self._held[self._receiver[pair]].remove(pair)
        self._places[self._proposer[pair]] += 1
        self._is_held[pair] = 0

    def _turn_away(self, pair: int) -> None:
        """Nobody proposes this pair again on this round."""
        for group in reversed(self._left[self._proposer[pair]]):
            if pair in group:
                group.remove(pair)
                return


def _tie_groups(
    owner: IntArray, rank: IntArray, order: IntArray, count: int
) -> list[list[list[int]]]:
    """Per person, their pairs by tie group, worst group first."""
    sequence = np.lexsort((order, -rank, owner)).tolist()
    lists: list[list[list[int]]] = [[] for _ in range(count)]
    owners, ranks = owner.tolist(), rank.tolist()
    for (person, _), group in groupby(sequence, key=lambda pair: (owners[pair], ranks[pair])):
        lists[person].append(list(group))
    return lists
