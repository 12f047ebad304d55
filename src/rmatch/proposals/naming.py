"""Which pairs are meant: ids looked up on both sides, every mistake at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from rmatch.errors import InputError, Place, Problem
from rmatch.instance import Instance
from rmatch.programme.text import fold
from rmatch.proposals.records import PairIds


def checked_pairs(given: Iterable[Any], instance: Instance) -> tuple[PairIds, ...]:
    """The pairs as (mentor, mentee) ids, in the order of the mentors.

    Args:
        given: Pairs of ids, either way round, or anything with ``mentor`` and ``mentee``.
        instance: Whose people they are.

    Raises:
        InputError: what is no pair, an id that nobody has, two people of one side, a pair twice;
            the row is the entry, counted from 1.
        TypeError: no list of pairs.
    """
    if isinstance(given, Mapping):
        raise TypeError("pairs is a list of pairs; of a dict give its .items()")
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError("pairs is a list of pairs: a mentor's and a mentee's id each")
    rows = {person: i for i, person in enumerate(instance.mentor_ids)}
    columns = {person: j for j, person in enumerate(instance.mentee_ids)}
    problems: list[Problem] = []
    found: dict[PairIds, int] = {}
    for row, one in enumerate(given, start=1):
        ends = _ends(one)
        if not ends:
            problems.append(Problem("is not a pair of ids", Place(row=row)))
            continue
        unknown = [person for person in ends if person not in rows and person not in columns]
        problems += [_unknown(person, row, (*rows, *columns)) for person in unknown]
        pair = ends if ends[0] in rows else (ends[1], ends[0])
        if unknown:
            continue
        if pair[0] not in rows or pair[1] not in columns:
            problems.append(Problem("names two people of one side", Place(row=row)))
        elif pair in found:
            problems.append(Problem(f"is the pair of row {found[pair]} again", Place(row=row)))
        else:
            found[pair] = row
    if problems:
        raise InputError(problems)
    return tuple(sorted(found, key=lambda pair: (rows[pair[0]], columns[pair[1]])))


def _ends(one: Any) -> PairIds | None:
    if hasattr(one, "mentor") and hasattr(one, "mentee"):
        one = (one.mentor, one.mentee)
    if isinstance(one, tuple | list) and len(one) == 2 and all(isinstance(e, str) for e in one):
        return one[0], one[1]
    return None


def _unknown(person: str, row: int, known: Iterable[str]) -> Problem:
    by_key = {fold(one): one for one in known}
    near = tuple(by_key[key] for key in get_close_matches(fold(person), by_key, n=2))
    return Problem("is nobody's id", Place(row=row), person, suggestions=near)
