"""The pairs a claim makes, sorted out: who has whom, and who has room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rmatch.audit.declared import IdPair
from rmatch.audit.roster import Roster


@dataclass(frozen=True, slots=True)
class Made:
    """The pairs made, each once and of known people; partners of everyone; places left."""

    pairs: tuple[IdPair, ...]
    partners: Mapping[str, tuple[str, ...]]
    room: Mapping[str, int]

    def matched(self, person: str) -> bool:
        """Whether this person has any partner."""
        return bool(self.partners[person])


def made_of(roster: Roster, pairs: Iterable[IdPair]) -> Made:
    """The pairs among people on the ``roster``, each once."""
    mentors = {person.id for person in roster.mentors}
    mentees = {person.id for person in roster.mentees}
    kept = tuple(dict.fromkeys(p for p in pairs if p[0] in mentors and p[1] in mentees))
    partners: dict[str, list[str]] = {person.id: [] for person in roster.people}
    for mentor, mentee in kept:
        partners[mentor].append(mentee)
        partners[mentee].append(mentor)
    room = {person.id: person.capacity - len(partners[person.id]) for person in roster.people}
    return Made(kept, {person: tuple(others) for person, others in partners.items()}, room)
