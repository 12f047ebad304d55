"""Late forms, and the same file loaded again: two programmes put together, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from rmatch.errors import InputError, Place, Problem
from rmatch.programme.cohort import Programme
from rmatch.programme.leaving import without
from rmatch.programme.participant import Participant
from rmatch.programme.settings import Settings
from rmatch.programme.text import fold
from rmatch.programme.ties import Conflict, PastPair

What = Literal["joined", "left", "changed"]
SIDES = ("mentors", "mentees")
RECORDS = ("conflicts", "history", "dormant")
LateForms: TypeAlias = Programme | Mapping[str, Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is different: somebody came, left or answers otherwise, or a setting changed.

    Attributes:
        what: What happened.
        person: Id; ``None`` where it is about no single person.
        fields: Names of the fields that changed (``side`` among them); what they hold is not told.
    """

    what: What
    person: str | None
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        who = self.person or "the programme"
        return who + (f": {', '.join(self.fields)}" if self.what == "changed" else f" {self.what}")


def differences(new: Programme, old: Programme) -> tuple[Difference, ...]:
    """What changed from one state of a programme to another, by id and field, never by value."""
    return tuple(_differences(new, old))


def _differences(new: Programme, old: Programme) -> Iterator[Difference]:
    for person in old.by_id:
        if person not in new.by_id:
            yield Difference("left", person)
    mentors = {one.id for one in new.mentors}, {one.id for one in old.mentors}
    for person, now in new.by_id.items():
        before = old.by_id.get(person)
        if before is None:
            yield Difference("joined", person)
            continue
        side = ("side",) if (person in mentors[0]) is not (person in mentors[1]) else ()
        if fields := (*side, *_changed_fields(now, before)):
            yield Difference("changed", person, fields)
    records = tuple(name for name in RECORDS if set(getattr(new, name)) != set(getattr(old, name)))
    settings = tuple(
        f"settings.{name}"
        for name in Settings.model_fields
        if getattr(new.settings, name) != getattr(old.settings, name)
    )
    if records or settings:
        yield Difference("changed", None, (*records, *settings))


def _changed_fields(now: Participant, before: Participant) -> tuple[str, ...]:
    return tuple(
        name for name in type(now).model_fields if getattr(now, name) != getattr(before, name)
    )


# Late forms ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Late:
    """Late forms: people by side, and records between people."""

    mentors: tuple[Participant, ...]
    mentees: tuple[Participant, ...]
    conflicts: tuple[Conflict, ...]
    history: tuple[PastPair, ...]
    dormant: tuple[Conflict, ...]
    notices: tuple[Problem, ...] = ()

    def side(self, name: str) -> tuple[Participant, ...]:
        """The people of one side."""
        return self.mentors if name == "mentors" else self.mentees


def merged(programme: Programme, late: LateForms) -> Programme:
    """A programme with late forms in it.

    Whoever is in both answers as in the late forms, on the side they are on there, and keeps being
    carried over. What must not happen is added up: vetoes and declared people of both forms hold,
    and so do all conflicts and the whole history; what was laid aside when somebody left holds
    again once they are back. New people come after those who are there. Settings stay the
    programme's.

    Args:
        programme: The programme.
        late: Another one; or ``{"mentors": […], "mentees": […], "conflicts": […], "history": […]}``
            of records or their fields, which may name people of the programme.

    Raises:
        InputError: the two do not fit together: one e-mail under two ids, somebody unknown.
        TypeError: late forms are neither, or hold something else.
    """
    forms = _late(late)
    forms = replace(
        forms,
        mentors=tuple(_as_known(programme, forms.mentors)),
        mentees=tuple(_as_known(programme, forms.mentees)),
    )
    problems = [*_shared_addresses(programme, [*forms.mentors, *forms.mentees])]
    if problems:
        raise InputError(problems)
    before = programme.by_id
    there = without(programme, _switched(programme, forms))
    people = {side: _people(there, before, side, forms.side(side)) for side in SIDES}
    return _without_repeats(
        there.replace(
            **people,
            **{name: (*getattr(there, name), *getattr(forms, name)) for name in RECORDS},
            notices=tuple(dict.fromkeys((*there.notices, *forms.notices))),
        )
    )


