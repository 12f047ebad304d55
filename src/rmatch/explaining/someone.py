"""One person of an instance: where they stand in it, and that they should have a partner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rmatch.errors import unknown_person
from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.properties.feasibility import Chosen, loads
from rmatch.properties.hall import Side
from rmatch.solving.counterfactual import mentee_required, mentor_required
from rmatch.solving.steps import Make


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of an instance: their side, and their index there."""

    side: Side
    index: int

    @classmethod
    def of(cls, instance: Instance, person: str) -> Person:
        """Who has this id.

        Raises:
            KeyError: nobody.
        """
        if person in instance.mentor_ids:
            return cls("mentor", instance.mentor_ids.index(person))
        if person in instance.mentee_ids:
            return cls("mentee", instance.mentee_ids.index(person))
        raise unknown_person(person, (*instance.mentor_ids, *instance.mentee_ids))

    @property
    def required(self) -> Make:
        """The requirement that they have a partner, as a sum."""
        if self.side == "mentor":
            return mentor_required(self.index)
        return mentee_required(self.index)

    def own(self, instance: Instance) -> IntArray:
        """(E,) who each pair is with on their side."""
        return instance.mentor if self.side == "mentor" else instance.mentee

    def other(self, instance: Instance) -> IntArray:
        """(E,) who each pair is with on the other side."""
        return instance.mentee if self.side == "mentor" else instance.mentor

    def ids(self, instance: Instance) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Ids of their side, and of the other."""
        both = instance.mentor_ids, instance.mentee_ids
        return both if self.side == "mentor" else both[::-1]

    def capacity(self, instance: Instance) -> int:
        """How many places they have."""
        mine = instance.mentor_capacity if self.side == "mentor" else instance.mentee_capacity
        return int(mine[self.index])

    def pairs(self, instance: Instance) -> BoolArray:
        """(E,) which acceptable pairs are theirs."""
        mine: BoolArray = self.own(instance) == self.index
        return mine

    def is_matched(self, instance: Instance, chosen: Chosen) -> bool:
        """Whether they have any partner."""
        return bool(loads(instance, chosen)[0 if self.side == "mentor" else 1][self.index])

    def counts(self, instance: Instance) -> tuple[IntArray, IntArray]:
        """(n,), (m,): 1 for them, 0 for everybody else."""
        mentors = np.zeros(instance.n_mentors, dtype=np.int64)
        mentees = np.zeros(instance.n_mentees, dtype=np.int64)
        (mentors if self.side == "mentor" else mentees)[self.index] = 1
        return mentors, mentees
