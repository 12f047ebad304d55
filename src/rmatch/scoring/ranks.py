"""Ranks: stated choices first, everyone else by bands of that side's score (docs/scoring.md, 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.programme import Programme
from rmatch.scoring.people import Side

if TYPE_CHECKING:
    from rmatch.scoring.scores import Scores

_INFERRED = 1_000_000
"""Added to the key of every unstated partner, so that stated choices come first."""


def build_instance(scores: Scores) -> Instance:
    """The acceptable pairs of scored people, as an instance."""
    programme = scores.programme
    rows, columns = np.nonzero(scores.acceptable)
    return Instance.from_pairs(
        rows,
        columns,
        _keys(scores, "mentor")[rows, columns],
        _keys(scores, "mentee")[rows, columns],
        score=scores.points[rows, columns],
        mentor_score=scores.mentor_points[rows, columns],
        mentee_score=scores.mentee_points[rows, columns],
        warned=scores.rules.warn[rows, columns] != 0,
        mentor_capacity=[person.capacity for person in programme.mentors],
        mentee_capacity=[person.capacity for person in programme.mentees],
        mentor_priority=[int(person.carried_over) for person in programme.mentors],
        mentee_priority=[int(person.carried_over) for person in programme.mentees],
        mentor_ids=[person.id for person in programme.mentors],
        mentee_ids=[person.id for person in programme.mentees],
    )


def _keys(scores: Scores, side: Side) -> IntArray:
    """(n, m) keys to rank by on one side, lower is better."""
    step = 100 * scores.programme.settings.indifference or 1
    points = scores.mentor_points if side == "mentor" else scores.mentee_points
    keys = _INFERRED - points // step
    people = scores.programme.mentors if side == "mentor" else scores.programme.mentees
    others = scores.programme.mentees if side == "mentor" else scores.programme.mentors
    place = {person.id: k for k, person in enumerate(others)}
    view = keys if side == "mentor" else keys.T
    for row, person in enumerate(people):
        for group, partners in enumerate(person.choices, start=1):
            for partner in partners:
                view[row, place[partner]] = group
    return keys


def stated_choice(programme: Programme, person: str, partner: str) -> int | None:
    """Number of the tie group in which a person chose a partner, as written; None if not stated."""
    groups = programme.by_id[person].choices
    return next((g for g, group in enumerate(groups, start=1) if partner in group), None)
