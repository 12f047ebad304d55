"""Deferred acceptance as a strategy, either side proposing."""

from __future__ import annotations

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.solving.algorithms.lots import pair_lots
from rmatch.solving.clock import Clock
from rmatch.solving.deferred_acceptance import deferred_acceptance
from rmatch.solving.ties import best_score_first, equal_to_another


def mentors_propose(instance: Instance, seed: int, clock: Clock) -> IntArray:
    """Gale–Shapley with the mentors proposing; ties broken by score, then by lot.

    Weakly stable, and among the matchings stable under the ties so broken the best for every
    mentor (Gale and Shapley, 1962; with several places on both sides Roth and Sotomayor, *Two-Sided
    Matching*, 1990, ch. 5 and 6).
    """
    return _by(instance, seed, clock, mentors=True)


def mentees_propose(instance: Instance, seed: int, clock: Clock) -> IntArray:
    """The same with the mentees proposing: the best such matching for every mentee."""
    return _by(instance, seed, clock, mentors=False)


def _by(instance: Instance, seed: int, clock: Clock, *, mentors: bool) -> IntArray:
    if clock.is_over:  # broken off half-way it would be worth nothing
        return np.zeros(0, dtype=np.int64)
    lots = pair_lots(instance, seed, "deferred_acceptance", equal_to_another(instance))
    return deferred_acceptance(instance, best_score_first(instance, lots), mentors_propose=mentors)
