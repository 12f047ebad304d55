"""What the benchmark of scale runs: each task makes its input, and does one thing with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

import rmatch
from national import LEVELS, arcs_of, instance_of
from rmatch import Instance
from rmatch.generating import CohortShape, generate
from rmatch.instance import IntArray
from rmatch.solving import solve
from rmatch.solving.deferred_acceptance import deferred_acceptance
from rmatch.solving.ties import best_score_first

LIMIT = 30.0
"""Seconds for the default levels."""

CANDIDATES = 50


@dataclass(frozen=True)
class Task:
    """One thing that is done.

    Attributes:
        title: What, for a table.
        prepare: From people a side, what is handed over.
        run: What is timed, counted and measured.
        read: From what came out, how many pairs were looked at and what is to be said.
        most: The most people a side that it is asked for.
    """

    title: str
    prepare: Callable[[int], Any]
    run: Callable[[Any], Any]
    read: Callable[[Any, Any], tuple[int, str]]
    most: int = 100_000


def _programme(n: int) -> rmatch.Programme:
    return generate(CohortShape(mentors=n, mentees=n, deaneries=10, employers=20), 0)


def _table(n: int) -> IntArray:
    """Half of a score is how sought-after the column is."""
    draw = np.random.default_rng(n)
    wanted = draw.integers(0, 5_001, n, dtype=np.int32)
    table: IntArray = draw.integers(0, 5_001, (n, n), dtype=np.int32)
    table += wanted
    return table


def _sparse(n: int) -> Instance:
    return instance_of(arcs_of(f"{n}:{n}:sought", 0))


def _deferred(instance: Instance) -> IntArray:
    return deferred_acceptance(instance, best_score_first(instance), mentors_propose=True)


def _levels_of(instance: Instance, solution: rmatch.Solution) -> tuple[int, str]:
    """What was proved, and by how much the first level that was not may be better."""
    for level in solution.levels:
        if level.proved:
            continue
        value, bound = level.value, level.bound
        if isinstance(value, int) and isinstance(bound, int):
            return instance.n_pairs, f"{level.name} {value}, bound {bound}"
        return instance.n_pairs, f"{level.name} open"
    return instance.n_pairs, "optimal"


TASKS: Mapping[str, Task] = {
    "score": Task(
        "score every pair",
        _programme,
        partial(rmatch.score, candidates="all"),
        lambda _, scores: (scores.points.size, ""),
        most=3_000,
    ),
    "candidates": Task(
        f"score {CANDIDATES} candidates each",
        _programme,
        partial(rmatch.score, candidates=CANDIDATES),
        lambda _, scores: (len(scores.rows), ""),
    ),
    "instance": Task(
        "make the instance, lists of 50",
        lambda n: arcs_of(f"{n}:{n}:sought", 0),
        instance_of,
        lambda _, instance: (instance.n_pairs, ""),
    ),
    "assign": Task(
        "assign a dense table",
        _table,
        rmatch.assign,
        lambda table, best: (table.size, f"{len(best.pairs)} pairs"),
        most=10_000,
    ),
    "best_score": Task(
        "pairs, then score, lists of 50",
        _sparse,
        partial(solve, objectives=LEVELS),
        _levels_of,
    ),
    "stable": Task(
        f"default levels, lists of 50, at most {LIMIT:g} s",
        _sparse,
        partial(solve, time_limit=LIMIT),
        _levels_of,
    ),
    "deferred": Task(
        "deferred acceptance, lists of 50",
        _sparse,
        _deferred,
        lambda instance, pairs: (instance.n_pairs, f"{len(pairs)} pairs"),
    ),
}
"""In the order of the tables."""
