"""Deferred acceptance with capacities on both sides; a stable matching in milliseconds."""

from __future__ import annotations

import heapq
from collections import deque

import numpy as np

from rmatch.instance import Instance, IntArray


def deferred_acceptance(instance: Instance, order: IntArray, *, mentors_propose: bool) -> IntArray:
    """A weakly stable matching: ties broken by ``order``, then Gale–Shapley by one side.

    (Gale and Shapley, 1962; for capacities on both sides with responsive preferences Roth, 1984.
    What is stable under broken ties is weakly stable under the ties.)

    Args:
        instance: The instance.
        order: (E,) a permutation of the pairs; within a tie the lower comes first.
        mentors_propose: Which side proposes.

    Returns:
        Indices of the matched pairs, sorted.
    """
    sides = (
        (instance.mentor, instance.mentor_rank, instance.mentor_capacity),
        (instance.mentee, instance.mentee_rank, instance.mentee_capacity),
    )
    proposing, receiving = sides if mentors_propose else sides[::-1]
    lists = _preference_lists(*proposing[:2], order, len(proposing[2]))
    standing = _strict_positions(*receiving[:2], order)
    receiver = receiving[0].tolist()
    proposer = proposing[0].tolist()
    room = receiving[2].tolist()
    places_left = proposing[2].tolist()
    held: list[list[tuple[int, int]]] = [[] for _ in room]
    following = [0] * len(places_left)
    queue = deque(p for p, places in enumerate(places_left) if places)
    while queue:
        person = queue.popleft()
        while places_left[person] and following[person] < len(lists[person]):
            pair = lists[person][following[person]]
            following[person] += 1
            bumped = _receive(held[receiver[pair]], room[receiver[pair]], standing[pair], pair)
            if bumped == pair:
                continue
            places_left[person] -= 1
            if bumped is not None:
                loser = proposer[bumped]
                places_left[loser] += 1
                queue.append(loser)
    return np.array(sorted(pair for pairs in held for _, pair in pairs), dtype=np.int64)


def _receive(held: list[tuple[int, int]], room: int, standing: int, pair: int) -> int | None:
    """Hold ``pair`` if there is room or it beats the worst; the pair turned away, if any."""
    if room == 0:
        return pair
    if len(held) < room:
        heapq.heappush(held, (-standing, pair))
        return None
    return heapq.heappushpop(held, (-standing, pair))[1]


def _preference_lists(
    owner: IntArray, rank: IntArray, order: IntArray, count: int
) -> list[list[int]]:
    sequence = np.lexsort((order, rank, owner))
    ends = np.cumsum(np.bincount(owner, minlength=count))
    return [part.tolist() for part in np.split(sequence, ends[:-1])] if count else []


def _strict_positions(owner: IntArray, rank: IntArray, order: IntArray) -> list[int]:
    """Position of each pair among all pairs ordered by rank and then by ``order``."""
    del owner
    positions = np.empty(len(rank), dtype=np.int64)
    positions[np.lexsort((order, rank))] = np.arange(len(rank))
    positions_list: list[int] = positions.tolist()
    return positions_list
