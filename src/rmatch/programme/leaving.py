"""A programme without some of its people, and without whatever named them where they must be known.

Their names as somebody's manager or supervisor stay: such people are usually outside the cohort,
and the rules about them hold all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from rmatch.programme.cohort import Programme
from rmatch.programme.dormancy import laid_aside
from rmatch.programme.participant import Participant
from rmatch.programme.settings import PAIR_LISTS, PERSON_TABLES, WAIVERS, Settings

T = TypeVar("T")


def without(programme: Programme, people: Iterable[str]) -> Programme:
    """The programme once some people have left it; the one given stays as it is.

    Choices and statements that name them go with them; choices close up. Conflicts, vetoes and
    pairs that must not be made become ``dormant``: they hold again if the person comes back.
    History stays: it says who has met whom. Somebody whose every choice has left counts as somebody
    who stated none: everybody left is then as good as their answers say, and nobody is worth 0 for
    not being on an empty list.

    Args:
        programme: The programme.
        people: Their ids.

    Raises:
        KeyError: nobody has one of these ids.
    """
    gone = frozenset(people)
    for person in gone:
        programme.by_id[person]
    if not gone:
        return programme
    settings = programme.settings
    aside = laid_aside(
        programme.mentors, programme.mentees, programme.conflicts, settings.must_not_pair, gone
    )
    return programme.replace(
        mentors=tuple(_left(one, gone) for one in programme.mentors if one.id not in gone),
        mentees=tuple(_left(one, gone) for one in programme.mentees if one.id not in gone),
        conflicts=tuple(one for one in programme.conflicts if not gone & {one.mentor, one.mentee}),
        dormant=(*programme.dormant, *aside),
        settings=_settings(settings, gone),
    )


def _left(person: Participant, gone: Collection[str]) -> Participant:
    """Somebody who stays, without the names of those who do not."""
    chosen = {partner for group in person.choices for partner in group}
    if not (chosen | set(person.vetoes) | set(person.conflicts)) & set(gone):
        return person
    groups = (tuple(p for p in group if p not in gone) for group in person.choices)
    return person.replace(
        choices=tuple(group for group in groups if group),
        vetoes=tuple(p for p in person.vetoes if p not in gone),
        conflicts=tuple(p for p in person.conflicts if p not in gone),
    )


def _settings(settings: Settings, gone: Collection[str]) -> Settings:
    """The settings without statements about people who are not there."""
    changes: dict[str, Any] = {
        name: tuple(row for row in getattr(settings, name) if not set(gone) & set(row[:2]))
        for name in (*PAIR_LISTS, WAIVERS)
    }
    changes |= {name: _kept(getattr(settings, name), gone) for name in PERSON_TABLES}
    return settings.replace(**changes)


def _kept(table: Mapping[str, T], gone: Collection[str]) -> dict[str, T]:
    return {person: value for person, value in table.items() if person not in gone}
