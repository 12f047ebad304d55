"""Why somebody has no partner, as data: too few places, a level that would get worse, a statement.

A person's *counterfactual* is the best matching in which they have a partner, solved for again in
the same order of levels. The first level at which it is worse than the matching that was made says
why it was this person, and by how much.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from rmatch.explaining.someone import Person
from rmatch.explaining.standing_against import forbidding, without_which_free
from rmatch.explaining.with_partner import Case, WithPartner, with_partner
from rmatch.instance import Instance
from rmatch.properties.hall import HallViolator, hall_violator
from rmatch.properties.statements import forced_statement
from rmatch.solving.clock import Clock

SIZE_LEVELS = ("pairs", "people")
"""Levels that want as many as possible to have a partner."""


class UnmatchedReason(StrEnum):
    """Why somebody has no partner.

    ``TOO_FEW_PLACES``: they and others share fewer places than they are, whatever is wanted.
    ``QUOTA``: what the coordinator stated stands against it. ``STABILITY``: more pairs would block.
    ``LEVEL``: another level would be worse. ``STRATEGY``: the order of the levels does not ask for
    as many as possible before the level that decided, or at all. ``UNPROVED``: the matching was not
    proved and a better one has a partner for them, or the time was up before it was known.
    """

    NO_PLACE = "no_place"
    NOBODY_ALLOWED = "nobody_allowed"
    TOO_FEW_PLACES = "too_few_places"
    STABILITY = "stability"
    QUOTA = "quota"
    LEVEL = "level"
    STRATEGY = "strategy"
    UNPROVED = "unproved"


@dataclass(frozen=True, slots=True)
class TooFewPlaces:
    """People who share fewer places than they are, so that some are left out of every matching.

    Attributes:
        people: Ids, the person in question among them; all of one side.
        others: Ids of everybody with an open place whom any of them may be paired with.
        places: What the others have open together.
        held: Ids of those they may be paired with who have no open place: they offer none, or
            pairs that must be made hold them.
        everybody: Whether the others are all of their side who have an open place.
    """

    people: tuple[str, ...]
    others: tuple[str, ...]
    places: int
    held: tuple[str, ...]
    everybody: bool


@dataclass(frozen=True, slots=True)
class UnmatchedFacts:
    """Why a person has no partner.

    ``too_few`` is there whenever they are among people who share too few places; with ``QUOTA``,
    because pairs that must be made hold the others. ``instead`` says why it was this one of them.
    ``statements`` are those of the coordinator's that stand against it.
    """

    reason: UnmatchedReason
    too_few: TooFewPlaces | None = None
    instead: WithPartner | None = None
    statements: tuple[str, ...] = ()


def unmatched_facts(
    person: str,
    instance: Instance,
    chosen: Iterable[int],
    order: Sequence[str],
    *,
    seed: int = 0,
    time_limit: float | None = None,
    cancel: threading.Event | None = None,
) -> UnmatchedFacts:
    """Why a person has no partner.

    Args:
        person: Their id.
        instance: The problem, with what is stated.
        chosen: Indices of the made pairs.
        order: Names of the levels.
        seed: Of the tie-break.
        time_limit: Seconds after which the level that decided may stay unknown.
        cancel: Set it from another thread to stop early.

    Raises:
        KeyError: nobody has this id.
        ValueError: they have a partner.
    """
    found, made = Person.of(instance, person), tuple(chosen)
    if found.is_matched(instance, made):
        raise ValueError(f"{person} has a partner")
    clock = Clock(time_limit, cancel)
    return _facts(Case(instance, made, tuple(order), seed, found, clock))


def _facts(case: Case) -> UnmatchedFacts:
    if case.person.capacity(case.instance) == 0:
        return UnmatchedFacts(UnmatchedReason.NO_PLACE)
    if not case.person.pairs(case.instance).any():
        return UnmatchedFacts(UnmatchedReason.NOBODY_ALLOWED)
    return _places(case) or _decided(case)


# ---------------------------------------------------------------------------------- too few places


def _places(case: Case) -> UnmatchedFacts | None:
    """Too few places as they are, or as pairs that must be made leave them; ``None``: enough."""
    instance = case.instance
    free = instance.replace(forced=np.zeros(instance.n_pairs, dtype=bool))
    found = _violator(case, free)
    if found is not None:
        return _shared(case, UnmatchedReason.TOO_FEW_PLACES, too_few_places(free, found), ())
    found = _violator(case, instance) if instance.forced.any() else None
    if found is not None:
        holding = _holding(case, found)
        return _shared(case, UnmatchedReason.QUOTA, too_few_places(instance, found), holding)
    return None


def _violator(case: Case, instance: Instance) -> HallViolator | None:
    return hall_violator(instance, case.chosen, case.person.side, case.person.index)


def _shared(
    case: Case, reason: UnmatchedReason, too_few: TooFewPlaces, statements: tuple[str, ...]
) -> UnmatchedFacts:
    if not too_few.others:
        return UnmatchedFacts(reason, too_few, None, statements)
    instead = with_partner(case)
    if instead.possible is False:
        statements = forbidding(case.instance, case.person, case.clock) or statements
    return UnmatchedFacts(reason, too_few, instead, statements)


def too_few_places(instance: Instance, found: HallViolator) -> TooFewPlaces:
    """A Hall violator in ids."""
    own, other = instance.mentor_ids, instance.mentee_ids
    if found.side == "mentee":
        own, other = other, own
    return TooFewPlaces(
        people=tuple(own[k] for k in found.people),
        others=tuple(other[k] for k in found.others),
        places=found.places,
        held=tuple(other[k] for k in found.held),
        everybody=found.everybody,
    )


def _holding(case: Case, found: HallViolator) -> tuple[str, ...]:
    """The pairs that must be made and take places from these people."""
    near = np.isin(case.person.other(case.instance), (*found.others, *found.held))
    pairs = np.flatnonzero(case.instance.forced & near).tolist()
    return tuple(forced_statement(case.instance, pair) for pair in pairs)


# ------------------------------------------------------------------------- the level that decided


def _decided(case: Case) -> UnmatchedFacts:
    """Where they could be matched and nobody lose a partner for it: the level that decided."""
    instead = with_partner(case)
    statements = _statements(case, instead)
    return UnmatchedFacts(_reason(case, instead, statements), None, instead, statements)


def _statements(case: Case, instead: WithPartner) -> tuple[str, ...]:
    if instead.possible is False:
        return forbidding(case.instance, case.person, case.clock)
    if instead.level == "prices":
        return instead.unkept
    if instead.level is None or instead.level == "tie_break" or _is_unproved(instead):
        return ()
    levels = _levels(case, instead.level)
    return without_which_free(case.instance, case.person, levels, case.seed, case.clock)


def _reason(case: Case, instead: WithPartner, statements: tuple[str, ...]) -> UnmatchedReason:
    if _is_unproved(instead):
        return UnmatchedReason.UNPROVED
    if statements or not instead.possible or instead.level == "prices":
        return UnmatchedReason.QUOTA
    if instead.level == "stability":
        return UnmatchedReason.STABILITY
    if instead.level is None:
        return UnmatchedReason.STRATEGY
    before = _levels(case, instead.level)
    return (
        UnmatchedReason.LEVEL
        if any(name in SIZE_LEVELS for name in before)
        else UnmatchedReason.STRATEGY
    )


def _is_unproved(instead: WithPartner) -> bool:
    if instead.possible is None or instead.is_better:
        return True
    return instead.possible and not instead.proved


def _levels(case: Case, last: str) -> tuple[str, ...]:
    """The levels up to one of them."""
    return case.order[: case.order.index(last) + 1]
