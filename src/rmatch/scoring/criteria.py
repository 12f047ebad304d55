"""The built-in criteria: how good a pair is for one side, 0–10 000 (docs/scoring.md, section 2).

Each is a function of people, cells and a side. Its facts are prepared once for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rmatch.instance import BoolArray, IntArray
from rmatch.programme import Participant
from rmatch.programme.text import fold
from rmatch.scoring.cells import Cells
from rmatch.scoring.facts import (
    Bits,
    PairValues,
    Sets,
    Small,
    bits_of,
    count_bits,
    equal,
    fact,
    gaps,
    missing,
    places,
    sets_of,
)
from rmatch.scoring.people import Codes, People, Side
from rmatch.scoring.protocol import MISSING, TOP, Serves, Values
from rmatch.scoring.rules import slots_held
from rmatch.scoring.verdict import both, but, either

Value = Callable[[People, Cells, Side], Values]

PLACE_VALUES = {"same_base": 10_000, "same_deanery": 7_500, "virtual": 5_000, "in_person": 2_500}

_TOP = np.int16(TOP)


def share(part: IntArray, whole: IntArray) -> IntArray:
    """``part`` of ``whole`` on the scale 0–10 000, rounded half up; ``whole`` positive."""
    return (2 * TOP * part + whole) // (2 * whole)


def other_side(side: Side) -> Side:
    """The partners' side."""
    return "mentee" if side == "mentor" else "mentor"


def choice(people: People, cells: Cells, side: Side) -> Values:
    """Where the partner stands in the person's stated choices; missing without a list."""
    return _chosen(people, side).at(cells) | cells.of(side, gaps(people, side, "choices"))


@fact
def _chosen(people: People, side: Side) -> PairValues:
    values: dict[tuple[int, int], int] = {}
    partners = people.mentee_index if side == "mentor" else people.mentor_index
    for own, person in enumerate(people.side(side)):
        for group, names in enumerate(person.choices, start=1):
            for other in (partners[name] for name in names):
                pair = (own, other) if side == "mentor" else (other, own)
                values[pair] = max(2_000, 12_000 - 2_000 * group)
    return PairValues.of(people, values)


def topics(people: People, cells: Cells, side: Side) -> Values:
    """How much of what the person wants, weighed by their order, the partner offers."""
    other = other_side(side)
    wanted = _wanted(people, side)
    part = np.zeros((1,) * len(cells.shape), dtype=np.int16)
    for bit, words in enumerate(wanted.weights):
        pairs = zip(words, wanted.offers, strict=True)
        met = count_bits(cells.of(side, own) & cells.of(other, theirs) for own, theirs in pairs)
        part = part + (met << bit)
    values = wanted.shares[cells.of(side, wanted.first) + part]
    found: Values = values | cells.of(other, gaps(people, other, "offers"))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """What one side wants and the other offers.

    Attributes:
        weights: By binary digit, in words of bits, the topics whose weight has that digit set.
        offers: The partners' topics in the same words.
        first: Where each person's row of ``shares`` begins.
        shares: Values by the weight that is met, a row for each whole weight; missing for none.
    """

    weights: tuple[tuple[Bits, ...], ...]
    offers: tuple[Bits, ...]
    first: IntArray
    shares: Small


@fact
def _wanted(people: People, side: Side) -> _Wanted:
    weights = [_ordered_weights(person.wants) for person in people.side(side)]
    offers = [set(person.offers) for person in people.side(other_side(side))]
    place = places(weights, offers)
    largest = max((len(held) for held in weights), default=0)
    digits = [
        bits_of([[t for t, w in held.items() if w >> digit & 1] for held in weights], place)
        for digit in range(largest.bit_length())
    ]
    whole = np.array([sum(held.values()) for held in weights], dtype=np.int64)
    found, row = np.unique(whole, return_inverse=True)
    width = int(whole.max(initial=0)) + 1
    met = np.minimum(np.arange(width), found[:, None])
    shares = np.where(found[:, None] > 0, share(met, np.maximum(1, found)[:, None]), MISSING)
    return _Wanted(
        tuple(digits), bits_of(offers, place), row * width, shares.astype(np.int16).ravel()
    )


def _ordered_weights(wants: tuple[str, ...]) -> dict[str, int]:
    return {topic: len(wants) - place for place, topic in enumerate(wants)}


