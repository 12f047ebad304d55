"""What is asked, in plain lists: an instance or people as any library could be given them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rmatch import Instance, Programme

Problem = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Posed:
    """A problem with the instance that its answers are checked against.

    Attributes:
        problem: What every contender reads.
        instance: Against which answers are counted.
        columns: Where a mentee of several places has several columns: whose each column is.
    """

    problem: Problem
    instance: Instance
    columns: Sequence[int] | None = field(default=None)


def assignment(instance: Instance) -> Posed:
    """Scores as a matrix, ``None`` where excluded; a column for each place of a mentee.

    Raises:
        ValueError: a mentor has several places, which would need rows of their own.
    """
    if (instance.mentor_capacity != 1).any():
        raise ValueError("mentors of one place only")
    columns = np.repeat(np.arange(instance.n_mentees), instance.mentee_capacity)
    table: list[list[int | None]] = [[None] * instance.n_mentees for _ in range(instance.n_mentors)]
    triples = (instance.mentor, instance.mentee, instance.score)
    for i, j, score in zip(*(array.tolist() for array in triples), strict=True):
        table[i][j] = score
    rows = [[row[j] for j in columns.tolist()] for row in table]
    return Posed({"task": "assignment", "score": rows}, instance, columns.tolist())


def marriage(instance: Instance) -> Posed:
    """Complete strict lists on both sides."""
    n = instance.n_mentors
    mine = np.argsort(instance.mentor_rank.reshape(n, n), axis=1)
    theirs = np.argsort(instance.mentee_rank.reshape(n, n).T, axis=1)
    lists = {"mentors": mine.tolist(), "mentees": theirs.tolist()}
    return Posed({"task": "marriage", **lists}, instance)


def ties(instance: Instance) -> Posed:
    """Lists of tie groups on both sides, with places."""
    sides = _groups(instance)
    places = {
        "mentor_capacity": instance.mentor_capacity.tolist(),
        "mentee_capacity": instance.mentee_capacity.tolist(),
    }
    return Posed({"task": "ties", **sides, **places}, instance)


def hospital(instance: Instance) -> Posed:
    """Strict lists with places for mentees: ties are broken by score, then by number."""
    sides = {
        side: [[other for group in groups for other in group] for groups in lists]
        for side, lists in _groups(instance).items()
    }
    places = instance.mentee_capacity.tolist()
    return Posed({"task": "hospital", **sides, "mentee_capacity": places}, instance)


def people(programme: Programme, instance: Instance) -> Posed:
    """Records of people, and the pairs that rules or vetoes exclude."""
    sides = {
        "mentors": [person.model_dump(mode="json") for person in programme.mentors],
        "mentees": [person.model_dump(mode="json") for person in programme.mentees],
    }
    acceptable = np.zeros((instance.n_mentors, instance.n_mentees), dtype=bool)
    acceptable[instance.mentor, instance.mentee] = True
    excluded = np.argwhere(~acceptable).tolist()
    return Posed({"task": "people", **sides, "excluded": excluded}, instance)


def chosen_of(posed: Posed, pairs: Sequence[tuple[int, int]]) -> list[int | None]:
    """The acceptable pair of each that was named; ``None`` where there is no such pair."""
    whose = posed.columns
    named = [(i, j if whose is None else whose[j]) for i, j in pairs]
    return [posed.instance.index_of(i, j) for i, j in named]


def _groups(instance: Instance) -> dict[str, list[list[list[int]]]]:
    """Both sides' lists, best first, ties together; those of higher scores first in a group."""
    sides = (
        ("mentors", instance.mentor, instance.mentee, instance.mentor_rank, instance.n_mentors),
        ("mentees", instance.mentee, instance.mentor, instance.mentee_rank, instance.n_mentees),
    )
    return {
        name: _lists(owner, other, rank, instance.score, count)
        for name, owner, other, rank, count in sides
    }


def _lists(owner: Any, other: Any, rank: Any, score: Any, count: int) -> list[list[list[int]]]:
    lists: list[list[list[int]]] = [[] for _ in range(count)]
    last = [0] * count
    for k in np.lexsort((other, -score, rank, owner)).tolist():
        person = int(owner[k])
        if last[person] != rank[k]:
            lists[person].append([])
            last[person] = int(rank[k])
        lists[person][-1].append(int(other[k]))
    return lists
