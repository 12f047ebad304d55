"""Who is meant by a cell of a table of pairs, with a programme to look them up in or without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Literal

from rmatch.io.cells import NOBODY, as_text, name_of, says_nothing
from rmatch.io.findings import Fault, UnreadableCellError
from rmatch.io.lists import items
from rmatch.io.sources import BrokenCell, is_blank
from rmatch.programme import Participant, Programme
from rmatch.programme.references import ReferenceIndex
from rmatch.programme.text import fold

End = Literal["mentor", "mentee"]
ENDS: tuple[End, End] = ("mentor", "mentee")
OTHER: dict[End, End] = {"mentor": "mentee", "mentee": "mentor"}

NO_PARTNER = NOBODY | frozenset(("unmatched", "no partner", "no mentor", "no mentee"))
"""What a cell says where somebody has no partner."""


class People:
    """Reads cells as people of a programme; without one, as ids that nobody has checked."""

    def __init__(self, programme: Programme | None) -> None:
        sides: dict[End, tuple[Participant, ...]] = {"mentor": (), "mentee": ()}
        if programme is not None:
            sides = {"mentor": programme.mentors, "mentee": programme.mentees}
        self.are_known = programme is not None
        self._index = {end: ReferenceIndex(people) for end, people in sides.items()}
        self._ids = {end: tuple(person.id for person in people) for end, people in sides.items()}

    def of(self, cell: object, end: End) -> str | None:
        """The id of the person in a cell; ``None`` where it is blank or says that there is nobody.

        Raises:
            UnreadableCellError: it is nobody of that side.
        """
        if isinstance(cell, BrokenCell):
            raise UnreadableCellError([Fault(cell.message, cell.text, shown=True)])
        if is_blank(cell):
            return None
        text = name_of(cell)
        found = self._found(text, cell, end)
        if len(found) == 1:
            return found[0]
        if not found and says_nothing(text, NO_PARTNER):
            return None
        raise self._refused(text, found, end)

    def _found(self, text: str, cell: object, end: End) -> Sequence[str]:
        if not self.are_known:
            one = not says_nothing(text, NO_PARTNER) and len(_several(text)) == 1
            return (text,) if one else ()
        found = self._index[end].candidates(text)
        return found or (_without_zeros(text, self._ids[end]) if is_number(cell) else ())

    def _refused(self, text: str, found: Sequence[str], end: End) -> UnreadableCellError:
        message, near = f"is no {end} of this programme", self._near(text, end)
        if len(found) > 1:
            message, near = f"could be more than one {end}; write the id", tuple(found)
        elif self._index[OTHER[end]].candidates(text):
            message, near = f"is a {OTHER[end]}; this column holds the {end}s", ()
        elif len(_several(text)) > 1:
            message, near = "names several people; give each of them a row", ()
        return UnreadableCellError(
            [Fault(message, text, shown=looks_like_id(text), suggestions=near)]
        )

    def _near(self, text: str, end: End) -> tuple[str, ...]:
        by_key = {fold(person): person for person in self._ids[end]}
        return tuple(by_key[key] for key in get_close_matches(fold(text), by_key, n=2))

    def is_somebody(self, cell: object) -> bool:
        """Whether a cell that makes no pair holds a person of either side, or cannot be told."""
        if isinstance(cell, BrokenCell) or is_blank(cell):
            return False
        text = as_text(cell)
        return any(self._found(text, cell, end) for end in ENDS)


def _several(text: str) -> list[str]:
    return items(text) or [text]


def is_number(cell: object) -> bool:
    """Whether a spreadsheet took the cell for a number."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _without_zeros(text: str, ids: Iterable[str]) -> tuple[str, ...]:
    """The ids that a spreadsheet turns into this number: 007 becomes 7."""
    return tuple(person for person in ids if person.isdigit() and person.lstrip("0") == text)


def looks_like_id(text: str) -> bool:
    """Whether a text may be shown: no name, no address, no story."""
    return any(map(str.isdigit, text)) and not any(sign.isspace() or sign == "@" for sign in text)
