"""The people of a programme as arrays of codes, encoded once and shared by criteria and rules."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray, IntArray
from rmatch.programme import Participant, Programme
from rmatch.programme.reference import GRADES, ROLES, SPECIALTIES
from rmatch.programme.text import fold

Side = Literal["mentor", "mentee"]
SIDES: tuple[Side, Side] = ("mentor", "mentee")
Codes = tuple[npt.NDArray[np.signedinteger[Any]], npt.NDArray[np.signedinteger[Any]]]


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
        self._has: dict[tuple[Side, str], BoolArray] = {}
        self.facts: dict[Hashable, object] = {}

    def __getstate__(self) -> Programme:
        """Of what is prepared nothing travels: it is prepared again."""
        return self.programme

    def __setstate__(self, programme: Programme) -> None:
        self.__init__(programme)  # type: ignore[misc]  # a plain class, made like any other

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

        def encode(people: Iterable[Participant]) -> list[int]:
            values = (key(person) for person in people)
            return [-1 if v is None else known.setdefault(v, len(known)) for v in values]

        codes = encode(self.mentors), encode(self.mentees)
        kind = smallest(len(known))
        return np.array(codes[0], dtype=kind), np.array(codes[1], dtype=kind)

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
        key = side, field
        if key not in self._has:
            self._has[key] = self.flags(side, lambda person: bool(getattr(person, field)))
        return self._has[key]


def smallest(count: int) -> type[np.signedinteger[Any]]:
    """The smallest signed integers in which 0 to ``count`` and a few below 0 have room."""
    if count < 2**7:
        return np.int8
    return np.int16 if count < 2**15 else np.int32


def own_value(person: Participant, kind: str) -> str | None:
    """A person's own region, specialty, school, employer or department, folded; None if blank."""
    if kind == "school":
        value = SPECIALTIES[person.specialty]["school"] if person.specialty else None
    else:
        value = getattr(person, "deanery" if kind == "region" else kind)
    return fold(value) if value else None


def _text(value: str | None) -> str | None:
    return None if value is None else fold(value)


def _grade_level(person: Participant) -> int:
    return int(GRADES[person.grade]["level"]) if person.grade else -1


def _highest_level(person: Participant) -> int:
    roles = [int(ROLES[held.role]["level"]) for held in person.leadership_roles]
    return max([_grade_level(person), *roles])
