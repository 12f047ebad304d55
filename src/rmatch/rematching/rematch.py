"""A programme after something happened: who left, who came, what was decided since.

Nothing is solved here. What must stay is stated like anything else, and how many pairs are broken
is a level like any other, so that proofs, explanations and the audit need to know of nothing new.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

from rmatch.errors import InputError, Place, Problem
from rmatch.programme import Conflict, Participant, Programme
from rmatch.programme.dormancy import facing
from rmatch.programme.leaving import without
from rmatch.rematching.joining import SIDES, Joined, Late, late_of
from rmatch.rematching.naming import Book, PairIds
from rmatch.rematching.replay import State
from rmatch.rematching.states import OVER, UNDER_WAY, PairState

FrozenKind = Literal["approved", "active", "all", "none"]
Frozen: TypeAlias = FrozenKind | Collection[Any]


@dataclass(frozen=True, slots=True)
class Events:
    """What happened since a matching was made, people by id, e-mail or exact name.

    Attributes:
        withdrawn: Who left.
        joined: Who came: ``{"mentors": […], "mentees": […]}``, a programme of late forms, or the
            path of a cohort of them.
        keep: Pairs that must stay, or be made.
        forbid: Pairs that must not be made, for no reason that anybody has to give.
        conflicts: Conflicts that came out: records, their fields, or pairs (``confidential``).
        capacity: Whose → another number of places.
        max_changes: How many pairs may be broken at most; ``None`` is no limit.
    """

    withdrawn: Collection[str] = ()
    joined: Joined | None = None
    keep: Sequence[Any] = ()
    forbid: Sequence[Any] = ()
    conflicts: Sequence[Any] = ()
    capacity: Mapping[str, int] = field(default_factory=dict)
    max_changes: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A programme after some events, and what is to stay in it as far as it still may.

    Attributes:
        programme: With everything stated but these.
        frozen: Pairs that are not to be moved; where there are too few places, groups that come
            earlier go before later ones.
        inherited: Pairs that had to be made before; they go after all groups.
    """

    programme: Programme
    frozen: tuple[tuple[PairIds, ...], ...]
    inherited: tuple[PairIds, ...] = ()


def case_of(
    programme: Programme,
    pairs: Iterable[PairIds],
    events: Events,
    frozen: Frozen = "approved",
    state: State | None = None,
) -> Case:
    """The programme after some events, with the pairs so far as those to be broken last.

    What the ledger says is taken as if it had been said again: who withdrew, what is kept and
    forbidden, conflicts, places, and that failed pairs are never made again.

    Args:
        programme: As it was when the pairs were made.
        pairs: The pairs so far.
        events: What happened.
        frozen: Pairs that are not to be moved: those that are ``approved`` or further, those that
            are ``active``, ``all``, ``none``, or the pairs themselves.
        state: What was decided; nothing, where it is left out.

    Raises:
        InputError: somebody unknown, twice, or on the wrong side; every mistake is listed.
        TypeError: an argument is no list, or nothing that anybody could join by.
        ValueError: ``frozen`` is none of these words.
    """
    if isinstance(frozen, str) and frozen not in get_args(FrozenKind):
        raise ValueError(f"frozen is one of {', '.join(get_args(FrozenKind))}, or a list of pairs")
    decided = State() if state is None else state
    named = _named(programme, tuple(pairs), events, frozen, decided)
    return _case(programme, named, decided)


# ------------------------------------------------------------------------------------------- names


@dataclass(frozen=True, slots=True)
class _Named:
    """What happened, people by id."""

    gone: frozenset[str]
    late: Late
    keep: tuple[PairIds, ...]
    forbid: tuple[PairIds, ...]
    conflicts: tuple[Conflict, ...]
    capacity: Mapping[str, int]
    max_changes: int | None
    pairs: tuple[PairIds, ...]
    frozen: tuple[tuple[PairIds, ...], ...]
    """Pairs that are not to be moved, most binding first."""


