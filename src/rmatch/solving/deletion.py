"""Deletion: pairs that no stable matching holds, found by Hall's condition; exact with ties.

Let i have one place, and let S be everybody in i's tie groups 1 … r. If a stable matching gave i
nobody from S, then no s in S may block with i, so all places of every s are filled by others whom s
ranks at least as high as i: a b-matching of S's places into those people. Where none exists, every
stable matching gives i a partner from S. Then

1. no stable matching uses a pair of i that is worse than group r, and
2. such a pair never blocks, in the instance without it either: the same argument holds there, since
   the pairs of i with S are all still there and no new pair was added.

So the instance without those pairs has *the same stable matchings*, and the step can be repeated on
it, for both sides in turn, until nothing changes. Tests compare the sets of stable matchings by
enumeration.

Where some pairs may block, and no others, the same holds of the matchings that only those block:
such pairs are left out of S. Pairs that are known to be in none of them fill nobody's places.
"""

from __future__ import annotations

from itertools import groupby

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.solving.clock import Clock
from rmatch.work import count

WORTH_IT = 0.05
"""The share of the pairs that a pass must delete; after two that did not, it is left at that."""


def deletable(
    instance: Instance,
    clock: Clock,
    *,
    among: BoolArray | None = None,
    slack: BoolArray | None = None,
) -> BoolArray:
    """(E,) pairs that can be deleted without changing the set of stable matchings.

    Fewer of them where the time runs out or passes bring little: any subset of the steps is sound.

    Args:
        instance: Its pairs.
        clock: See above.
        among: (E,) only matchings of these pairs count; all by default.
        slack: (E,) these pairs may block, and only they; none by default.
    """
    alive = np.ones(instance.n_pairs, dtype=bool)
    among = alive.copy() if among is None else among
    strict = alive.copy() if slack is None else ~slack
    sides = (
        (instance.mentor, instance.mentor_rank, instance.mentor_capacity),
        (instance.mentee, instance.mentee_rank, instance.mentee_capacity),
    )
    idle = 0
    turn = 0
    while idle < 2 and not clock.is_over:
        own, other = sides[turn % 2], sides[1 - turn % 2]
        before = int(alive.sum())
        _delete_one_side(own, other, (alive, among, strict), clock)
        idle = 0 if before - int(alive.sum()) > WORTH_IT * before else idle + 1
        turn += 1
    return ~alive


Side = tuple[IntArray, IntArray, IntArray]


Pairs = tuple[BoolArray, BoolArray, BoolArray]
"""Those not deleted, those that may be matched, those that may not block."""


def _delete_one_side(own: Side, other: Side, pairs_are: Pairs, clock: Clock) -> None:
    """One pass over the people of one side; deletes what it finds."""
    alive, among, strict = pairs_are
    count(walked=int(alive.sum()))
    others = _Standing(own, other, alive, among)
    may_not_block = strict.tolist()
    lists = _lists(own[0], own[1], alive, len(own[2]))
    ranks, partners, places = own[1].tolist(), other[0].tolist(), own[2].tolist()
    for person, pairs in enumerate(lists):
        if clock.is_over:
            return
        if places[person] != 1 or not pairs:
            continue
        needed = [pair for pair in pairs if may_not_block[pair]]
        last = others.last_needed_rank(person, needed, ranks, partners)
        if last is not None:
            worse = [pair for pair in pairs if ranks[pair] > last]
            alive[worse] = False


def _lists(owner: IntArray, rank: IntArray, alive: BoolArray, count: int) -> list[list[int]]:
    """Per person, their remaining pairs, best first."""
    left = np.flatnonzero(alive)
    order = left[np.lexsort((rank[left], owner[left]))]
    ends = np.cumsum(np.bincount(owner[order], minlength=count))
    return [part.tolist() for part in np.split(order, ends[:-1])] if count else []


class _Standing:
    """How the people of the other side see this one, as bit sets of people.

    Built once a pass: pairs deleted meanwhile only make the condition weaker, never wrong.
    """

    def __init__(self, own: Side, other: Side, alive: BoolArray, among: BoolArray) -> None:
        self._room = own[2].tolist()
        self._full = sum(1 << person for person, places in enumerate(self._room) if places == 0)
        self._places = other[2].tolist()
        self._at_least: dict[int, int] = {}
        """Pair → bit set of the people whom the pair's other person ranks at least as high."""
        owner_of = own[0].tolist()
        ranks = other[1].tolist()
        may_be_matched = among.tolist()
        for pairs in _lists(other[0], other[1], alive, len(other[2])):
            seen = 0
            for _, group in groupby(pairs, key=ranks.__getitem__):
                same = list(group)
                for pair in same:
                    seen |= may_be_matched[pair] << owner_of[pair]
                self._at_least.update(dict.fromkeys(same, seen))

    def last_needed_rank(
        self, person: int, pairs: list[int], own_rank: list[int], partner: list[int]
    ) -> int | None:
        """The first rank up to which the partners' places cannot all be filled by others."""
        filling = _Filling(self._room, self._full)
        myself = 1 << person
        for pair in pairs:
            others = self._at_least[pair] & ~myself
            places = self._places[partner[pair]]
            if places > others.bit_count():  # nobody fills two places of the same person
                return own_rank[pair]
            for _ in range(places):
                if not filling.add(others):
                    return own_rank[pair]
        return None


class _Filling:
    """Places filled by people one after the other, along augmenting paths over bit sets."""

    def __init__(self, room: list[int], full: int) -> None:
        self._room = room
        self._full = full
        self._fills: dict[int, list[int]] = {}
        """Person → the places they fill."""
        self._filler: list[int] = []
        """Place → who fills it."""
        self._choices: list[int] = []
        """Place → bit set of the people who may fill it."""

    def add(self, choices: int) -> bool:
        """Fill one more place; false (and nothing is changed) where it cannot be done."""
        self._choices.append(choices)
        new = len(self._choices) - 1
        came_from: dict[int, int] = {}
        seen = 0
        queue = [new]
        for place in queue:
            reachable = self._choices[place] & ~seen
            free = reachable & ~self._full
            if free:
                self._augment(place, (free & -free).bit_length() - 1, came_from)
                return True
            seen |= reachable
            while reachable:
                bit = reachable & -reachable
                reachable ^= bit
                for held in self._fills.get(bit.bit_length() - 1, ()):
                    if held not in came_from:
                        came_from[held] = place
                        queue.append(held)
        self._choices.pop()
        return False

    def _augment(self, place: int, person: int, came_from: dict[int, int]) -> None:
        """``place`` takes the free ``person``; who filled it moves to the place it came from."""
        while place < len(self._filler):
            moved = self._filler[place]
            self._fills[moved].remove(place)
            self._fill(place, person)
            place, person = came_from[place], moved
        self._filler.append(person)
        self._fill(place, person)

    def _fill(self, place: int, person: int) -> None:
        self._filler[place] = person
        held = self._fills.setdefault(person, [])
        held.append(place)
        if len(held) >= self._room[person]:
            self._full |= 1 << person
