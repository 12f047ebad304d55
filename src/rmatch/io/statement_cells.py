"""Pairs of people in one cell: ``M01 with S02; M03 with S04``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rmatch.io.cells import as_text
from rmatch.io.findings import unreadable
from rmatch.io.lists import items, joined, unquoted

Ends = tuple[str, str]

_PERSON = r'("(?:[^"]|"")*"|[^"\s].*?)'
_PAIR = re.compile(rf"{_PERSON}\s+with\s+{_PERSON}", re.IGNORECASE | re.DOTALL)
_WITH = re.compile(r"(?<!\S)with(?!\S)", re.IGNORECASE)


def pairs_of(cell: object) -> tuple[Ends, ...]:
    """The pairs that a cell, or a list of texts or of pairs, names.

    Raises:
        UnreadableCellError: something in it is not two people.
    """
    parts = list(cell) if isinstance(cell, list | tuple) else items(as_text(cell))
    return tuple(_pair(part) for part in parts)


def _pair(part: object) -> Ends:
    if isinstance(part, list | tuple):
        if len(part) == 2 and all(isinstance(end, str) and end.strip() for end in part):
            return part[0].strip(), part[1].strip()
        raise unreadable("holds something that is not two people: write [mentor, mentee]")
    text = as_text(part)
    found = _PAIR.fullmatch(text)
    ends = (found[1], found[2]) if found else ()
    if not ends or any(not end.startswith('"') and _WITH.search(end) for end in ends):
        message = "is not two people: write M01 with S02; several pairs are separated by ;"
        raise unreadable(message, text)
    return unquoted(ends[0]), unquoted(ends[1])


def pairs_cell(pairs: Iterable[Ends]) -> str:
    """Pairs as one cell, such that :func:`pairs_of` reads them back."""
    return joined(map(pair_text, pairs))


def pair_text(pair: Ends) -> str:
    """One pair as it is written."""
    mentor, mentee = pair
    return f"{_person(mentor)} with {_person(mentee)}"


def _person(text: str) -> str:
    if '"' not in text and not _WITH.search(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
