"""The tail of deferred acceptance, one proposal after the other in plain integers."""

from __future__ import annotations

import heapq
from collections.abc import Callable

import numpy as np

from rmatch.instance import IntArray
from rmatch.solving.proposals import Proposals

Receive = Callable[[int, int], int]
"""(receiver, place of the pair) → the place that is turned away, or ``free``."""


def finish_singly(proposals: Proposals) -> None:
    """Propose until nobody has anybody left to propose to; whoever is turned away goes on first."""
    lists, end = _numbers(proposals.lists), _numbers(proposals.end)
    place = _numbers(proposals.receiving.place)
    best_first = _numbers(proposals.receiving.best_first)
    receiver, proposer = _numbers(proposals.receiving.owner), _numbers(proposals.proposer)
    following, places = proposals.following.data, proposals.places.data
    free, receive = proposals.free, _receiving(proposals)
    waiting = proposals.active.tolist()
    while waiting:
        person = waiting.pop()
        while places[person] and following[person] < end[person]:
            pair = lists[following[person]]
            following[person] += 1
            proposals.asked += 1
            gone = receive(receiver[pair], place[pair])
            if gone == place[pair]:
                continue
            places[person] -= 1
            if gone != free:
                loser = proposer[best_first[gone]]
                places[loser] += 1
                waiting.append(loser)
    proposals.active = np.zeros(0, dtype=np.int64)


def _numbers(array: IntArray) -> memoryview[int]:
    """What is read of an array, number by number.

    An instance that came over a network may lie at an odd address, where no view can be indexed.
    """
    return np.require(array, requirements="A").data


def _receiving(proposals: Proposals) -> Receive:
    """How a proposal is received: beside one place nothing needs to be kept in order."""
    if proposals.room.max(initial=0) <= 1:
        return _by_one_place(proposals)
    return _by_heap(proposals)


def _by_one_place(proposals: Proposals) -> Receive:
    """Receivers with one place at most, each at their number in ``held`` less those without."""
    first, room, held = _numbers(proposals.first), _numbers(proposals.room), proposals.held.data

    def receive(receiver: int, place: int) -> int:
        if not room[receiver]:
            return place
        at = first[receiver]
        worst: int = held[at]
        if place > worst:
            return place
        held[at] = place
        return worst

    return receive


def _by_heap(proposals: Proposals) -> Receive:
    """The worst of what each receiver holds on top of a heap, in ``held`` whenever it changes."""
    first, room, held = _numbers(proposals.first), _numbers(proposals.room), proposals.held.data
    heaps: dict[int, list[tuple[int, int]]] = {}

    def receive(receiver: int, place: int) -> int:
        if not room[receiver]:
            return place
        heap = heaps.get(receiver)
        if heap is None:
            where = range(first[receiver], first[receiver + 1])
            heap = heaps[receiver] = [(-held[at], at) for at in where]
            heapq.heapify(heap)
        worst, at = -heap[0][0], heap[0][1]
        if place > worst:
            return place
        heapq.heapreplace(heap, (-place, at))
        held[at] = place
        return worst

    return receive
