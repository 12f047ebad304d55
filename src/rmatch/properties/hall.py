"""Too few places: people who have more to share than there is, by alternating paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.properties.feasibility import Chosen, loads, mask_of, places_left, undecided

Side = Literal["mentor", "mentee"]


@dataclass(frozen=True, slots=True)
class HallViolator:
    """People of one side who outnumber the places open to them (Hall, 1935, with capacities).

    Attributes:
        side: Whose side the people are of.
        people: Indices; everybody with a place and with no pair that must be made.
        others: Indices of everybody of the other side whom any of them may be paired with and who
            has a place that no pair that must be made holds.
        places: What those have together, beside pairs that must be made; fewer than the people.
        held: Indices of the others whom they may be paired with and who have no such place.
        everybody: Whether nobody else of the other side has such a place.
    """

    side: Side
    people: tuple[int, ...]
    others: tuple[int, ...]
    places: int
    held: tuple[int, ...]
    everybody: bool


@dataclass(frozen=True, slots=True)
class _Half:
    """An instance seen from one side: who has each pair, whom it is with, and places."""

    own: IntArray
    other: IntArray
    loads: IntArray
    capacity: IntArray
    """(own side,) places, those held by pairs that must be made left out."""
    places: IntArray
    """(other side,) likewise."""
    open: BoolArray
    """(E,) pairs that could be made and need not be."""


def hall_violator(
    instance: Instance, chosen: Chosen, side: Side, person: int
) -> HallViolator | None:
    """Why an unmatched person stays so: who shares too few places with them; ``None`` if nobody.

    Those are the people reached by alternating paths: by a pair that is not made to somebody of
    the other side, and by a made pair back. Were a free place reached, or somebody with a second
    partner, this person could be matched at nobody's cost, and too few places are not the reason.
    Others without a partner who may be paired with nobody else belong to them as well.

    Args:
        instance: The problem.
        chosen: A matching of it that has every pair that must be made.
        side: Whose side the person is of.
        person: Their index there; they have a place and no partner.
    """
    half = _half(instance, chosen, side)
    made = mask_of(instance, chosen) & half.open
    people, others = _reached(half, made, person)
    if people.sum() <= half.places[others].sum():
        return None
    people |= _as_badly_off(half, others)
    found = HallViolator(
        side,
        tuple(np.flatnonzero(people).tolist()),
        tuple(np.flatnonzero(others).tolist()),
        int(half.places[others].sum()),
        _held(half, people, others),
        bool(np.all(others | (half.places == 0))),
    )
    return found if is_hall_violator(instance, found) else None


def is_hall_violator(instance: Instance, claim: HallViolator) -> bool:
    """Whether so many people share too few places: some of them are left out of every matching."""
    half = _half(instance, np.flatnonzero(instance.forced), claim.side)
    people = np.zeros(len(half.capacity), dtype=bool)
    people[list(claim.people)] = True
    others = np.zeros(len(half.places), dtype=bool)
    others[list(claim.others)] = True
    return bool(
        np.all(half.capacity[people] > 0)
        and not half.loads[people].any()
        and np.all(others[half.other[half.open & people[half.own]]])
        and claim.places == half.places[others].sum() < people.sum()
    )


def _half(instance: Instance, chosen: Chosen, side: Side) -> _Half:
    left, load = places_left(instance), loads(instance, chosen)
    at = 0 if side == "mentor" else 1
    ends = instance.mentor, instance.mentee
    return _Half(ends[at], ends[1 - at], load[at], left[at], left[1 - at], undecided(instance))


def _reached(half: _Half, made: BoolArray, person: int) -> tuple[BoolArray, BoolArray]:
    """Who is reached by alternating paths, breadth first: of the own side, and of the other."""
    people = np.zeros(len(half.capacity), dtype=bool)
    others = np.zeros(len(half.places), dtype=bool)
    people[person] = True
    spare = half.open & ~made
    while True:
        others[half.other[spare & people[half.own]]] = True
        back = half.own[made & others[half.other]]
        if people[back].all():
            return people, others
        people[back] = True


def _as_badly_off(half: _Half, others: BoolArray) -> BoolArray:
    """People with a place, no partner, and nobody but these others to be paired with."""
    some = np.zeros(len(half.capacity), dtype=bool)
    elsewhere = some.copy()
    some[half.own[half.open]] = True
    elsewhere[half.own[half.open & ~others[half.other]]] = True
    lonely: BoolArray = some & ~elsewhere & (half.loads == 0) & (half.capacity > 0)
    return lonely


def _held(half: _Half, people: BoolArray, others: BoolArray) -> tuple[int, ...]:
    held = np.zeros(len(half.places), dtype=bool)
    held[half.other[people[half.own]]] = True
    return tuple(np.flatnonzero(held & ~others).tolist())
