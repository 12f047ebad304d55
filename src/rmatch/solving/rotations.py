"""All stable matchings of a strict one-to-one instance, as rotations and their precedence.

From the matching that is best for mentors every other stable matching is reached by eliminating
*rotations*: cycles of pairs in which each mentor moves on to the next mentee who would rather have
them. The stable matchings are the closed sets of rotations: sets that hold, with a rotation, all
that must come before it (Irving and Leather, 1986; Gusfield, 1987; Gusfield and Irving, *The Stable
Marriage Problem*, 1989, ch. 3). All of it takes time in proportion to the acceptable pairs, and in
Python only for pairs that are proposed or that both sides' best matchings leave in question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rmatch.instance import MAX_TOTAL, BoolArray, Instance, IntArray
from rmatch.solving.deferred_acceptance import deferred_acceptance
from rmatch.work import count


@dataclass(frozen=True, eq=False)
class Rotations:
    """The rotations of an instance, each numbered after all that must come before it.

    Attributes:
        n_pairs: E, how many pairs are acceptable.
        mentor_optimal: (p,) indices of the pairs of the stable matching that is best for mentors.
        taken: (k,) indices of the pairs that rotations take away, rotation after rotation.
        put: (k,) indices of the pairs they put in; each has the same mentor as in ``taken``.
        start: (r + 1,) offsets into both: rotation i has ``start[i]:start[i + 1]``.
        before: (a,) rotations, and
        after: (a,) rotations that need them; what these arcs imply is the whole precedence.
    """

    n_pairs: int
    mentor_optimal: IntArray
    taken: IntArray
    put: IntArray
    start: IntArray
    before: IntArray
    after: IntArray

    @property
    def count(self) -> int:
        """How many rotations there are; 0 where only one matching is stable."""
        return len(self.start) - 1

    def matching_of(self, member: BoolArray) -> IntArray:
        """Sorted indices of the pairs matched once a closed set of rotations is eliminated.

        Args:
            member: (r,) whether each rotation is in the set.
        """
        moved = np.repeat(member, np.diff(self.start))
        matched = np.zeros(self.n_pairs, dtype=bool)
        matched[self.mentor_optimal] = True
        # No pair is put in again after it is taken away, so the order does not matter.
        matched[self.put[moved]] = True
        matched[self.taken[moved]] = False
        return np.flatnonzero(matched)

    def weights(self, pair_weights: IntArray) -> IntArray:
        """(r,) by how much each rotation changes the sum of the pairs' weights.

        Args:
            pair_weights: (E,) any integers.

        Raises:
            OverflowError: weights that come to more than 2**62.
        """
        put, taken = pair_weights[self.put], pair_weights[self.taken]
        for weights in (put, taken):
            if sum(map(abs, weights.tolist())) > MAX_TOTAL:
                raise OverflowError("the pairs' weights come to more than 2**62")
        if self.count == 0:
            return np.zeros(0, dtype=np.int64)
        return np.add.reduceat(put - taken, self.start[:-1])


def is_strict(instance: Instance) -> bool:
    """Whether everybody with an acceptable pair has one place and no ties."""
    return all(
        bool(np.all(side.capacity[side.owner] == 1)) and side.has_no_ties
        for side in _sides(instance)
    )


def find_rotations(instance: Instance) -> Rotations:
    """The rotations of an instance with strict preferences and one place a person.

    Raises:
        ValueError: ties, or capacities other than 1.
    """
    if not is_strict(instance):
        raise ValueError("rotations need strict preferences and capacities of 1")
    mentors, mentees = _sides(instance)
    mentor_lists, mentee_lists = mentors.best_first, mentees.best_first
    no_ties = np.arange(instance.n_pairs)
    best = deferred_acceptance(instance, no_ties, mentors_propose=True)
    worst = deferred_acceptance(instance, no_ties, mentors_propose=False)
    between = mentors.between(best, worst) & mentees.between(worst, best)
    mentor_lists = mentor_lists[between[mentor_lists]]
    mentee_lists = mentee_lists[between[mentee_lists]]
    count(walked=len(mentor_lists))
    start, taken, put = _eliminate(mentors, mentees, mentor_lists, best)
    takes = _rotation_of(taken, start, instance.n_pairs)
    puts = _rotation_of(put, start, instance.n_pairs)
    stable = (takes >= 0) | (puts >= 0)
    stable[best] = True
    before = _latest(puts, stable, mentee_lists)
    after = _latest(takes, stable, mentor_lists)
    arcs = _arcs(before, after, len(start) - 1)
    return Rotations(instance.n_pairs, best, taken, put, start, *arcs)


# ------------------------------------------------------------------------------------ the two sides


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of the instance: whose each pair is, at which rank of theirs."""

    owner: IntArray
    rank: IntArray
    start: IntArray
    capacity: IntArray

    @property
    def position(self) -> IntArray:
        """(E,) where each pair stands among all, sorted by owner and rank. Ranks spare the sort."""
        return self.start[self.owner] + self.rank - 1

    @property
    def has_no_ties(self) -> bool:
        """Whether no two pairs stand at one place."""
        count = len(self.owner)
        return bool(np.all(np.bincount(self.position, minlength=count) == 1))

    @property
    def best_first(self) -> IntArray:
        """(E,) indices of the pairs, owner after owner, each one's best first."""
        lists = np.empty(len(self.owner), dtype=np.int64)
        lists[self.position] = np.arange(len(self.owner))
        return lists

    def between(self, best: IntArray, worst: IntArray) -> BoolArray:
        """(E,) whether each pair lies from its owner's pair in ``best`` to that in ``worst``."""
        first = np.ones(len(self.capacity), dtype=np.int64)
        last = np.zeros(len(self.capacity), dtype=np.int64)
        first[self.owner[best]], last[self.owner[worst]] = self.rank[best], self.rank[worst]
        return (first[self.owner] <= self.rank) & (self.rank <= last[self.owner])