def availability(people: People, cells: Cells, side: Side) -> Values:
    """Half-day slots that suit both; four are as good as more."""
    del side
    values = np.minimum(4, slots_held(people).shared(cells)) * np.int16(2_500)
    return _known(people, cells, "availability", values)


def _known(people: People, cells: Cells, field: str, values: Values) -> Values:
    """The values, missing where either side left a field blank."""
    mentor, mentee = missing(people, cells, field)
    return values | mentor | mentee


def specialty(people: People, cells: Cells, side: Side) -> Values:
    """A different (or the same) specialty group, as the person or the settings ask."""
    unlike, more = (cells.of(side, values) for values in _specialty_values(people, side))
    # A product and a sum, for NumPy chooses between two values one at a time.
    values = equal(people.groups, cells).true * more + unlike
    return _known(people, cells, "specialty", values)


@fact
def _specialty_values(people: People, side: Side) -> tuple[Small, Small]:
    """What a partner of another group counts for each person, and how much more one of the same."""
    default = people.programme.settings.specialty
    modes = [_specialty_mode(person, default) for person in people.side(side)]
    same = {"same": TOP, "different": 0}
    other = {"same": 0, "different": TOP}
    alike = np.array([same.get(mode, TOP // 2) for mode in modes], dtype=np.int16)
    unlike = np.array([other.get(mode, TOP // 2) for mode in modes], dtype=np.int16)
    return unlike, alike - unlike


def _specialty_mode(person: Participant, default: str) -> str:
    return person.pref_attrs.specialty or default


def place(people: People, cells: Cells, side: Side) -> Values:
    """How easily the two can meet: one base, one deanery, on screen, or far apart."""
    del side
    # The nearer they are the higher the value, so that the first that holds is the largest.
    near = np.maximum(
        equal(people.bases, cells).true * np.int16(PLACE_VALUES["same_base"]),
        equal(people.deaneries, cells).true * np.int16(PLACE_VALUES["same_deanery"]),
    )
    near = np.maximum(near, np.int16(PLACE_VALUES["in_person"]))
    met = _both_meet(people, cells, "in_person", near)
    seen = _both_meet(people, cells, "virtual", np.int16(PLACE_VALUES["virtual"]))
    return _known(people, cells, "modes", np.maximum(met, seen))


def _both_meet(people: People, cells: Cells, mode: str, values: Any) -> Values:
    """The values where both can meet in this mode, else 0."""
    mentor, mentee = _meeting(people, mode)
    both: Values = values & cells.mentor(mentor) & cells.mentee(mentee)
    return both


@fact
def _meeting(people: People, mode: str) -> tuple[Small, ...]:
    """Of everybody all bits where they can meet in this mode, else none."""
    return tuple(
        np.array([-(mode in person.modes) for person in side], dtype=np.int16)
        for side in (people.mentors, people.mentees)
    )


def interests(people: People, cells: Cells, side: Side) -> Values:
    """Interests in common; two are as good as more."""
    del side
    values = np.minimum(2, _interests(people).shared(cells)) * np.int16(5_000)
    return _known(people, cells, "interests", values)


@fact
def _interests(people: People) -> Sets:
    return sets_of(people, lambda person: map(fold, person.interests))


def language(people: People, cells: Cells, side: Side) -> Values:
    """Whether a language is shared."""
    del side
    return _known(people, cells, "language", _languages(people).any_shared(cells) * _TOP)


@fact
def _languages(people: People) -> Sets:
    return sets_of(people, lambda person: map(fold, person.language))


def style(people: People, cells: Cells, side: Side) -> Values:
    """Whether the stated styles are the same."""
    del side
    return _known(people, cells, "style", equal(_styles(people), cells).true * _TOP)


@fact
def _styles(people: People) -> Codes:
    return people.codes(lambda person: fold(person.style) if person.style else None)


def grade_gap(people: People, cells: Cells, side: Side) -> Values:
    """A gap in seniority of at least the least one wanted; larger gaps count for less."""
    del side
    mentor, mentee = cells.mentor(people.levels[0]), cells.mentee(people.levels[1])
    beyond = mentee - (mentor + people.programme.settings.min_level_gap)
    values = np.where(beyond >= 0, np.maximum(0, TOP - 500 * np.maximum(0, beyond)), 0)
    return np.where((mentor < 0) | (mentee < 0), MISSING, values).astype(np.int16)


def attributes(people: People, cells: Cells, side: Side) -> Values:
    """Share of the person's wishes about level, employer and location that the partner meets."""
    met, asked = (np.zeros((1,) * len(cells.shape), dtype=np.int8) for _ in range(2))
    facts = {"level": people.levels, "employer": people.employers, "location": people.deaneries}
    for attribute, codes in facts.items():
        wants_same, wants_other = (
            cells.of(side, flags) for flags in _wishes(people, side, attribute)
        )
        same = equal(codes, cells)
        met_other = both(wants_other, ~either(same.true, same.unknown))
        asked = asked + but(either(wants_same, wants_other), same.unknown)
        met = met + either(both(same.true, wants_same), met_other)
    values: Values = _SHARES[4 * asked + met]
    return values


_SHARES = np.where(
    np.arange(4)[:, None] > 0,
    share(np.arange(4)[None, :], np.maximum(1, np.arange(4))[:, None]),
    MISSING,
).ravel()
"""Values by 4 · wishes asked + wishes met."""


@fact
def _wishes(people: People, side: Side, attribute: str) -> tuple[BoolArray, BoolArray]:
    """Who of a side wants a partner alike in an attribute, and who one unlike."""
    wishes = [getattr(person.pref_attrs, attribute) for person in people.side(side)]
    return (
        np.array([wish == "same" for wish in wishes], dtype=bool),
        np.array([wish == "different" for wish in wishes], dtype=bool),
    )


def experience(people: People, cells: Cells) -> tuple[Small, IntArray]:
    """Characteristics a mentee asks about that the mentor offers, and (m,) how many asked.

    Both must consent. Nothing is ever missing: it is a bonus, so that whoever does not disclose is
    as well off as before.
    """
    held, wanted = _experience(people)
    return held.shared(cells), wanted


@fact
def _experience(people: People) -> tuple[Sets, IntArray]:
    held = sets_of(
        people,
        lambda person: person.experience_offered if person.consent_matching else (),
        lambda person: person.experience_wanted if person.consent_matching else (),
    )
    wanted = [len(p.experience_wanted) if p.consent_matching else 0 for p in people.mentees]
    return held, np.array(wanted, dtype=np.int64)


def bonus(people: People, cells: Cells, weight: int, unit: int = 1) -> IntArray:
    """What experience adds to the mentees' points; its weight counts points of a ``unit``."""
    shared, wanted = experience(people, cells)
    whole = unit * np.maximum(1, cells.mentee(wanted))
    added: IntArray = (2 * 100 * weight * shared.astype(np.int64) + whole) // (2 * whole)
    return np.broadcast_to(added, cells.shape)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A criterion as it counts here: a function with its name, weight and side.

    Attributes:
        name: How it is called.
        weight: How much it counts.
        side: Whose score it is part of.
        function: Values of cells, for a side; they broadcast to the cells.
        alike: Whether they are the same for both sides.
    """

    name: str
    weight: int
    side: Serves
    function: Value
    alike: bool = False

    def values(self, people: People, cells: Cells, side: Side) -> Values:
        """Integers 0–10 000 in the shape of the cells, −1 where facts are missing."""
        return np.broadcast_to(self.function(people, cells, side), cells.shape)


BONUS = "experience"
"""The criterion that is a bonus on top of the mentee's score, and no part of the weighted mean."""

FUNCTIONS: Mapping[str, Value] = {
    "choice": choice,
    "topics": topics,
    "availability": availability,
    "specialty": specialty,
    "place": place,
    "interests": interests,
    "language": language,
    "style": style,
    "grade_gap": grade_gap,
    "attributes": attributes,
}

ALIKE = frozenset({"availability", "place", "interests", "language", "style", "grade_gap"})
"""The criteria whose values are the same for both sides."""


def built_in(weights: Mapping[str, int]) -> list[Weighed]:
    """The built-in criteria that count, with their weights; the bonus is not among them."""
    return [
        Weighed(name, weights[name], "both", function, name in ALIKE)
        for name, function in FUNCTIONS.items()
        if weights[name] > 0
    ]