def _late(late: LateForms) -> _Late:
    if isinstance(late, Programme):
        return _Late(
            *(late.mentors, late.mentees, late.conflicts, late.history, late.dormant), late.notices
        )
    if not isinstance(late, Mapping) or late.keys() - {*SIDES, "conflicts", "history"}:
        raise TypeError(
            "late forms are a programme, or lists under mentors, mentees, conflicts and history"
        )
    mentors, mentees = (
        tuple(p if isinstance(p, Participant) else Participant(**p) for p in late.get(side, ()))
        for side in SIDES
    )
    return _Late(
        mentors,
        mentees,
        tuple(c if isinstance(c, Conflict) else Conflict(**c) for c in late.get("conflicts", ())),
        tuple(h if isinstance(h, PastPair) else PastPair(**h) for h in late.get("history", ())),
        (),
    )


def _as_known(programme: Programme, late: Sequence[Participant]) -> Iterator[Participant]:
    """The late forms under the ids as the programme writes them (m01 is M01)."""
    ids = {fold(person): person for person in programme.by_id}
    for one in late:
        known = ids.get(fold(one.id), one.id)
        yield one if known == one.id else one.replace(id=known)


def _shared_addresses(programme: Programme, late: Sequence[Participant]) -> Iterator[Problem]:
    """Late forms with the e-mail of somebody else who is there: the same person, most likely."""
    answers = {one.id: one for one in late}
    holders: dict[str, list[str]] = {}
    for person in programme.people:
        now = answers.get(person.id, person)
        if now.email is not None:
            holders.setdefault(fold(now.email), []).append(person.id)
    for one in late:
        before = programme.by_id.get(one.id)
        if one.email is None or (before and before.email and _same(before.email, one.email)):
            continue
        for other in holders.get(fold(one.email), ()):
            if other != one.id:
                message = f"is the e-mail of {other} too; if {one.id} is the same person, write"
                message += f" {other} as the id of the late form, else another e-mail"
                yield Problem(message, Place(column="email", person=one.id), value=one.email)


def _same(one: str, other: str) -> bool:
    return fold(one) == fold(other)


def _switched(programme: Programme, forms: _Late) -> list[str]:
    """Who is on the other side in the late forms."""
    mentors = {person.id for person in programme.mentors}
    moved = [p.id for p in forms.mentors if p.id in programme.by_id and p.id not in mentors]
    return moved + [p.id for p in forms.mentees if p.id in mentors]


def _people(
    there: Programme, before: Mapping[str, Participant], side: str, late: Sequence[Participant]
) -> tuple[Participant, ...]:
    """One side: who is there, answering anew where they did, then those who come."""
    answers = {person.id: person for person in late}
    known: tuple[Participant, ...] = getattr(there, side)
    staying = {person.id for person in known}
    return (
        *(
            _answered(person, answers[person.id]) if person.id in answers else person
            for person in known
        ),
        *(_arriving(one, before.get(one.id)) for one in late if one.id not in staying),
    )


def _answered(person: Participant, late: Participant) -> Participant:
    """The late form, with what must not happen added up."""
    return late.replace(
        vetoes=(*person.vetoes, *late.vetoes),
        conflicts=(*person.conflicts, *late.conflicts),
        carried_over=person.carried_over or late.carried_over,
    )


def _arriving(late: Participant, before: Participant | None) -> Participant:
    """Somebody new to this side; whoever came from the other stays carried over."""
    if before is None or not before.carried_over:
        return late
    return late.replace(carried_over=True)


def _without_repeats(programme: Programme) -> Programme:
    """Records once each: two that were written otherwise may be the same once people are known."""
    once = {name: tuple(dict.fromkeys(getattr(programme, name))) for name in RECORDS}
    if all(len(rows) == len(getattr(programme, name)) for name, rows in once.items()):
        return programme
    return programme.replace(**once)
