"""A programme after something happened: who left, who came, what was decided since.

Nothing is solved here. What must stay is stated like anything else, and how many pairs are broken
is a level like any other, so that proofs, explanations and the audit need to know of nothing new.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from rmatch.programme import Conflict, Participant, Programme
from rmatch.programme.leaving import without

PairIds: TypeAlias = tuple[str, str]
Joined: TypeAlias = Programme | Mapping[str, Iterable[Participant | Mapping[str, Any]]]

SIDES = ("mentors", "mentees")


@dataclass(frozen=True, slots=True)
class Events:
    """What happened since a matching was made, people by id, e-mail or exact name.

    Attributes:
        withdrawn: Who left.
        joined: Who came: ``{"mentors": […], "mentees": […]}``, or a programme of late forms.
        keep: Pairs that must stay, or be made.
        forbid: Pairs that must not be made, for no reason that anybody has to give.
        conflicts: Conflicts that came out: records, or pairs (``confidential``).
        capacity: Id → another number of places.
        max_changes: How many pairs may be broken at most; ``None`` is no limit.
    """

    withdrawn: Collection[str] = ()
    joined: Joined = field(default_factory=dict)
    keep: Sequence[PairIds] = ()
    forbid: Sequence[PairIds] = ()
    conflicts: Sequence[Conflict | PairIds] = ()
    capacity: Mapping[str, int] = field(default_factory=dict)
    max_changes: int | None = None


def after(
    programme: Programme,
    pairs: Iterable[PairIds],
    events: Events,
    frozen: Collection[PairIds] = (),
) -> Programme:
    """The programme after some events, with the pairs so far as those to be broken last.

    Pairs that are frozen must stay. One that is not allowed any more cannot: a conflict comes
    before everything.

    Args:
        programme: As it was when the pairs were made.
        pairs: The pairs so far.
        events: What happened.
        frozen: Those of the pairs that must stay.

    Raises:
        InputError: somebody unknown, twice, or on the wrong side; every problem is listed.
        KeyError: nobody of those who withdrew has this id.
    """
    gone = frozenset(events.withdrawn)
    left = without(programme, gone)
    standing = [pair for pair in pairs if not gone & set(pair)]
    settings = left.settings
    fields = {name: getattr(settings, name) for name in type(settings).model_fields}
    changed = {
        "must_pair": _distinct(
            settings.must_pair, events.keep, (p for p in standing if p in frozen)
        ),
        "must_not_pair": _distinct(settings.must_not_pair, events.forbid),
        "standing_pairs": tuple(standing),
        "max_changes": events.max_changes,
    }
    people = {side: _with(left, side, events) for side in SIDES}
    return left.replace(
        **people,
        conflicts=(*left.conflicts, *map(_conflict, events.conflicts)),
        settings=type(settings)(**{**fields, **changed}),
    )


def _distinct(*many: Iterable[PairIds]) -> tuple[PairIds, ...]:
    return tuple(dict.fromkeys((str(m), str(s)) for pairs in many for m, s in pairs))


def _conflict(one: Conflict | PairIds) -> Conflict:
    return one if isinstance(one, Conflict) else Conflict(mentor=one[0], mentee=one[1])


def _with(programme: Programme, side: str, events: Events) -> tuple[Participant, ...]:
    """The people of a side with those who came, and with their new numbers of places."""
    joined = events.joined
    new = getattr(joined, side) if isinstance(joined, Programme) else joined.get(side, ())
    people = [*getattr(programme, side), *(_participant(one) for one in new)]
    return tuple(
        _with_places(one, events.capacity[one.id]) if one.id in events.capacity else one
        for one in people
    )


def _participant(one: Participant | Mapping[str, Any]) -> Participant:
    return one if isinstance(one, Participant) else Participant(**one)


def _with_places(person: Participant, capacity: int) -> Participant:
    fields = {name: getattr(person, name) for name in type(person).model_fields}
    return type(person)(**{**fields, "capacity": capacity})