def _named(
    programme: Programme,
    pairs: tuple[PairIds, ...],
    events: Events,
    frozen: Frozen,
    state: State,
) -> _Named:
    """The events with everybody by id.

    Raises:
        InputError: with every mistake, those of late forms among them.
    """
    before = frozenset(state.withdrawn) & programme.by_id.keys()
    there = without(programme, before)
    mistakes: list[Problem] = []
    late = late_of(events.joined, there, mistakes)
    # Who withdrew already may be named again.
    leaving = Book(programme.mentors, programme.mentees)
    gone = before | set(leaving.people(events.withdrawn, "withdrawn"))
    # Whoever is back may be named like anybody who is there.
    away = gone - {person.id for person in late.people}
    book = Book((*there.mentors, *late.mentors), (*there.mentees, *late.mentees), away)
    standing = _standing(pairs, state, gone, programme)
    named = _Named(
        gone=gone,
        late=late,
        keep=book.pairs(events.keep, "keep"),
        forbid=book.pairs(events.forbid, "forbid"),
        conflicts=tuple(_conflicts(book, events.conflicts)),
        capacity=book.places(events.capacity),
        max_changes=_limit(book, events.max_changes),
        pairs=standing,
        frozen=_frozen(book, standing, frozen, state),
    )
    mistakes += [*leaving.problems, *book.problems]
    if not mistakes:
        mistakes += _together(there, gone, late)
    if mistakes:
        raise InputError(mistakes)
    return named


def _limit(book: Book, limit: int | None) -> int | None:
    if limit is None or (type(limit) is int and limit >= 0):
        return limit
    book.fault("is not a whole number from 0, or None", Place(column="max_changes"), limit)
    return None


def _conflicts(book: Book, given: Iterable[Any]) -> Iterable[Conflict]:
    """Conflicts as records, of records, fields or pairs."""
    if isinstance(given, str | Mapping):
        raise TypeError("conflicts is a list")
    for row, one in enumerate(given, start=1):
        place = Place(column="conflicts", row=row)
        try:
            record = _conflict(one)
        except InputError as error:
            book.problems += [problem.at(place) for problem in error.problems]
            continue
        ids = book.pair(one if record is None else record, place)
        if ids is not None and record is not None:
            yield record.model_copy(update={"mentor": ids[0], "mentee": ids[1]})
        elif ids is not None:
            yield Conflict(mentor=ids[0], mentee=ids[1])


def _conflict(one: Any) -> Conflict | None:
    """A conflict with its rule; ``None`` for a bare pair."""
    if isinstance(one, Mapping):
        return Conflict.model_validate(dict(one))
    return one if isinstance(one, Conflict) else None


def _standing(
    pairs: tuple[PairIds, ...], state: State, gone: Collection[str], programme: Programme
) -> tuple[PairIds, ...]:
    """The pairs so far of people who are still there: made or agreed to, and not over."""
    agreed = state.in_state(*UNDER_WAY)
    over = set(state.in_state(*OVER))
    still = [pair for pair in dict.fromkeys((*pairs, *agreed)) if pair not in over]
    mentors, mentees = _sides(programme)
    return tuple(
        pair
        for pair in still
        if pair[0] in mentors and pair[1] in mentees and not set(gone) & set(pair)
    )


def _frozen(
    book: Book, standing: tuple[PairIds, ...], frozen: Frozen, state: State
) -> tuple[tuple[PairIds, ...], ...]:
    """Pairs that are not to be moved: the active ones first, then the others, then those kept."""
    active = state.in_state(PairState.ACTIVE)
    wanted: Iterable[PairIds]
    if not isinstance(frozen, str):
        wanted = _of_those(book, standing, frozen)
    else:
        wanted = {
            "approved": state.in_state(*UNDER_WAY),
            "active": active,
            "all": standing,
            "none": (),
        }[frozen]
    chosen = [pair for pair in dict.fromkeys(wanted) if pair in set(standing)]
    first = tuple(pair for pair in chosen if pair in set(active))
    rest = tuple(pair for pair in chosen if pair not in set(active))
    return first, rest, tuple(state.kept)


def _of_those(
    book: Book, standing: tuple[PairIds, ...], given: Iterable[Any]
) -> tuple[PairIds, ...]:
    found = book.pairs(given, "frozen")
    for pair in found:
        if pair not in standing:
            place = Place(column="frozen", person=" with ".join(pair))
            book.fault("is no pair so far; keep makes one", place)
    return found


def _together(there: Programme, gone: Collection[str], late: Late) -> tuple[Problem, ...]:
    """What is wrong between late people and those who are there."""
    try:
        _joined(without(there, set(gone) & there.by_id.keys()), late)
    except InputError as error:
        return error.problems
    return ()


# ------------------------------------------------------------------------------------------- after


