"""Objectives as small registered functions: what each level adds up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.properties import welfare

Sense = Literal["max", "min"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a linear level adds up, always to be made *most*.

    pair: (E,) weight of each pair; mentor, mentee: (n,), (m,) weight of each person with a partner.
    """

    pair: IntArray
    mentor: IntArray
    mentee: IntArray

    def worth(self, instance: Instance, chosen: IntArray) -> int:
        """The sum at a matching."""
        mentors = np.unique(instance.mentor[chosen])
        mentees = np.unique(instance.mentee[chosen])
        return int(
            self.pair[chosen].sum() + self.mentor[mentors].sum() + self.mentee[mentees].sum()
        )

    def as_pairs(self, instance: Instance) -> IntArray | None:
        """(E,) the same sum over pairs alone; ``None`` where people with several places count."""
        several_mentor = self.mentor[instance.mentor_capacity > 1].any()
        several_mentee = self.mentee[instance.mentee_capacity > 1].any()
        if several_mentor or several_mentee:
            return None
        return self.pair + self.mentor[instance.mentor] + self.mentee[instance.mentee]


@dataclass(frozen=True, slots=True)
class Objective:
    """One level: its name, whether more is better, its terms (``None``: blocking pairs)."""

    name: str
    sense: Sense
    terms: Callable[[Instance, int], Terms] | None

    def signed(self, value: int) -> int:
        """The value as something to be made most."""
        return value if self.sense == "max" else -value


def _pair_terms(instance: Instance, pair: IntArray) -> Terms:
    return Terms(
        pair=pair.astype(np.int64),
        mentor=np.zeros(instance.n_mentors, dtype=np.int64),
        mentee=np.zeros(instance.n_mentees, dtype=np.int64),
    )


def _pairs(instance: Instance, seed: int) -> Terms:
    del seed
    return _pair_terms(instance, np.ones(instance.n_pairs, dtype=np.int64))


def _people(instance: Instance, seed: int) -> Terms:
    del seed
    terms = _pair_terms(instance, np.zeros(instance.n_pairs, dtype=np.int64))
    return Terms(terms.pair, np.ones_like(terms.mentor), np.ones_like(terms.mentee))


def _priority(instance: Instance, seed: int) -> Terms:
    del seed
    terms = _pair_terms(instance, np.zeros(instance.n_pairs, dtype=np.int64))
    return Terms(terms.pair, instance.mentor_priority, instance.mentee_priority)


def _warnings(instance: Instance, seed: int) -> Terms:
    del seed
    return _pair_terms(instance, -instance.warned.astype(np.int64))


def _score(instance: Instance, seed: int) -> Terms:
    del seed
    return _pair_terms(instance, instance.score)


def _tie_break(instance: Instance, seed: int) -> Terms:
    everything = np.arange(instance.n_pairs)
    return _pair_terms(instance, welfare.tie_break_weights(instance, seed, everything))


REGISTRY: dict[str, Objective] = {
    objective.name: objective
    for objective in (
        Objective("pairs", "max", _pairs),
        Objective("people", "max", _people),
        Objective("priority", "max", _priority),
        Objective("stability", "min", None),
        Objective("warnings", "min", _warnings),
        Objective("score", "max", _score),
        Objective("tie_break", "max", _tie_break),
    )
}
"""Every objective by name."""

STRATEGIES: dict[str, tuple[str, ...]] = {
    "stable": ("pairs", "people", "priority", "stability", "warnings", "score", "tie_break"),
    "best_score": ("pairs", "people", "priority", "score", "tie_break"),
}
"""Strategies that are an order of objectives."""
