"""Conflicts with people who are not in the programme: kept, to hold again when somebody is back.

A conflict of interest does harm whenever the two meet. So a conflict, a veto or a pair that must
not be made is never dropped because somebody leaves: it is laid aside as a dormant conflict, which
nothing that scores, audits or explains can see. A programme wakes it by itself as soon as the two
are there, one on each side; whoever adds people need not think of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from rmatch.programme.participant import Participant
from rmatch.programme.references import ReferenceIndex
from rmatch.programme.ties import Conflict

VETO = "veto"
PairIds = tuple[str, str]


def awake(
    mentors: Sequence[Participant],
    mentees: Sequence[Participant],
    conflicts: tuple[Conflict, ...],
    dormant: Sequence[Conflict],
) -> tuple[tuple[Conflict, ...], tuple[Conflict, ...]]:
    """The conflicts, with those that were dormant and hold again, and those that stay dormant.

    Sides may have changed since: what counts is that the two could be paired now.
    """
    if not dormant:
        return conflicts, ()
    index = ReferenceIndex([*mentors, *mentees])
    sides = {person.id for person in mentors}, {person.id for person in mentees}
    known = set(conflicts)
    woken: dict[Conflict, None] = {}
    asleep: dict[Conflict, None] = {}
    for one in dormant:
        ends = index.resolve(one.mentor), index.resolve(one.mentee)
        pair = facing(ends, *sides)
        mentor, mentee = ends if pair is None else pair
        record = one.model_copy(update={"mentor": mentor, "mentee": mentee})
        if pair is None:
            asleep[record] = None
        elif record not in known:
            woken[record] = None
    return (*conflicts, *woken), tuple(asleep)


def facing(ends: PairIds, mentors: Collection[str], mentees: Collection[str]) -> PairIds | None:
    """The two as mentor and mentee, if they are there and not on one side.

    Args:
        ends: Their ids, in either order.
        mentors: Who is there as a mentor.
        mentees: Who is there as a mentee.
    """
    for mentor, mentee in (ends, ends[::-1]):
        if mentor in mentors and mentee in mentees:
            return mentor, mentee
    return None


def laid_aside(
    mentors: Sequence[Participant],
    mentees: Sequence[Participant],
    conflicts: Iterable[Conflict],
    forbidden: Iterable[PairIds],
    gone: Collection[str],
) -> Iterator[Conflict]:
    """What must be remembered of people who leave: whatever kept them from somebody.

    Vetoes of either, people that either declared, conflicts on record, pairs that must not be made.
    What computes from facts (managers, employers, roles) is not: it computes again.

    Args:
        mentors: Everybody, those who leave included.
        mentees: Likewise.
        conflicts: Those on record.
        forbidden: Pairs that must not be made.
        gone: Ids of those who leave.
    """
    found = [
        *conflicts,
        *_declared([(one.id, other, one) for one in mentors for other in _named(one)]),
        *_declared([(other, one.id, one) for one in mentees for other in _named(one)]),
        *(Conflict(mentor=mentor, mentee=mentee) for mentor, mentee in forbidden),
    ]
    yield from dict.fromkeys(one for one in found if {one.mentor, one.mentee} & set(gone))


def _named(person: Participant) -> Iterator[str]:
    yield from dict.fromkeys((*person.vetoes, *person.conflicts))


def _declared(rows: Iterable[tuple[str, str, Participant]]) -> Iterator[Conflict]:
    """(mentor, mentee, who says so) → conflicts; a veto stays one, under its own code."""
    for mentor, mentee, person in rows:
        other = mentee if person.id == mentor else mentor
        if other in person.vetoes:
            yield Conflict(mentor=mentor, mentee=mentee, rule=VETO)
        if other in person.conflicts:
            yield Conflict(mentor=mentor, mentee=mentee)
