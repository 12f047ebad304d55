"""Stable matchings to start from: deferred acceptance with ties broken by score, then by lot."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.solving.clock import Clock
from rmatch.solving.deferred_acceptance import deferred_acceptance

TRIES = 30
"""Lots drawn before asking a solver whether such a matching exists at all."""

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
    by_score = np.argsort(np.argsort(-instance.score, kind="stable"), kind="stable")
    for mentors_propose in (True, False):
        matching = deferred_acceptance(instance, by_score, mentors_propose=mentors_propose)
        if needed(matching):
            found = True
            yield matching
    generator = np.random.Generator(np.random.PCG64(0))
    for attempt in range(TRIES):
        if found or not lots or clock.is_over:
            return
        lot = generator.permutation(instance.n_pairs)
        matching = deferred_acceptance(instance, lot, mentors_propose=attempt % 2 == 0)
        if needed(matching):
            found = True
            yield matching


def by_weights(instance: Instance, weights: IntArray, *, clock: Clock) -> Iterator[IntArray]:
    """Weakly stable matchings with ties broken by a weight per pair, then by lot.

    Many lots are drawn only where weights say little, as in most pairs.

    Args:
        instance: The instance.
        weights: (E,) more is better.
        clock: No matching is begun when the time is up.
    """
    generator = np.random.Generator(np.random.PCG64(0))
    tries = TRIES if len(np.unique(weights)) <= COARSE else 1
    for _ in range(tries):
        lot = generator.permutation(instance.n_pairs)
        order = np.empty_like(lot)
        order[np.lexsort((lot, -weights))] = np.arange(instance.n_pairs)
        for mentors_propose in (True, False):
            if clock.is_over:
                return
            yield deferred_acceptance(instance, order, mentors_propose=mentors_propose)