def _sides(instance: Instance) -> tuple[_Side, _Side]:
    return (
        _Side(
            instance.mentor, instance.mentor_rank, instance.mentor_start, instance.mentor_capacity
        ),
        _Side(
            instance.mentee, instance.mentee_rank, instance.mentee_start, instance.mentee_capacity
        ),
    )


# ---------------------------------------------------------------------------------------- rotations


class _Walk:
    """A stable matching on its way from the mentors' best to the mentees' best.

    Pairs are known by their position in the mentors' shortlists. Who is shortlisted by both sides
    lies between the two extreme matchings, so a mentor who has not come to the end of the shortlist
    always finds a next mentee there.
    """

    def __init__(self, mentors: _Side, mentees: _Side, lists: IntArray, best: IntArray) -> None:
        ends = np.cumsum(np.bincount(mentors.owner[lists], minlength=len(mentors.capacity)))
        starts = np.concatenate([[0], ends])[:-1]
        self.mentee = mentees.owner[lists].data
        self.rank = mentees.rank[lists].data
        self.at: list[int] = starts.tolist()
        self.onward: list[int] = (starts + 1).tolist()
        self.last: list[int] = (ends - 1).tolist()
        holds = np.full(len(mentees.capacity), -1, dtype=np.int64)
        held_rank = np.zeros(len(holds), dtype=np.int64)
        holds[mentees.owner[best]] = mentors.owner[best]
        held_rank[mentees.owner[best]] = mentees.rank[best]
        self.holds: list[int] = holds.tolist()
        self.held_rank: list[int] = held_rank.tolist()

    def rival(self, mentor: int) -> int:
        """Who is with the next mentee that would rather have this mentor."""
        at = self.onward[mentor]
        # A mentee's partners only get better, so whoever declined need not be asked again.
        while self.rank[at] >= self.held_rank[self.mentee[at]]:
            at += 1
        self.onward[mentor] = at
        return self.holds[self.mentee[at]]

    def move(self, mentor: int) -> None:
        """Pair the mentor with that mentee."""
        at = self.onward[mentor]
        self.at[mentor] = at
        self.onward[mentor] = at + 1
        self.holds[self.mentee[at]] = mentor
        self.held_rank[self.mentee[at]] = self.rank[at]

    def cycles(self) -> Iterator[list[int]]:
        """The mentors of each rotation as it is found; move them before asking for the next."""
        path: list[int] = []
        place = [-1] * len(self.at)
        for mentor in range(len(self.at)):
            while path or self.at[mentor] < self.last[mentor]:
                coming = self.rival(path[-1]) if path else mentor
                if place[coming] < 0:
                    place[coming] = len(path)
                    path.append(coming)
                    continue
                cycle = path[place[coming] :]
                del path[place[coming] :]
                for one in cycle:
                    place[one] = -1
                yield cycle


def _eliminate(
    mentors: _Side, mentees: _Side, lists: IntArray, best: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Offsets of all rotations, the pairs they take away and the pairs they put in."""
    walk = _Walk(mentors, mentees, lists, best)
    start, taken, put = [0], [], []
    for cycle in walk.cycles():
        taken += [walk.at[mentor] for mentor in cycle]
        put += [walk.onward[mentor] for mentor in cycle]
        start.append(len(put))
        for mentor in cycle:
            walk.move(mentor)
    return np.array(start, dtype=np.int64), lists[taken], lists[put]


# --------------------------------------------------------------------------------------- precedence


def _rotation_of(moved: IntArray, start: IntArray, n_pairs: int) -> IntArray:
    """(E,) the only rotation that takes a pair away, or puts it in; −1 where there is none."""
    rotation = np.full(n_pairs, -1, dtype=np.int64)
    rotation[moved] = np.repeat(np.arange(len(start) - 1), np.diff(start))
    return rotation


def _latest(values: IntArray, stable: BoolArray, lists: IntArray) -> IntArray:
    """(E,) the value of the last stable pair at or before each pair of a shortlist; −1 elsewhere.

    Every shortlist begins with a stable pair, so none is taken from the list before.
    """
    places = np.arange(len(lists))
    latest = np.maximum.accumulate(np.where(stable[lists], places, 0))
    found = np.full(len(values), -1, dtype=np.int64)
    found[lists] = values[lists[latest]]
    return found


def _arcs(before: IntArray, after: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """Each pair's arc, if it has one: from the rotation before to the rotation after, each once.

    A pair that one rotation puts in and another takes away orders these two. A pair that no stable
    matching holds would block between two others: the rotation that moves its mentee above it must
    come before the one that moves its mentor below it.

    Args:
        before: (E,) the rotation that brings the pair's mentee to the pair or past it, or −1.
        after: (E,) the rotation that takes the pair's mentor from it or past it, or −1.
        count: How many rotations there are.
    """
    both = (before >= 0) & (after >= 0)
    arcs = np.unique(before[both] * count + after[both])
    return arcs // max(1, count), arcs % max(1, count)
