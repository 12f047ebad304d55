"""The people of a programme as arrays of codes, encoded once and shared by criteria and rules."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray, IntArray
from rmatch.programme import Participant, Programme
from rmatch.programme.reference import GRADES, ROLES, SPECIALTIES
from rmatch.programme.text import fold

Side = Literal["mentor", "mentee"]
SIDES: tuple[Side, Side] = ("mentor", "mentee")
Codes = tuple[IntArray, IntArray]


class People:
    """A programme seen by scoring: index of every id, and fields as integer codes (−1 missing)."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.mentors: Sequence[Participant] = programme.mentors
        self.mentees: Sequence[Participant] = programme.mentees
        self.shape = (len(self.mentors), len(self.mentees))
        self.mentor_index = {person.id: i for i, person in enumerate(self.mentors)}
        self._mentor_values: dict[str, tuple[IntArray, dict[str, int]]] = {}
        self.mentee_index = {person.id: j for j, person in enumerate(self.mentees)}

    def side(self, side: Side) -> Sequence[Participant]:
        """The people of one side."""
        return self.mentors if side == "mentor" else self.mentees

    def pair_index(self, one: str, other: str) -> tuple[int, int] | None:
        """(mentor, mentee) indices of two ids given either way round; None if they are no pair."""
        if one in self.mentor_index and other in self.mentee_index:
            return self.mentor_index[one], self.mentee_index[other]
        if other in self.mentor_index and one in self.mentee_index:
            return self.mentor_index[other], self.mentee_index[one]
        return None

    def codes(self, key: Callable[[Participant], Hashable | None]) -> Codes:
        """Both sides' values as integers, equal where the values are equal, −1 where missing."""
        known: dict[Hashable, int] = {}

        def encode(people: Iterable[Participant]) -> IntArray:
            values = (key(person) for person in people)
            codes = [-1 if v is None else known.setdefault(v, len(known)) for v in values]
            return np.array(codes, dtype=np.int64)

        return encode(self.mentors), encode(self.mentees)

    def flags(self, side: Side, test: Callable[[Participant], bool]) -> BoolArray:
        """Which people of a side pass a test."""
        return np.array([test(person) for person in self.side(side)], dtype=bool)

    @cached_property
    def employers(self) -> Codes:
        """Employers, equal texts alike."""
        return self.codes(lambda person: _text(person.employer))

    @cached_property
    def departments(self) -> Codes:
        """Departments, equal texts alike."""
        return self.codes(lambda person: _text(person.department))

    @cached_property
    def bases(self) -> Codes:
        """Base towns or sites, equal texts alike."""
        return self.codes(lambda person: _text(person.base))

    @cached_property
    def specialties(self) -> Codes:
        """Specialties."""
        return self.codes(lambda person: person.specialty)

    @cached_property
    def groups(self) -> Codes:
        """Specialty groups."""
        return self.codes(
            lambda person: SPECIALTIES[person.specialty]["group"] if person.specialty else None
        )

    @cached_property
    def deaneries(self) -> Codes:
        """Deaneries."""
        return self.codes(lambda person: person.deanery)

    @cached_property
    def levels(self) -> Codes:
        """Seniority: the mentors' grade levels, the mentees' highest of grade and roles."""
        return (
            np.array([_grade_level(person) for person in self.mentors], dtype=np.int64),
            np.array([_highest_level(person) for person in self.mentees], dtype=np.int64),
        )

    def mentor_values(self, kind: str) -> tuple[IntArray, dict[str, int]]:
        """(n,) codes of the mentors' own region, school …, −1 missing, and what they mean."""
        if kind not in self._mentor_values:
            meaning: dict[str, int] = {}
            values = (own_value(person, kind) for person in self.mentors)
            codes = [-1 if v is None else meaning.setdefault(v, len(meaning)) for v in values]
            self._mentor_values[kind] = np.array(codes, dtype=np.int64), meaning
        return self._mentor_values[kind]

    def has(self, side: Side, field: str) -> BoolArray:
        """Which people of a side gave this field (not blank, not empty)."""
        return self.flags(side, lambda person: bool(getattr(person, field)))

    def both_have(self, field: str) -> BoolArray:
        """(n, m) array: both gave this field."""
        return self.has("mentor", field)[:, None] & self.has("mentee", field)[None, :]

    def in_common(self, values: Callable[[Participant], Iterable[str]]) -> IntArray:
        """(n, m) array: how many values a pair shares."""
        sets = [[frozenset(values(p)) for p in side] for side in (self.mentors, self.mentees)]
        return overlap(
            [dict.fromkeys(held, 1) for held in sets[0]],
            [dict.fromkeys(held, 1) for held in sets[1]],
        )

    @cached_property
    def shared_slots(self) -> IntArray:
        """(n, m) array: half-day slots that suit both."""
        return self.in_common(lambda person: person.availability)

    def both_meet(self, mode: str) -> BoolArray:
        """(n, m) array: both can meet in this mode."""
        can = [self.flags(side, lambda person: mode in person.modes) for side in SIDES]
        both: BoolArray = can[0][:, None] & can[1][None, :]
        return both


def own_value(person: Participant, kind: str) -> str | None:
    """A person's own region, specialty, school, employer or department, folded; None if blank."""
    if kind == "school":
        value = SPECIALTIES[person.specialty]["school"] if person.specialty else None
    else:
        value = getattr(person, "deanery" if kind == "region" else kind)
    return fold(value) if value else None


def overlap(rows: Sequence[dict[str, int]], columns: Sequence[dict[str, int]]) -> IntArray:
    """(n, m) array: Σ over shared keys of row weight × column weight; small integers only.

    A float32 product of matrices is exact for sums below 2**24 and far faster than integers.
    """
    shared = set().union(*rows) & set().union(*columns) if rows and columns else set()
    place = {key: k for k, key in enumerate(sorted(shared))}
    left, right = _indicator(rows, place), _indicator(columns, place)
    product: IntArray = (left @ right.T).astype(np.int64)
    return product


def _indicator(people: Sequence[dict[str, int]], place: dict[str, int]) -> npt.NDArray[np.float32]:
    table = np.zeros((len(people), len(place)), dtype=np.float32)
    for i, held in enumerate(people):
        for key, weight in held.items():
            if key in place:
                table[i, place[key]] = weight
    return table


def _text(value: str | None) -> str | None:
    return None if value is None else fold(value)


def _grade_level(person: Participant) -> int:
    return int(GRADES[person.grade]["level"]) if person.grade else -1


def _highest_level(person: Participant) -> int:
    roles = [int(ROLES[held.role]["level"]) for held in person.leadership_roles]
    return max([_grade_level(person), *roles])
