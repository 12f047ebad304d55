"""What the counted work is held of: a name, and a function that makes something to do and count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

import cohorts
import national
import rmatch
from rmatch import Instance, Programme
from rmatch.generating import CohortShape, generate, smti
from rmatch.instance import IntArray
from rmatch.solving import solve
from rmatch.solving.deferred_acceptance import deferred_acceptance
from rmatch.work import counting

Job = Callable[[], object]


@dataclass(frozen=True)
class Case:
    """Some work.

    Attributes:
        prepare: Makes what is to be done, uncounted.
        is_exact: Whether all of it is done in integers. Where a linear program leads, its floating
            point may end at another of several solutions on another processor or with another
            version of OR-Tools, and what comes after it is then a little more or less.
    """

    prepare: Callable[[], Job]
    is_exact: bool = True

    def work(self) -> Counter[str]:
        """What it takes, by kind; the same each time."""
        job = self.prepare()
        with counting() as work:
            job()
        return work


def table_of(n: int) -> IntArray:
    """Scores as people's come: half of each is how sought-after the column is."""
    draw = np.random.default_rng(n)
    wanted = draw.integers(0, 5_001, n)
    table: IntArray = draw.integers(0, 5_001, (n, n)) + wanted
    return table


def dense_instance(n: int) -> Instance:
    """A place each, everybody acceptable, ranked by score."""
    return Instance.from_scores(table_of(n))


def sparse_instance(n: int, kind: str = "sought") -> Instance:
    """Lists of fifty, many of which compete for the same few."""
    return national.instance_of(national.arcs_of(f"{n}:{n}:{kind}", 0))


def strict_instance(n: int) -> Instance:
    """Complete strict lists, with scores of their own."""
    draw = np.random.default_rng(n)
    mentor, mentee = np.divmod(np.arange(n * n), n)
    return Instance.from_pairs(
        mentor,
        mentee,
        np.argsort(draw.random((n, n)), axis=1).ravel(),
        np.argsort(draw.random((n, n)), axis=0).ravel(),
        score=draw.integers(0, 10_001, n * n),
        mentor_capacity=np.ones(n, dtype=np.int64),
        mentee_capacity=np.ones(n, dtype=np.int64),
    )


@cache
def programme_of(n: int) -> Programme:
    """People of several regions, with everything that they usually say."""
    return generate(CohortShape(mentors=n, mentees=n, deaneries=10, employers=20), 0)


def assigning(n: int) -> Job:
    return partial(rmatch.assign, table_of(n))


def _levels(instance: Callable[[int], Instance], n: int, *levels: str) -> Job:
    return partial(solve, instance(n), levels)


def best_score(instance: Callable[[int], Instance], n: int) -> Job:
    return _levels(instance, n, "pairs", "score")


def default_levels(n: int) -> Job:
    return partial(solve, rmatch.score(cohorts.mentoring_like(n, 0)).instance)


def proposing(instance: Callable[[int], Instance], n: int) -> Job:
    made = instance(n)
    return partial(deferred_acceptance, made, np.arange(made.n_pairs), mentors_propose=True)


def scoring(n: int, candidates: int | None = None) -> Job:
    people = programme_of(n)
    return partial(rmatch.score, people, candidates=candidates)


def _most_stable_pairs(n: int) -> Job:
    return partial(solve, smti(n, 0.9, 0.5, seed=0), ("stability", "pairs"))


def _why_nots(n: int) -> Job:
    matching = rmatch.solve(cohorts.mentoring_like(n, 0))
    people = matching.programme

    def ask() -> None:
        for mentee in people.mentees[:5]:
            matching.why_not(people.mentors[0].id, mentee.id)

    return ask


def _forcing(n: int) -> Job:
    matching = rmatch.solve(cohorts.mentoring_like(n, 0), objectives=("pairs", "score"))
    return matching.forcing_cost


CASES: Mapping[str, Case] = {
    "assign, dense 300": Case(partial(assigning, 300)),
    "assign, dense 1000": Case(partial(assigning, 1_000)),
    "pairs and score, dense 300": Case(partial(best_score, dense_instance, 300)),
    "pairs and score, lists of 50, 3000": Case(partial(best_score, sparse_instance, 3_000)),
    "default levels, 14": Case(partial(default_levels, 14), is_exact=False),
    "default levels, 30": Case(partial(default_levels, 30), is_exact=False),
    "default levels, 60": Case(partial(default_levels, 60), is_exact=False),
    "default levels, 100": Case(partial(default_levels, 100), is_exact=False),
    "most stable pairs, ties, 100": Case(partial(_most_stable_pairs, 100), is_exact=False),
    "strict stable score, 300": Case(partial(_levels, strict_instance, 300, "stability", "score")),
    "deferred acceptance, dense 300": Case(partial(proposing, dense_instance, 300)),
    "deferred acceptance, lists of 50, 3000": Case(partial(proposing, sparse_instance, 3_000)),
    "score, dense 300": Case(partial(scoring, 300)),
    "score, 20 candidates, 1000": Case(partial(scoring, 1_000, 20)),
    "why not, 14": Case(partial(_why_nots, 14), is_exact=False),
    "every forcing, 100": Case(partial(_forcing, 100)),
}
"""Each takes a second or less."""
