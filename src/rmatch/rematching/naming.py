"""Who is meant by what happened: people by id, e-mail or exact name, every mistake at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeAlias

from rmatch.errors import Place, Problem
from rmatch.programme import Participant
from rmatch.programme.references import ReferenceIndex

PairIds: TypeAlias = tuple[str, str]


class Book:
    """Everybody who is or was there, and every mistake in how they were named.

    A place is the argument's name (``column``) and which of its entries it was, from 1 (``row``).
    """

    def __init__(
        self,
        mentors: Iterable[Participant],
        mentees: Iterable[Participant],
        gone: Collection[str] = (),
    ) -> None:
        sides = {"mentor": tuple(mentors), "mentee": tuple(mentees)}
        self._index = ReferenceIndex(person for side in sides.values() for person in side)
        self._sides = {side: {one.id for one in people} for side, people in sides.items()}
        self._gone = gone
        self.problems: list[Problem] = []

    def fault(self, message: str, place: Place, value: object = None) -> None:
        """Note a mistake; what was written may be a name, and is not shown unasked."""
        self.problems.append(Problem(message, place, None if value is None else str(value)))

    def people(self, texts: Iterable[Any], column: str) -> tuple[str, ...]:
        """Ids of single people."""
        found = [
            self._person(text, Place(column=column, row=row))
            for row, text in enumerate(_listed(texts, column), start=1)
        ]
        return tuple(dict.fromkeys(person for person in found if person is not None))

    def pairs(self, given: Iterable[Any], column: str) -> tuple[PairIds, ...]:
        """(mentor, mentee) ids of pairs, given as two texts or with ``mentor`` and ``mentee``."""
        found = [
            self.pair(one, Place(column=column, row=row))
            for row, one in enumerate(_listed(given, column), start=1)
        ]
        return tuple(dict.fromkeys(pair for pair in found if pair is not None))

    def pair(self, given: Any, place: Place) -> PairIds | None:
        """The ids of one pair; ``None`` where there was a mistake."""
        ends = (
            (given.mentor, given.mentee)
            if hasattr(given, "mentor") and hasattr(given, "mentee")
            else given
        )
        if not isinstance(ends, tuple | list) or len(ends) != 2:
            self.fault("is not a pair: a mentor and a mentee", place)
            return None
        mentor = self._person(ends[0], place)
        mentee = self._person(ends[1], place)
        if mentor is None or mentee is None:
            return None
        if mentor in self._sides["mentor"] and mentee in self._sides["mentee"]:
            return mentor, mentee
        if mentor in self._sides["mentee"] and mentee in self._sides["mentor"]:
            self.fault("has the two the wrong way round; the mentor comes first", place)
        else:
            self.fault("names two people of one side", place)
        return None

    def places(self, given: Mapping[str, Any]) -> dict[str, int]:
        """Id → number of places."""
        if not isinstance(given, Mapping):
            raise TypeError("capacity is a mapping: whose → how many places")
        found: dict[str, int] = {}
        for row, (text, count) in enumerate(given.items(), start=1):
            place = Place(column="capacity", row=row)
            person = self._person(text, place)
            if person in found:
                self.fault("names somebody a second time", place, text)
            elif type(count) is not int or not 0 <= count <= MOST_PLACES:
                self.fault(f"is not a whole number from 0 to {MOST_PLACES}", place, count)
            elif person is not None:
                found[person] = count
        return found

    def _person(self, text: Any, place: Place) -> str | None:
        found = self._index.candidates(text) if isinstance(text, str) else ()
        if not isinstance(text, str):
            self.fault("is not the id, e-mail or name of anybody", place)
        elif not found:
            self.fault("names somebody who is not in the programme", place, text)
        elif len(found) > 1:
            self.fault(
                "names somebody whom more than one person matches; write the id", place, text
            )
        elif found[0] in self._gone and place.column != "withdrawn":
            self.fault("names somebody who withdraws", place, text)
        else:
            return found[0]
        return None


MOST_PLACES = 1_000_000


def _listed(given: Any, column: str) -> Iterable[Any]:
    if isinstance(given, str | Mapping):
        raise TypeError(f"{column} is a list, not one {type(given).__name__}")
    return given if isinstance(given, Iterable) else _no_list(column)


def _no_list(column: str) -> Iterable[Any]:
    raise TypeError(f"{column} is a list")
