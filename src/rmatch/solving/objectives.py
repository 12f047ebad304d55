"""Every objective by name: small functions that say which sums a level settles, one after another.

An objective gets a ``Steps`` (the search) and settles sums with it: ``most`` of a linear sum,
``least`` of one that needs variables of its own, ``fewest_blocking`` pairs. Each sum that is proved
is held from then on. It returns what was proved: the bound of its value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.properties import welfare
from rmatch.solution import Value
from rmatch.solving import ranked, worst_off
from rmatch.solving.posted import Balance, Prices
from rmatch.solving.steps import Make, Steps
from rmatch.solving.terms import Terms, pair_terms

Sense = Literal["max", "min"]


@dataclass(frozen=True, slots=True)
class Objective:
    """One level: its name, whether more is better, and how it is settled.

    ``make`` gives the terms of a level that is one linear sum, ``lead`` those of a sum whose best
    matchings come near to the best of a level that is none.
    """

    name: str
    sense: Sense
    settle: Callable[[Steps], Value | None]
    make: Make | None = None
    lead: Make | None = None


def _linear(name: str, sense: Sense, make: Make) -> Objective:
    """An objective that is one linear sum, up to a constant."""

    def settle(steps: Steps) -> Value | None:
        gap = steps.most(make)
        if gap is None:
            return None
        value = steps.value(name)
        assert isinstance(value, int)  # noqa: S101 - one sum is one number
        return value + gap if sense == "max" else value - gap

    return Objective(name, sense, settle, make)


def _pairs(instance: Instance, among: IntArray, seed: int) -> Terms:
    del seed
    return pair_terms(instance, np.ones(len(among), dtype=np.int64))


def _people(instance: Instance, among: IntArray, seed: int) -> Terms:
    del seed
    terms = pair_terms(instance, np.zeros(len(among), dtype=np.int64))
    return Terms(terms.pair, np.ones_like(terms.mentor), np.ones_like(terms.mentee))


def _priority(instance: Instance, among: IntArray, seed: int) -> Terms:
    del seed
    nothing = np.zeros(len(among), dtype=np.int64)
    return Terms(nothing, instance.mentor_priority, instance.mentee_priority)


def _changes(instance: Instance, among: IntArray, seed: int) -> Terms:
    del seed
    return pair_terms(instance, instance.standing[among].astype(np.int64))


def _warnings(instance: Instance, among: IntArray, seed: int) -> Terms:
    del seed
    return pair_terms(instance, -instance.warned[among].astype(np.int64))


def _score(instance: Instance, among: IntArray, seed: int) -> Terms:
    del seed
    return pair_terms(instance, instance.score[among])


def _tie_break(instance: Instance, among: IntArray, seed: int) -> Terms:
    return pair_terms(instance, welfare.tie_break_weights(instance, seed, among))


def _stability(steps: Steps) -> Value | None:
    return steps.fewest_blocking()


def _prices(steps: Steps) -> Value | None:
    return steps.least(Prices())


def _balanced(steps: Steps) -> Value | None:
    return steps.least(Balance(difference=False))


def _side_equal(steps: Steps) -> Value | None:
    return steps.least(Balance(difference=True))


REGISTRY: dict[str, Objective] = {
    objective.name: objective
    for objective in (
        _linear("pairs", "max", _pairs),
        _linear("people", "max", _people),
        _linear("priority", "max", _priority),
        _linear("changes", "min", _changes),
        Objective("stability", "min", _stability),
        Objective("prices", "min", _prices),
        _linear("warnings", "min", _warnings),
        _linear("score", "max", _score),
        Objective("leximin", "max", worst_off.leximin, lead=worst_off.lead),
        Objective("rank_maximal", "max", ranked.rank_maximal),
        Objective("generous", "min", ranked.generous),
        _linear("egalitarian", "min", ranked.egalitarian),
        Objective("min_regret", "min", ranked.min_regret),
        Objective("balanced", "min", _balanced),
        Objective("side_equal", "min", _side_equal),
        _linear("tie_break", "max", _tie_break),
    )
}
"""Every objective by name."""

STRATEGIES: dict[str, tuple[str, ...]] = {
    "stable": ("pairs", "people", "priority", "stability", "warnings", "score", "tie_break"),
    "best_score": ("pairs", "people", "priority", "score", "tie_break"),
    "leximin": ("pairs", "people", "priority", "stability", "leximin", "score", "tie_break"),
}
"""Strategies that are an order of objectives."""
