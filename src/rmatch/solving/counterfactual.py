"""Solve again with one thing required: this pair, or that this person has a partner.

What is required is the first level, in front of all others: a sum that is made most and held like
any other, so every route of the solver knows how to keep it. It excuses no blocking pair.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rmatch.errors import TimeLimitError
from rmatch.instance import Instance, IntArray
from rmatch.properties.welfare import value_of
from rmatch.solution import Level
from rmatch.solving.clock import Clock
from rmatch.solving.objectives import REGISTRY
from rmatch.solving.search import Report, Search
from rmatch.solving.steps import Make
from rmatch.solving.terms import Terms, pair_terms


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The best matching that has what is required, next to the one that was made.

    Attributes:
        chosen: Indices of its pairs; empty where there is none.
        levels: Its levels, in order. Those up to the deciding one are proved, unless the time was
            up; later ones as far as there was time.
        decides: Position of the first level at which it differs from the made matching; ``None``
            where it differs at none.
        possible: Whether any matching has what is required and keeps what is stated; ``None``
            where the time was up before that was known.
    """

    chosen: tuple[int, ...]
    levels: tuple[Level, ...]
    decides: int | None
    possible: bool | None = True


def pair_required(pair: int) -> Make:
    """The requirement that one acceptable pair is made."""

    def make(instance: Instance, among: IntArray, seed: int) -> Terms:
        del seed
        return pair_terms(instance, (among == pair).astype(np.int64))

    return make


def mentor_required(mentor: int) -> Make:
    """The requirement that one mentor has a partner."""

    def make(instance: Instance, among: IntArray, seed: int) -> Terms:
        del seed
        terms = pair_terms(instance, np.zeros(len(among), dtype=np.int64))
        terms.mentor[mentor] = 1
        return terms

    return make


def mentee_required(mentee: int) -> Make:
    """The requirement that one mentee has a partner."""

    def make(instance: Instance, among: IntArray, seed: int) -> Terms:
        del seed
        terms = pair_terms(instance, np.zeros(len(among), dtype=np.int64))
        terms.mentee[mentee] = 1
        return terms

    return make


def counterfactual(
    instance: Instance,
    order: Sequence[str],
    made: Sequence[int],
    required: Make,
    *,
    seed: int = 0,
    time_limit: float | None = None,
    finish: float | None = None,
    cancel: threading.Event | None = None,
    progress: Report | None = None,
) -> Counterfactual:
    """Solve again with something required, and find the first level at which that differs.

    Args:
        instance: The problem.
        order: Names of the levels.
        made: The pairs of the matching that was made.
        required: See :func:`pair_required`; its sum is 1 where it is met, and 0 where not.
        seed: Of the tie-break.
        time_limit: Seconds after which it is left unsettled which level decides.
        finish: Seconds for the levels after that; ``None`` is no limit, 0 leaves them as they come.
        cancel: Set it from another thread to stop early.
        progress: Called now and then, in this thread.
    """
    clock = Clock(time_limit, cancel)
    try:
        search = Search(instance, seed, clock, progress)
    except TimeLimitError:
        return Counterfactual((), (), None, possible=None)
    possible = _require(search, required, seed)
    if not possible:
        return Counterfactual((), (), None, possible)
    levels: list[Level] = []
    decides = None
    for at, name in enumerate(order):
        level = search.optimise(REGISTRY[name])
        levels.append(level)
        if level.value != value_of(name, instance, np.asarray(made, dtype=np.int64), seed):
            decides = at
            break
    if decides is not None:
        clock.allow(finish)
        levels += [search.optimise(REGISTRY[name]) for name in order[len(levels) :]]
    return Counterfactual(
        chosen=tuple(search.matching.tolist()),
        levels=tuple(levels),
        decides=decides,
    )


def decided_by_stability(
    instance: Instance,
    order: Sequence[str],
    made: Sequence[int],
    pairs: Sequence[int],
    *,
    seed: int = 0,
    clock: Clock,
) -> Iterator[tuple[int, Counterfactual]]:
    """Those of some pairs that ``stability`` decides, with what it comes to: by a few proofs.

    As :func:`counterfactual` would find one pair at a time, in small cohorts and as far as there is
    time; nothing is said of the others.

    Args:
        instance: The problem.
        order: Names of the levels, ``stability`` among them.
        made: The pairs of the matching that was made, which is the best up to that level.
        pairs: Pairs that leave every level before it as it is.
        seed: Of the tie-break.
        clock: Looked at now and then.
    """
    at = list(order).index("stability")
    try:
        search = Search(instance, seed, clock)
    except TimeLimitError:
        return
    before = tuple(search.optimise(REGISTRY[name]) for name in order[:at])
    least = value_of("stability", instance, np.asarray(made, dtype=np.int64), seed)
    if not all(level.proved for level in before):
        return
    for pair, count, chosen in search.fewest_with_each(pairs, made):
        if count != least:
            level = Level("stability", count, count, 0.0)
            yield pair, Counterfactual(tuple(chosen.tolist()), (*before, level), at)


def _require(search: Search, required: Make, seed: int) -> bool | None:
    """Settle and hold what is required; whether it can be, if that is known."""
    instance = search.instance
    gap = search.require(required)
    terms = required(instance, np.arange(instance.n_pairs), seed)
    if terms.worth(instance, search.matching):
        return True
    return False if gap == 0 else None
