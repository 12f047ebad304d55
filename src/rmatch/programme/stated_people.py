"""Whom the statements of the settings mean: checked, and written as ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rmatch.errors import Place, Problem
from rmatch.programme.participant import Participant
from rmatch.programme.references import ReferenceIndex
from rmatch.programme.settings import (
    PAIR_LISTS,
    PERSON_TABLES,
    WAIVERS,
    Settings,
    load_faults,
)

Side = Literal["mentor", "mentee"]


@dataclass(frozen=True, slots=True)
class PersonFault:
    """A person of a statement who is not to be found; ``side``: where they were looked for."""

    problem: Problem
    side: Side | None


def person_faults(
    mentors: Sequence[Participant], mentees: Sequence[Participant], settings: Settings
) -> list[PersonFault]:
    """Every person of a statement who is nobody, more than one, or of the wrong side."""
    index = ReferenceIndex([*mentors, *mentees])
    sides: dict[Side, set[str]] = {
        "mentor": {person.id for person in mentors},
        "mentee": {person.id for person in mentees},
    }
    faults: list[PersonFault | None] = []
    for name in (*PAIR_LISTS, WAIVERS):
        for pair in _ends(settings, name):
            ends = zip(sides, pair, strict=True)
            found = [_fault(index, sides, name, text, side) for side, text in ends]
            # The two the wrong way round are one mistake.
            swapped = all(
                fault is not None and _SWAPPED in fault.problem.message for fault in found
            )
            faults += found[:1] if swapped else found
    for name in PERSON_TABLES:
        faults += [_fault(index, sides, name, text, None) for text in getattr(settings, name)]
        faults += _repeated(index, settings, name)
    return [fault for fault in faults if fault is not None]


_SWAPPED = "; the mentor comes first"


def _ends(settings: Settings, name: str) -> list[tuple[str, str]]:
    """The pairs of people that a setting lists, a waiver's rule left out."""
    return [(mentor, mentee) for mentor, mentee, *_ in getattr(settings, name)]


def _fault(
    index: ReferenceIndex, sides: dict[Side, set[str]], name: str, text: str, side: Side | None
) -> PersonFault | None:
    found = index.candidates(text)
    what = "person" if side is None else side
    if len(found) > 1:
        message = "names somebody whom more than one person matches; write the id"
    elif not found:
        message = f"names somebody who is not a {what} of this programme"
    elif side is not None and found[0] not in sides[side]:
        message = f"names somebody who is in the programme, but not as a {side}"
        message += _SWAPPED
    else:
        return None
    return PersonFault(Problem(message, Place(sheet="Settings", column=name), value=text), side)


def _repeated(index: ReferenceIndex, settings: Settings, name: str) -> Iterator[PersonFault]:
    """People of a table who stand in it already, by another of their names."""
    seen: set[str] = set()
    for text in getattr(settings, name):
        found = index.candidates(text)
        if len(found) == 1 and found[0] in seen:
            place = Place(sheet="Settings", column=name)
            yield PersonFault(Problem("names somebody a second time", place, value=text), None)
        seen.update(found if len(found) == 1 else ())


def limit_faults(
    mentors: Sequence[Participant], mentees: Sequence[Participant], settings: Settings
) -> list[Problem]:
    """Limits that clash, and prices without one, once everybody is called by their id."""
    resolved = resolved_settings(mentors, mentees, settings)
    limited = {*resolved.minimum_load, *resolved.maximum_load}
    found = load_faults(resolved) + [
        Problem("is a price without a limit", Place(column="load_price"), value=person)
        for person in resolved.load_price
        if person not in limited
    ]
    return [problem.at(Place(sheet="Settings", column=problem.place.column)) for problem in found]


def resolved_settings(
    mentors: Sequence[Participant], mentees: Sequence[Participant], settings: Settings
) -> Settings:
    """The settings with the people of every statement written as their ids."""
    if not any(getattr(settings, name) for name in (*PAIR_LISTS, WAIVERS, *PERSON_TABLES)):
        return settings
    resolve = ReferenceIndex([*mentors, *mentees]).resolve
    changes: dict[str, Any] = {
        name: tuple(
            dict.fromkeys(
                (resolve(mentor), resolve(mentee), *rule)
                for mentor, mentee, *rule in getattr(settings, name)
            )
        )
        for name in (*PAIR_LISTS, WAIVERS)
    }
    for name in PERSON_TABLES:
        table = getattr(settings, name)
        changes[name] = {resolve(person): limit for person, limit in table.items()}
    changed = {name: value for name, value in changes.items() if value != getattr(settings, name)}
    return settings.model_copy(update=changed) if changed else settings