def _case(programme: Programme, named: _Named, state: State) -> Case:
    left = _joined(without(programme, named.gone), named.late)
    sides = _sides(left)
    settings = left.settings
    barred, aside = _barred(state, sides, programme.by_id.keys())
    changed = {
        "must_pair": named.keep,
        "must_not_pair": _distinct(settings.must_not_pair, barred, named.forbid),
        "standing_pairs": named.pairs,
        "frozen_pairs": (),
        "max_changes": named.max_changes,
    }
    capacity = {**state.capacities, **named.capacity}
    after = left.replace(
        **{side: _with_places(getattr(left, side), capacity) for side in SIDES},
        conflicts=tuple(dict.fromkeys((*left.conflicts, *named.conflicts))),
        # Dormant first: those of two people who are here wake at once, whoever is on which side.
        dormant=tuple(dict.fromkeys((*left.dormant, *aside))),
        settings=settings.replace(**changed),
        notices=(
            *named.late.notices,
            *_without_form(state, {*left.by_id, *named.gone, *state.erased}),
        ),
    )
    return Case(
        after,
        tuple(
            tuple(pair for pair in group if facing(pair, *sides) == pair) for group in named.frozen
        ),
        tuple(pair for pair in settings.must_pair if pair not in {*named.keep, *_given_up(state)}),
    )


def _given_up(state: State) -> frozenset[PairIds]:
    """Pairs that ended since they were stated, and may be made again but need not be."""
    return frozenset(state.in_state(*OVER)) - state.failed


def _sides(programme: Programme) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of the mentors and of the mentees."""
    mentors, mentees = (frozenset(p.id for p in getattr(programme, side)) for side in SIDES)
    return mentors, mentees


def _barred(
    state: State, sides: tuple[Collection[str], Collection[str]], before: Collection[str]
) -> tuple[list[PairIds], list[Conflict]]:
    """What the ledger says must not be made: pairs of people who are here, and conflicts.

    Of people who have left, both are conflicts to lay aside, so that the programme itself keeps
    them. Whoever was erased is in none of it, and neither here nor before.

    Args:
        state: What was decided.
        sides: Who is here, as mentors and as mentees.
        before: Who was in the programme so far.
    """
    known = {*before, *sides[0], *sides[1]}
    barred: list[PairIds] = []
    aside = [
        Conflict(mentor=pair[0], mentee=pair[1], rule=one.rule, until=one.until)
        for pair, conflicts in state.conflicts.items()
        if known >= set(pair)
        for one in conflicts
    ]
    for pair in (*state.forbidden, *sorted(state.failed)):
        now = facing(pair, *sides)
        if now is not None:
            barred.append(now)
        elif known >= set(pair):
            aside.append(Conflict(mentor=pair[0], mentee=pair[1]))
    return barred, aside


def _joined(programme: Programme, late: Late) -> Programme:
    """The programme with those who came and what they brought.

    A conflict that they declare with somebody who leaves at the same time is laid aside.
    """
    here = {*programme.by_id, *(one.id for one in late.people)}
    conflicts = [one for one in late.conflicts if here >= {one.mentor, one.mentee}]
    aside = [one for one in late.conflicts if not here >= {one.mentor, one.mentee}]
    return programme.replace(
        **{side: (*getattr(programme, side), *getattr(late, side)) for side in SIDES},
        conflicts=tuple(dict.fromkeys((*programme.conflicts, *conflicts))),
        history=tuple(dict.fromkeys((*programme.history, *late.history))),
        dormant=tuple(dict.fromkeys((*programme.dormant, *late.dormant, *aside))),
    )


def _distinct(*many: Iterable[PairIds]) -> tuple[PairIds, ...]:
    return tuple(dict.fromkeys(pair for pairs in many for pair in pairs))


def _with_places(
    people: Iterable[Participant], capacity: Mapping[str, int]
) -> tuple[Participant, ...]:
    return tuple(
        one.model_copy(update={"capacity": capacity[one.id]}) if one.id in capacity else one
        for one in people
    )


def _without_form(state: State, known: Collection[str]) -> Iterable[Problem]:
    """Whom the ledger takes for part of the programme, and of whom nothing else is known.

    Args:
        state: What was decided.
        known: Who is here, leaves now, or was erased: their pairs are over, whatever it says.
    """
    joined = [person for person in state.joined if person not in state.withdrawn]
    paired = [person for pair in state.in_state(*UNDER_WAY) for person in pair]
    for person in dict.fromkeys((*joined, *paired)):
        if person not in known:
            what = "joined" if person in joined else "is in a pair under way"
            yield Problem(
                f"{what}, says the ledger, and has no form here: give it as joined, or withdraw "
                "them",
                Place(person=person),
                severity="warning",
            )
