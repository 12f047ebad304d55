"""Metrics of what the pairs score, together, on each side, and for whoever has least."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rmatch.comparing.people import Side, sides
from rmatch.comparing.records import Outcome


def total_score(outcome: Outcome) -> int:
    """The scores of all pairs together."""
    return int(outcome.instance.score[outcome.chosen].sum())


def mentor_total(outcome: Outcome) -> int:
    """The pairs' scores on the mentors' side together."""
    return int(outcome.instance.mentor_score[outcome.chosen].sum())


def mentee_total(outcome: Outcome) -> int:
    """The pairs' scores on the mentees' side together."""
    return int(outcome.instance.mentee_score[outcome.chosen].sum())


def mentor_score(outcome: Outcome) -> float | None:
    """The mean of the pairs' scores on the mentors' side."""
    return mentor_total(outcome) / len(outcome.chosen) if len(outcome.chosen) else None


def mentee_score(outcome: Outcome) -> float | None:
    """The mean of the pairs' scores on the mentees' side."""
    return mentee_total(outcome) / len(outcome.chosen) if len(outcome.chosen) else None


def worst_off(outcome: Outcome) -> int | None:
    """What the worst-off person with a partner has: their worst partner's score on their side."""
    if not len(outcome.chosen):
        return None
    return min(int(side.score[side.made].min()) for side in sides(outcome))


def gini(outcome: Outcome) -> float | None:
    """How unequally scores are spread: Gini's coefficient over the people who have a place.

    Everybody has the mean of their partners' scores on their own side, and 0 without a partner. The
    coefficient is half the mean absolute difference between any two of them, each with themselves
    too, divided by their mean (Gini, *Variabilità e mutabilità*, 1912): 0 where all have the same,
    and near 1 where one has everything.
    """
    got = np.sort(np.concatenate([_got(side) for side in sides(outcome)]))
    total = float(got.sum())
    if total == 0:
        return None
    turn = np.arange(1, len(got) + 1)
    # Σᵢ Σⱼ |xᵢ − xⱼ| = 2 Σᵢ (2 i − n − 1) xᵢ over ascending x, so that no pairs need be listed.
    return float(((2 * turn - len(got) - 1) * got).sum()) / (len(got) * total)


def _got(side: Side) -> npt.NDArray[np.float64]:
    """What everybody who has a place gets: the mean of their partners' scores on their side."""
    owner = side.owner[side.made]
    sums = np.bincount(owner, weights=side.score[side.made], minlength=len(side.capacity))
    got: npt.NDArray[np.float64] = (sums / np.maximum(1, side.load))[side.has_place]
    return got


def loss(outcome: Outcome) -> float | None:
    """The share of the greatest total score of any legal matching that this one lacks.

    Of any, however few pairs it has, so that a pair more never costs anything.
    """
    best = outcome.best_score
    return 1 - total_score(outcome) / best if best else None
