"""Who comes late: participants, a programme, or a cohort of late forms on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from rmatch.errors import InputError, Place, Problem
from rmatch.io.late import load_late
from rmatch.programme import Conflict, Participant, PastPair, Programme
from rmatch.programme.text import fold

Forms: TypeAlias = Mapping[str, Iterable[Participant | Mapping[str, Any]]]
Joined: TypeAlias = Programme | Forms | str | os.PathLike[str]

SIDES = ("mentors", "mentees")


@dataclass(frozen=True, slots=True)
class Late:
    """What came late."""

    mentors: tuple[Participant, ...] = ()
    mentees: tuple[Participant, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    history: tuple[PastPair, ...] = ()
    dormant: tuple[Conflict, ...] = ()
    notices: tuple[Problem, ...] = ()

    @property
    def people(self) -> Iterator[Participant]:
        """Everybody, mentors first."""
        yield from self.mentors
        yield from self.mentees


def late_of(joined: Joined | None, there: Programme, mistakes: list[Problem]) -> Late:
    """Who joins, and what they bring; mistakes are added to the list.

    Args:
        joined: Lists by side, a programme, or the path of a cohort; choices there may name people
            who are in the programme.
        there: The programme without whoever withdrew.
        mistakes: Where to put them.

    Raises:
        TypeError: it is none of these.
    """
    if joined is None:
        return Late()
    if isinstance(joined, str | os.PathLike):
        return _loaded(joined, there, mistakes)
    if isinstance(joined, Programme):
        late = Late(
            *(joined.mentors, joined.mentees, joined.conflicts, joined.history),
            dormant=joined.dormant,
            notices=joined.notices,
        )
    elif isinstance(joined, Mapping) and set(joined) <= set(SIDES):
        mentors, mentees = (tuple(_people(joined.get(side, ()), mistakes)) for side in SIDES)
        late = Late(mentors, mentees)
    else:
        raise TypeError("joined is a programme, a path, or lists under mentors and mentees")
    return _without_known(late, there, mistakes)


def _loaded(path: str | os.PathLike[str], there: Programme, mistakes: list[Problem]) -> Late:
    try:
        together = load_late(path, there)
    except InputError as error:
        mistakes += error.problems
        return Late()
    known = there.by_id
    return Late(
        tuple(one for one in together.mentors if one.id not in known),
        tuple(one for one in together.mentees if one.id not in known),
        # What was there already is not late, and may be about somebody who leaves now.
        tuple(one for one in together.conflicts if one not in there.conflicts),
        tuple(one for one in together.history if one not in there.history),
        together.dormant,
        together.notices,
    )


def _people(
    given: Iterable[Participant | Mapping[str, Any]], mistakes: list[Problem]
) -> Iterator[Participant]:
    for one in given:
        try:
            yield one if isinstance(one, Participant) else Participant.model_validate(dict(one))
        except InputError as error:
            mistakes += error.problems


def _without_known(late: Late, there: Programme, mistakes: list[Problem]) -> Late:
    """Those who are not in the programme already; of each other, that they are is a mistake."""
    known = {fold(person) for person in there.by_id}
    twice = [person for person in late.people if fold(person.id) in known]
    mistakes += (_twice(person.id) for person in twice)
    mentors, mentees = (
        tuple(person for person in side if person not in twice)
        for side in (late.mentors, late.mentees)
    )
    return replace(late, mentors=mentors, mentees=mentees)


def _twice(person: str) -> Problem:
    message = "joins, and is in the programme already; Programme.merge takes changed answers"
    return Problem(message, Place(column="joined", person=person), value=person, shown=True)
