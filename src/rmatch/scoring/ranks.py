"""Ranks: stated choices first, everyone else by bands of that side's score (docs/scoring.md, 3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.programme import Participant, Programme
from rmatch.scoring.people import Side
from rmatch.scoring.weighing import Points

BLOCK = 2**16
"""Pairs that are ranked together: what is made of them fits in a processor's own cache."""

LEAST = 16
"""People at a time, at least: of a table that is read across, whole lines of the cache are used."""


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
    rows, columns = np.nonzero(acceptable)

    def taken(table: Points) -> IntArray:
        return table[acceptable].astype(np.int64)

    return Instance(
        mentor=rows,
        mentee=columns,
        mentor_rank=taken(_ranks(programme, "mentor", sides["mentor"], acceptable)),
        mentee_rank=taken(_ranks(programme, "mentee", sides["mentee"], acceptable)),
        score=taken(points),
        mentor_score=taken(sides["mentor"]),
        mentee_score=taken(sides["mentee"]),
        warned=warned[acceptable],
        **people_arrays(programme.mentors, "mentor"),
        **people_arrays(programme.mentees, "mentee"),
    )


def people_arrays(people: Sequence[Participant], side: Side) -> dict[str, Any]:
    """What an instance says of the people of a side."""
    return {
        f"{side}_capacity": np.array([person.capacity for person in people], dtype=np.int64),
        f"{side}_priority": np.array([person.carried_over for person in people], dtype=np.int64),
        f"{side}_ids": tuple(person.id for person in people),
    }


def _ranks(programme: Programme, side: Side, points: Points, acceptable: BoolArray) -> Points:
    """(n, m) dense ranks from 1 on one side, 0 where a pair is not acceptable."""
    step = band_width(programme)
    people, others = programme.mentors, programme.mentees
    ranks = np.zeros(points.shape, dtype=np.int32)
    tables = points, acceptable, ranks
    if side == "mentee":
        people, others = others, people
        tables = points.T, acceptable.T, ranks.T
    place = {person.id: k for k, person in enumerate(others)}
    size = max(LEAST, BLOCK // max(1, len(others)))
    for start in range(0, len(people), size):
        some = people[start : start + size]
        own, allowed, out = (table[start : start + size] for table in tables)
        chosen = np.array([*_chosen(some, place)], dtype=np.int64).reshape(-1, 3)
        bands: Points = np.floor_divide(own, step, dtype=np.int32, order="C")
        out[:] = _ranks_of(bands, np.ascontiguousarray(allowed), chosen)
    return ranks


def _chosen(people: Sequence[Participant], place: Mapping[str, int]) -> Iterator[tuple[int, ...]]:
    """(person, partner, number of the tie group) of every stated choice, by place."""
    for row, person in enumerate(people):
        for group, partners in enumerate(person.choices, start=1):
            for partner in partners:
                yield row, place[partner], group


def _ranks_of(bands: Points, allowed: BoolArray, chosen: npt.NDArray[np.int64]) -> Points:
    """Dense ranks of some people: their choices in order, then the highest band first.

    Without sorting: of each person it is noted which keys there are; a key's rank is how many there
    are up to it. Key 0 is for whom they may not have.
    """
    if not bands.size:
        return np.zeros(bands.shape, dtype=np.int32)
    first = int(chosen[:, 2].max(initial=0)) + 1
    top = int(bands.max())
    keys = (first + top) - bands.astype(np.int64)
    keys[chosen[:, 0], chosen[:, 1]] = chosen[:, 2]
    keys *= allowed
    width = first + top - int(bands.min()) + 1
    there = np.zeros((len(bands), width), dtype=bool)
    keys += np.arange(len(bands))[:, None] * width
    there.reshape(-1)[keys] = True
    there[:, 0] = False
    up_to = np.cumsum(there, axis=1, dtype=np.int32)
    ranks: Points = up_to.reshape(-1)[keys]
    return ranks


def band_width(programme: Programme) -> int:
    """Points in a band: partners in one who were not chosen are alike, the highest band best."""
    return 100 * programme.settings.indifference or 1


def stated_choice(programme: Programme, person: str, partner: str) -> int | None:
    """Number of the tie group in which a person chose a partner, as written; None if not stated."""
    groups = programme.by_id[person].choices
    return next((g for g, group in enumerate(groups, start=1) if partner in group), None)
