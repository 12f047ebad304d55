"""Stable matchings to start from: deferred acceptance with ties broken by score, then by lot."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from rmatch.instance import Instance, IntArray
from rmatch.solving.clock import Clock
from rmatch.solving.deferred_acceptance import deferred_acceptance
from rmatch.solving.ties import best_score_first

TRIES = 30
"""Lots drawn before asking a solver whether such a matching exists at all."""

LOTS = 200_000
"""Nor more than this over all pairs: large instances have better use for the time."""

FINE = 1 << 20
"""To what part values between 0 and 1 are told apart."""

COARSE = 4
"""With so few different weights, lots decide more than weights."""


def stable_matchings(
    instance: Instance, *, needed: Callable[[IntArray], bool], clock: Clock, lots: bool = True
) -> Iterator[IntArray]:
    """Weakly stable matchings that are ``needed``: by score from either side, else one by lot.

    Lots are drawn only while there was none, and while there is time: whether a stable matching of
    the largest size exists is often settled here, without any solver (134 of 144 published SMTI
    files).
    """
    found = False
    by_score = best_score_first(instance)
    for mentors_propose in (True, False):
        if found and clock.is_over:
            return
        matching = deferred_acceptance(instance, by_score, mentors_propose=mentors_propose)
        if needed(matching):
            found = True
            yield matching
    generator = np.random.Generator(np.random.PCG64(0))
    for attempt in range(_tries(instance)):
        if found or not lots or clock.is_over:
            return
        lot = generator.permutation(instance.n_pairs)
        matching = deferred_acceptance(instance, lot, mentors_propose=attempt % 2 == 0)
        if needed(matching):
            found = True
            yield matching


def by_weights(instance: Instance, weights: IntArray, *, clock: Clock) -> Iterator[IntArray]:
    """Weakly stable matchings with ties broken by a weight per pair, then by lot.

    Many lots are drawn only where weights say little. Where they say nothing, as in most pairs,
    those left over get a second chance.

    Args:
        instance: The instance.
        weights: (E,) more is better.
        clock: No matching is begun when the time is up.

    Raises:
        OutOfTimeError: the time is up.
    """
    generator = np.random.Generator(np.random.PCG64(0))
    different = len(np.unique(weights))
    for _ in range(_tries(instance) if different <= COARSE else 1):
        order = _order(weights, generator)
        for mentors_propose in (True, False):
            clock.check()
            if different == 1:
                from rmatch.solving.second_chance import second_chance

                yield second_chance(instance, order, mentors_propose=mentors_propose, clock=clock)
            else:
                yield deferred_acceptance(instance, order, mentors_propose=mentors_propose)


def by_solution(
    instance: Instance, values: npt.NDArray[np.float64], *, clock: Clock
) -> Iterator[IntArray]:
    """Weakly stable matchings with ties broken by a fractional one: 9 589 where lots give 8 758.

    Args:
        instance: The instance.
        values: (E,) how much of each pair an LP takes.
        clock: Only one is made when the time is up: it is much better than those before.
    """
    order = _order(np.rint(values * FINE).astype(np.int64), np.random.Generator(np.random.PCG64(0)))
    yield deferred_acceptance(instance, order, mentors_propose=True)
    if not clock.is_over:
        yield deferred_acceptance(instance, order, mentors_propose=False)


def _tries(instance: Instance) -> int:
    return max(1, min(TRIES, LOTS // max(1, instance.n_pairs)))


def _order(weights: IntArray, generator: np.random.Generator) -> IntArray:
    """(E,) each pair's place by weight, then by lot."""
    lot = generator.permutation(len(weights))
    order = np.empty_like(lot)
    order[np.lexsort((lot, -weights))] = np.arange(len(weights))
    return order
