"""Which single changes could match somebody, one list for every cohort and person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Protocol

from rmatch.errors import InfeasibleError
from rmatch.explaining.change import (
    COPIED,
    AddPerson,
    AddPlace,
    Change,
    Side,
    WaiveRule,
    applied,
    newcomer,
)
from rmatch.explaining.someone import Person
from rmatch.instance import Instance
from rmatch.programme import Participant, Programme
from rmatch.programme.settings import is_confidential, is_waivable
from rmatch.scoring import PairScores, Scores, score
from rmatch.scoring.statements import stated_instance
from rmatch.solving.clock import Clock

Changes = tuple[Change, ...]


class Cohort(Protocol):
    """What can be changed, and what it then is as arrays."""

    def singles(self, person: str) -> Iterator[Changes]:
        """Every single change that is tried for a person: places, then people, then waivers."""

    def doubles(self, person: str, clock: Clock) -> Iterator[Changes]:
        """Every two changes that are tried, in the same order; no more once the time is up."""

    def changed(self, changes: Changes) -> Instance | None:
        """The arrays after some changes; ``None`` where what is stated can no longer hold."""


# -------------------------------------------------------------------------------------- with people


@dataclass(frozen=True)
class People:
    """Scored people. They are scored afresh after every change, by the same criteria and rules."""

    scores: Scores

    def singles(self, person: str) -> Iterator[Changes]:
        """A place more for anybody opposite, people of each kind, waivers for this person's pairs.

        What a coordinator can ask for comes before the rules that are there for a reason. A
        waiver only where its rule is all that excludes the pair, and neither confidential nor one
        that can never be waived.
        """
        programme = self.scores.programme
        opposite = _opposite(programme, person)
        yield from ((AddPlace(other.id),) for other in opposite)
        yield from ((kind,) for kind in kinds(programme, person))
        for other in opposite:
            codes = waivable_codes(self.scores, person, other.id)
            if len(codes) == 1:
                yield (WaiveRule(*_ends(programme, person, other.id), codes[0]),)

    def doubles(self, person: str, clock: Clock) -> Iterator[Changes]:
        """Two singles, two waivers for one pair, or a newcomer and a change about them."""
        programme = self.scores.programme
        singles = [change for (change,) in self.singles(person)]
        for pair in combinations_with_replacement(singles, 2):
            if pair[0] != pair[1] or not isinstance(pair[0], WaiveRule):
                yield pair
        for other in _opposite(programme, person):
            codes = waivable_codes(self.scores, person, other.id)
            if len(codes) == 2:
                ends = _ends(programme, person, other.id)
                yield WaiveRule(*ends, codes[0]), WaiveRule(*ends, codes[1])
        for kind in kinds(programme, person):
            if clock.is_over:
                return
            after = People(self._scored((kind,)))
            new = newcomer(programme, kind).id
            yield from (
                (kind, change) for (change,) in after.singles(person) if _is_of(change, new)
            )

    def changed(self, changes: Changes) -> Instance | None:
        """Scored again with the changes made, and with everything that is stated."""
        try:
            return stated_instance(self._scored(changes))
        except InfeasibleError:
            return None

    def _scored(self, changes: Changes) -> Scores:
        programme = self.scores.programme
        for change in changes:
            programme = applied(programme, change)
        criteria, rules = self.scores.custom
        return score(programme, criteria=criteria, rules=rules)


def _is_of(change: Change, person: str) -> bool:
    """Whether a change is about somebody: their pair, or their places."""
    if isinstance(change, WaiveRule):
        return person in (change.mentor, change.mentee)
    return isinstance(change, AddPlace) and change.person == person


def waivable_codes(scores: PairScores, person: str, other: str) -> tuple[str, ...]:
    """The rules that exclude a pair, where waiving them all would allow it; else none."""
    codes = scores.why_excluded(person, other, reveal=True)
    settings = scores.programme.settings
    if not codes or scores.points_of(person, other) < 100 * settings.minimum_score:
        return ()
    if any(set(pair) == {person, other} for pair in settings.must_not_pair):
        return ()
    offered = all(is_waivable(code) and not is_confidential(code) for code in codes)
    return codes if offered else ()


def kinds(programme: Programme, person: str) -> Iterator[AddPerson]:
    """One newcomer of every kind that there is opposite, like the first of that kind."""
    side: Side = "mentee" if _is_mentor(programme, person) else "mentor"
    alike: set[str] = set()
    seen: set[str] = set()
    for other in _opposite(programme, person):
        told = other.model_dump_json(include={"leadership_roles", *COPIED})
        if told in alike:
            continue
        alike.add(told)
        change = AddPerson(side, other.id)
        # Roles held over different people are one kind of newcomer, which costs more to see.
        kind = newcomer(programme, change).model_dump_json(exclude={"id"})
        if kind not in seen:
            seen.add(kind)
            yield change


def _is_mentor(programme: Programme, person: str) -> bool:
    return any(mentor.id == person for mentor in programme.mentors)


def _opposite(programme: Programme, person: str) -> Sequence[Participant]:
    return programme.mentees if _is_mentor(programme, person) else programme.mentors


def _ends(programme: Programme, person: str, other: str) -> tuple[str, str]:
    return (person, other) if _is_mentor(programme, person) else (other, person)


# ----------------------------------------------------------------------------------- without people


@dataclass(frozen=True)
class Arrays:
    """An instance without people: nothing can change but places."""

    instance: Instance

    def singles(self, person: str) -> Iterator[Changes]:
        """A place more for anybody of the other side."""
        others = Person.of(self.instance, person).ids(self.instance)[1]
        yield from ((AddPlace(other),) for other in others)

    def doubles(self, person: str, clock: Clock) -> Iterator[Changes]:
        """Two places more."""
        del clock
        singles = [change for (change,) in self.singles(person)]
        yield from combinations_with_replacement(singles, 2)

    def changed(self, changes: Changes) -> Instance:
        """The instance with so many more places."""
        mentors = self.instance.mentor_capacity.copy()
        mentees = self.instance.mentee_capacity.copy()
        for change in changes:
            assert isinstance(change, AddPlace)  # noqa: S101 - nothing else is tried
            one = Person.of(self.instance, change.person)
            (mentors if one.side == "mentor" else mentees)[one.index] += 1
        return self.instance.replace(mentor_capacity=mentors, mentee_capacity=mentees)
