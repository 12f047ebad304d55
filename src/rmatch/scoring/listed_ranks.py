"""Ranks among listed pairs: as in ranks.py, for pairs that are no table."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.programme import Programme
from rmatch.scoring.people import Side
from rmatch.scoring.ranks import band_width, people_arrays
from rmatch.scoring.weighing import Points

_INFERRED = 1_000_000
"""Added to the key of every unstated partner, so that stated choices come first."""


def listed_instance(
    programme: Programme,
    rows: IntArray,
    columns: IntArray,
    *,
    points: Points,
    sides: Mapping[Side, Points],
    warned: BoolArray,
) -> Instance:
    """Acceptable pairs as an instance; all arrays are (E,).

    Args:
        programme: The people.
        rows: Mentor indices.
        columns: Mentee indices.
        points: Pair scores.
        sides: The mentors' and the mentees' side of them, by which they rank.
        warned: Which pairs break a warn rule.
    """
    return Instance.from_pairs(
        rows,
        columns,
        _keys(programme, "mentor", rows, columns, sides["mentor"]),
        _keys(programme, "mentee", rows, columns, sides["mentee"]),
        score=points,
        mentor_score=sides["mentor"],
        mentee_score=sides["mentee"],
        warned=warned,
        **people_arrays(programme.mentors, "mentor"),
        **people_arrays(programme.mentees, "mentee"),
    )


def _keys(
    programme: Programme, side: Side, rows: IntArray, columns: IntArray, points: Points
) -> IntArray:
    """(E,) keys to rank by on one side, lower is better."""
    keys = _INFERRED - points // band_width(programme)
    m = len(programme.mentees)
    stated, group = _groups(programme, side)
    if len(stated):
        wanted = np.asarray(rows, dtype=np.int64) * m + columns
        place = np.minimum(np.searchsorted(stated, wanted), len(stated) - 1)
        keys = np.where(stated[place] == wanted, group[place], keys)
    return np.asarray(keys, dtype=np.int64)


def _groups(programme: Programme, side: Side) -> tuple[IntArray, IntArray]:
    """The pairs that one side chose, as mentor index · m + mentee index ascending, and how high."""
    mentors, mentees = programme.mentors, programme.mentees
    m = len(mentees)
    people, others = (mentors, mentees) if side == "mentor" else (mentees, mentors)
    place = {person.id: k for k, person in enumerate(others)}
    found = [
        (own * m + place[name] if side == "mentor" else place[name] * m + own, group)
        for own, person in enumerate(people)
        for group, names in enumerate(person.choices, start=1)
        for name in names
    ]
    pairs, group = np.array(sorted(found), dtype=np.int64).reshape(-1, 2).T
    return pairs, group
