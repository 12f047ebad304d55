"""Ranks: stated choices first, everyone else by bands of that side's score (docs/scoring.md, 3)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rmatch.instance import BoolArray, Instance
from rmatch.programme import Programme
from rmatch.scoring.people import Side
from rmatch.scoring.weighing import Points

INFERRED = 1_000_000
"""Added to the key of every unstated partner, so that stated choices come first."""


def build_instance(
    programme: Programme,
    *,
    acceptable: BoolArray,
    points: Points,
    sides: Mapping[Side, Points],
    warned: BoolArray,
) -> Instance:
    """The acceptable pairs of scored people, as an instance; all arrays are (n, m).

    Args:
        programme: The people.
        acceptable: Which pairs may be matched.
        points: Pair scores.
        sides: The mentors' and the mentees' side of them, by which they rank.
        warned: Which pairs break a warn rule.
    """
    at = np.nonzero(acceptable)
    rows, columns = at
    return Instance.from_pairs(
        rows,
        columns,
        _keys(programme, "mentor", sides["mentor"])[at],
        _keys(programme, "mentee", sides["mentee"])[at],
        score=points[at],
        mentor_score=sides["mentor"][at],
        mentee_score=sides["mentee"][at],
        warned=warned[at],
        mentor_capacity=[person.capacity for person in programme.mentors],
        mentee_capacity=[person.capacity for person in programme.mentees],
        mentor_priority=[int(person.carried_over) for person in programme.mentors],
        mentee_priority=[int(person.carried_over) for person in programme.mentees],
        mentor_ids=[person.id for person in programme.mentors],
        mentee_ids=[person.id for person in programme.mentees],
    )


def _keys(programme: Programme, side: Side, points: Points) -> Points:
    """(n, m) keys to rank by on one side, lower is better."""
    keys = INFERRED - band(programme, points)
    people, others = programme.mentors, programme.mentees
    if side == "mentee":
        people, others = others, people
    place = {person.id: k for k, person in enumerate(others)}
    view = keys if side == "mentor" else keys.T
    for row, person in enumerate(people):
        for group, partners in enumerate(person.choices, start=1):
            for partner in partners:
                view[row, place[partner]] = group
    return keys


def band(programme: Programme, points: Points) -> Points:
    """The bands in which partners who were not chosen are alike, the highest best."""
    return points // (100 * programme.settings.indifference or 1)


def stated_choice(programme: Programme, person: str, partner: str) -> int | None:
    """Number of the tie group in which a person chose a partner, as written; None if not stated."""
    groups = programme.by_id[person].choices
    return next((g for g, group in enumerate(groups, start=1) if partner in group), None)
