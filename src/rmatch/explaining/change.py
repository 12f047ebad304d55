"""Single changes to a programme, as data: what a coordinator could do so that more can be matched.

``applied`` makes the changed programme, and ``change_words`` says the change in a sentence. Nothing
is solved here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal

from rmatch.explaining.rule_words import rule_label
from rmatch.programme import LeadershipRole, Participant, Programme, Waiver
from rmatch.programme.reference import DEANERIES, GRADES, ROLES, SPECIALTIES
from rmatch.programme.stating import stating
from rmatch.programme.text import fold

Side = Literal["mentor", "mentee"]

COPIED = (
    "grade",
    "specialty",
    "training_programme",
    "employer",
    "department",
    "deanery",
    "modes",
)
"""What a newcomer has in common with the person they are like, beside their roles."""


@dataclass(frozen=True, slots=True)
class WaiveRule:
    """A rule, by its code, does not count for a pair, by id."""

    mentor: str
    mentee: str
    rule: str


@dataclass(frozen=True, slots=True)
class AddPlace:
    """Somebody takes one partner more."""

    person: str


@dataclass(frozen=True, slots=True)
class AddPerson:
    """A newcomer of the same kind as somebody on that side, with one place."""

    side: Side
    like: str


Change = WaiveRule | AddPlace | AddPerson


def applied(programme: Programme, change: Change) -> Programme:
    """The programme with one change; the one given stays as it is.

    Raises:
        InputError: a rule that can never be waived, or a pair that is none.
        KeyError: nobody has that id.
        ValueError: a newcomer is to be like somebody of the other side.
    """
    if isinstance(change, WaiveRule):
        return stating(programme, [Waiver(change.mentor, change.mentee, change.rule)])
    if isinstance(change, AddPlace):
        return _with_place(programme, programme.by_id[change.person])
    return _with_newcomer(programme, newcomer(programme, change), change.side)


# ------------------------------------------------------------------------------------------ a place


def _with_place(programme: Programme, person: Participant) -> Programme:
    more = person.capacity + 1
    settings = programme.settings
    limit = settings.maximum_load.get(person.id)
    changes: dict[str, Any] = {
        side: tuple(one.replace(capacity=more) if one is person else one for one in people)
        for side, people in (("mentors", programme.mentors), ("mentees", programme.mentees))
    }
    # A limit with a price need not hold, and one above the places holds nobody back.
    if limit is not None and person.id not in settings.load_price and limit < more:
        raised = {**settings.maximum_load, person.id: limit + 1}
        changes["settings"] = settings.model_copy(update={"maximum_load": raised})
    return programme.replace(**changes)


# --------------------------------------------------------------------------------------- a newcomer


def newcomer(programme: Programme, change: AddPerson) -> Participant:
    """Somebody of the same kind as ``change.like``, with one place and an id that nobody goes by.

    They have that person's roles and ``COPIED``: no name or e-mail, no choices and vetoes, no
    supervisors, line manager or conflicts, nothing that was confirmed. A role held over one person
    (somebody's supervisor) is held by the newcomer as well, over nobody in particular.

    Raises:
        KeyError: nobody has that id.
        ValueError: they are not on that side.
    """
    like = programme.by_id[change.like]
    if like not in _side(programme, change.side):
        raise ValueError(
            f"{change.like} is not a {change.side}, so no new {change.side} is like them"
        )
    return Participant(
        id=_free_id(programme, change.like),
        leadership_roles=tuple(_general(role, programme) for role in like.leadership_roles),
        **{name: getattr(like, name) for name in COPIED},
    )


def _side(programme: Programme, side: Side) -> tuple[Participant, ...]:
    return programme.mentors if side == "mentor" else programme.mentees


def _general(role: LeadershipRole, programme: Programme) -> LeadershipRole:
    """The role, without its scope where that is one person."""
    over_one = fold(role.scope) in {fold(person.id) for person in programme.people}
    return LeadershipRole(role=role.role) if over_one else role


def _with_newcomer(programme: Programme, person: Participant, side: Side) -> Programme:
    return programme.replace(**{f"{side}s": (*_side(programme, side), person)})


def _free_id(programme: Programme, like: str) -> str:
    """``new-S05``, with a number where somebody goes by that already."""
    taken = {fold(text) for text in _called(programme)}
    tried = (f"new-{like}" if k == 1 else f"new-{like}-{k}" for k in count(1))
    return next(name for name in tried if fold(name) not in taken)


def _called(programme: Programme) -> Iterator[str]:
    """Everything that anybody is called, in the programme or outside it."""
    for person in programme.people:
        yield from (text for text in (person.id, person.email, person.name) if text)
        yield person.line_manager or ""
        yield from person.supervisors or ()
        yield from (role.scope for role in person.leadership_roles)
        if person.prior_experience is not None:
            yield from person.prior_experience.partners
    for pair in programme.history:
        yield from (pair.mentor, pair.mentee)
    for conflict in programme.dormant:
        yield from (conflict.mentor, conflict.mentee)
    yield from programme.settings.coordinators


# -------------------------------------------------------------------------------------------- words


def change_words(programme: Programme, change: Change) -> str:
    """The change as a plain sentence, people by id.

    Args:
        programme: The programme before the change.
        change: The change.

    Raises:
        KeyError: nobody has the id of the person whom a newcomer is like.
    """
    if isinstance(change, WaiveRule):
        rule = f"{rule_label(change.rule)} ({change.rule})"
        return f"Waive {rule} for {change.mentor} with {change.mentee}"
    if isinstance(change, AddPlace):
        return f"One more place for {change.person}"
    kind = ", ".join(_kind(programme.by_id[change.like]))
    return f"One more {change.side} like {change.like}" + (f": {kind}" if kind else "")


def _kind(person: Participant) -> Iterator[str]:
    """What sort of person it is, in labels of the shipped tables: no text that anybody wrote."""
    roles = dict.fromkeys(ROLES[held.role].label for held in person.leadership_roles)
    yield from roles
    if person.grade and not roles:
        yield GRADES[person.grade].label
    if person.specialty:
        yield SPECIALTIES[person.specialty].label
    if person.deanery:
        yield DEANERIES[person.deanery].label
