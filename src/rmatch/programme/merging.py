"""Late forms, and the same file loaded again: two programmes put together, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rmatch.programme.cohort import Programme
from rmatch.programme.participant import Participant
from rmatch.programme.settings import Settings

What = Literal["joined", "left", "changed"]
SIDES = ("mentors", "mentees")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is different: somebody came, left or answers otherwise, or a setting changed.

    Attributes:
        what: What happened.
        person: Id; ``None`` where it is about no single person.
        fields: Names of the fields that changed; what they hold is not told.
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
    for person, now in new.by_id.items():
        before = old.by_id.get(person)
        if before is None:
            yield Difference("joined", person)
        elif fields := _changed_fields(now, before):
            yield Difference("changed", person, fields)
    fields = tuple(
        name
        for name in ("conflicts", "history")
        if set(getattr(new, name)) != set(getattr(old, name))
    )
    settings = tuple(
        f"settings.{name}"
        for name in Settings.model_fields
        if getattr(new.settings, name) != getattr(old.settings, name)
    )
    if fields or settings:
        yield Difference("changed", None, (*fields, *settings))


def _changed_fields(now: Participant, before: Participant) -> tuple[str, ...]:
    return tuple(
        name for name in type(now).model_fields if getattr(now, name) != getattr(before, name)
    )


def merged(programme: Programme, late: Programme) -> Programme:
    """A programme with late forms in it.

    Whoever is in both answers as in the late forms, but keeps being carried over; new people come
    after those who are there. Conflicts and history are added up; settings stay those of the
    programme.

    Raises:
        InputError: the two do not fit together: an id on both sides, one e-mail of two people.
    """
    return programme.replace(
        **{side: _people(getattr(programme, side), getattr(late, side)) for side in SIDES},
        conflicts=tuple(dict.fromkeys((*programme.conflicts, *late.conflicts))),
        history=tuple(dict.fromkeys((*programme.history, *late.history))),
        notices=(*programme.notices, *late.notices),
    )


def _people(people: Sequence[Participant], late: Sequence[Participant]) -> tuple[Participant, ...]:
    answers = {person.id: person for person in late}
    known = {person.id for person in people}
    return (
        *(_answered(person, answers.get(person.id)) for person in people),
        *(person for person in late if person.id not in known),
    )


def _answered(person: Participant, late: Participant | None) -> Participant:
    if late is None or late.carried_over == person.carried_over or late.carried_over:
        return late or person
    fields = {name: getattr(late, name) for name in type(late).model_fields}
    return type(late)(**{**fields, "carried_over": person.carried_over})
