"""Both sides of a matching in turn, so that a metric is written once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rmatch.comparing.records import Outcome
from rmatch.instance import BoolArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The mentors, or the mentees, of an outcome.

    Attributes:
        owner: (E,) whose each acceptable pair is on this side.
        other: (E,) who is at its other end.
        rank: (E,) rank of the other in the owner's eyes.
        score: (E,) the pair's score on this side.
        choice: (E,) which of the owner's own choices the other is, from 1; 0: none.
        capacity: (n,) places.
        load: (n,) partners.
        other_load: (m,) partners of those on the other side.
        made: (E,) whether each pair is made.
    """

    owner: IntArray
    other: IntArray
    rank: IntArray
    score: IntArray
    choice: IntArray
    capacity: IntArray
    load: IntArray
    other_load: IntArray
    made: BoolArray

    @property
    def has_place(self) -> BoolArray:
        """(n,) whether each person can have a partner at all."""
        return self.capacity > 0

    def any_of(self, pairs: BoolArray) -> BoolArray:
        """(n,) whether each person is in any of these pairs, an (E,) mask."""
        found = np.zeros(len(self.capacity), dtype=bool)
        found[self.owner[pairs]] = True
        return found


def mentors(outcome: Outcome) -> Side:
    """The mentors' side."""
    instance, chosen = outcome.instance, outcome.chosen
    return Side(
        owner=instance.mentor,
        other=instance.mentee,
        rank=instance.mentor_rank,
        score=instance.mentor_score,
        choice=outcome.mentor_choice,
        capacity=instance.mentor_capacity,
        load=_load(instance.mentor[chosen], instance.n_mentors),
        other_load=_load(instance.mentee[chosen], instance.n_mentees),
        made=_made(instance.n_pairs, chosen),
    )


def mentees(outcome: Outcome) -> Side:
    """The mentees' side."""
    instance, chosen = outcome.instance, outcome.chosen
    return Side(
        owner=instance.mentee,
        other=instance.mentor,
        rank=instance.mentee_rank,
        score=instance.mentee_score,
        choice=outcome.mentee_choice,
        capacity=instance.mentee_capacity,
        load=_load(instance.mentee[chosen], instance.n_mentees),
        other_load=_load(instance.mentor[chosen], instance.n_mentors),
        made=_made(instance.n_pairs, chosen),
    )


def sides(outcome: Outcome) -> tuple[Side, Side]:
    """The mentors' and the mentees'."""
    return mentors(outcome), mentees(outcome)


def share(found: BoolArray, among: BoolArray) -> float | None:
    """Of those among whom one looks, the share who are found; ``None`` where there are none."""
    count = int(np.count_nonzero(among))
    return int(np.count_nonzero(found & among)) / count if count else None


def _load(owner: IntArray, count: int) -> IntArray:
    return np.bincount(owner, minlength=count).astype(np.int64)


def _made(count: int, chosen: IntArray) -> BoolArray:
    made = np.zeros(count, dtype=bool)
    made[chosen] = True
    return made
