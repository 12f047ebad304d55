"""Who takes part, as far as a matching goes: ids, places and priority."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rmatch.programme import Participant, Programme


@dataclass(frozen=True, slots=True)
class Place:
    """One person: how many partners they can take, and what they weigh in ``priority``."""

    id: str
    capacity: int
    priority: int


@dataclass(frozen=True, slots=True)
class Roster:
    """Both sides, in their order."""

    mentors: tuple[Place, ...]
    mentees: tuple[Place, ...]

    @property
    def people(self) -> Iterator[Place]:
        """Everyone, mentors first."""
        yield from self.mentors
        yield from self.mentees


def roster_of(programme: Programme) -> Roster:
    """The people of a programme."""
    return Roster(
        tuple(map(_place, programme.mentors)),
        tuple(map(_place, programme.mentees)),
    )


def _place(person: Participant) -> Place:
    return Place(person.id, person.capacity, int(person.carried_over))
