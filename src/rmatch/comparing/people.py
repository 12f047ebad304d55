"""Both sides of a matching in turn, so that a metric is written once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rmatch.comparing.records import Outcome
from rmatch.instance import BoolArray, IntArray
from rmatch.properties.feasibility import loads, mask_of


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
    return sides(outcome)[0]


def mentees(outcome: Outcome) -> Side:
    """The mentees' side."""
    return sides(outcome)[1]


def sides(outcome: Outcome) -> tuple[Side, Side]:
    """The mentors' and the mentees'."""
    instance = outcome.instance
    mentor_load, mentee_load = loads(instance, outcome.chosen)
    mentor_side = Side(
        owner=instance.mentor,
        other=instance.mentee,
        rank=instance.mentor_rank,
        score=instance.mentor_score,
        choice=outcome.mentor_choice,
        capacity=instance.mentor_capacity,
        load=mentor_load,
        other_load=mentee_load,
        made=mask_of(instance, outcome.chosen),
    )
    mentee_side = replace(
        mentor_side,
        owner=instance.mentee,
        other=instance.mentor,
        rank=instance.mentee_rank,
        score=instance.mentee_score,
        choice=outcome.mentee_choice,
        capacity=instance.mentee_capacity,
        load=mentee_load,
        other_load=mentor_load,
    )
    return mentor_side, mentee_side


def share(found: BoolArray, among: BoolArray) -> float | None:
    """Of those among whom one looks, the share who are found; ``None`` where there are none."""
    count = int(np.count_nonzero(among))
    return int(np.count_nonzero(found & among)) / count if count else None
