"""The tasks on which rmatch is timed beside its peers, each at every size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

import generators
import rmatch
from cohorts import mentoring_like
from contenders import CONTENDERS, Contender
from problems import Posed, assignment, marriage, people, ties
from rmatch import Instance
from rmatch.generating import smti

SIZES = (14, 50, 100, 300, 1_000)
LIST_LENGTH = 20
"""Of the lists with ties, on average, at every size from 25 up."""


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of problem at growing sizes.

    Attributes:
        title: As tables and plots show it.
        kind: The problem that contenders read (``problems.py``).
        make: The problem of a size and a seed.
        ours: What exactly rmatch is timed at.
    """

    title: str
    kind: str
    make: Callable[[int, int], Posed]
    ours: str

    @property
    def contenders(self) -> tuple[Contender, ...]:
        """Whoever takes such a problem."""
        return tuple(one for one in CONTENDERS.values() if self.kind in one.tasks)


def _mentoring(n: int, seed: int) -> Posed:
    return assignment(rmatch.score(mentoring_like(n, seed)).instance)


def _random_costs(n: int, seed: int) -> Posed:
    draw = np.random.RandomState([n, seed])
    return assignment(Instance.from_scores((draw.random_sample((n, n)) * 10_001).astype(int)))


def _marriage(n: int, seed: int) -> Posed:
    return marriage(generators.strict(n, seed))


def _ties(n: int, seed: int) -> Posed:
    return ties(smti(n, max(0.2, 1 - LIST_LENGTH / n), 0.3, seed))


def _people(n: int, seed: int) -> Posed:
    programme = mentoring_like(n, seed)
    return people(programme, rmatch.score(programme).instance)


TASKS: Mapping[str, Task] = {
    "assignment": Task(
        "Most pairs, best score: mentoring-like scores",
        "assignment",
        _mentoring,
        "levels pairs and score, from an Instance in memory, proved",
    ),
    "random_costs": Task(
        "Most pairs, best score: random scores",
        "assignment",
        _random_costs,
        "levels pairs and score, from an Instance in memory, proved",
    ),
    "marriage": Task(
        "Stable marriage, complete strict lists",
        "marriage",
        _marriage,
        "deferred_acceptance, from an Instance in memory, with its levels counted",
    ),
    "ties": Task(
        "Stable with ties, most pairs, lists of about twenty",
        "ties",
        _ties,
        "levels stability and pairs, from an Instance in memory, proved",
    ),
    "people": Task(
        "Score and match people",
        "people",
        _people,
        "rmatch.solve of a Programme in memory by best_score: scoring, rules, ranks, all levels "
        "with the tie-break",
    ),
}
"""Every task by name."""
