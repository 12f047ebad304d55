"""Leximin: raise the worst-off, lessen the number of people there, hold that, and go on."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.solution import Value
from rmatch.solving.posted import WorstOff
from rmatch.solving.rising import Rise
from rmatch.solving.steps import Steps
from rmatch.solving.terms import Terms, pair_terms

SMALL = 260
"""Pairs up to which it is asked where the vector can rise, instead of score after score."""


STEPS, POWER = 24, 4
"""How finely scores are told apart where a sum is to lead near the best vector, and how steeply."""


def leximin(steps: Steps) -> Value | None:
    """The greatest ascending vector of what everybody's worst partner scores on their side.

    (Ogryczak, 1997, for the counting form.) The vector is greater exactly where, at the least score
    at which two differ, fewer people are at it or below. So the people at or below the worst score
    of the best matching so far are made fewest: where some cannot be helped, that is held.
    """
    if steps.instance.n_pairs <= SMALL:
        return _by_rises(steps)
    people = steps.instance.n_mentors + steps.instance.n_mentees
    settled: list[int] = []
    while len(settled) < people:
        worst = _vector(steps)[len(settled)]
        if worst >= 0:  # nobody else is below the best so far: that must stay so
            _fewest(steps, worst - 1, len(settled))
        gap = _fewest(steps, worst, len(settled))
        if gap is None:
            return tuple(settled) or None
        left = sum(1 for score in _vector(steps) if score <= worst)
        if gap:
            at_least = [worst] * (left - gap - len(settled))
            return (*settled, *at_least, _best_score(steps.instance))
        settled.extend([worst] * (left - len(settled)))
    return tuple(settled)


def _by_rises(steps: Steps) -> Value | None:
    """Ask at which score it can first rise, until it can at none."""
    settled = 0
    while True:
        rise = Rise(_vector(steps), settled, tuple(steps.matching.tolist()))
        bound = steps.least(rise, hold=False)
        if bound is None:
            return None
        now, count = rise.cost(steps.instance, steps.matching), len(rise.scores)
        if bound < min(now, count):  # the time is up
            sure = bisect_left(rise.vector, rise.scores[bound])
            return (*rise.vector[:sure], _best_score(steps.instance))
        if now >= count:
            steps.least(Rise(rise.vector, count))
            if bound > count:  # or the time was up before it was known whether it is the only one
                steps.settle()
            return rise.vector
        settled = now


def lead(instance: Instance, among: IntArray, seed: int) -> Terms:
    """The less somebody's partner scores the more it counts, by a high power."""
    del seed
    best = _best_score(instance)
    points = np.stack([instance.mentor_score[among], instance.mentee_score[among]])
    steps = (best - points) * STEPS // max(1, best - int(points.min(initial=best)))
    return pair_terms(instance, -(steps**POWER).sum(axis=0))


def _vector(steps: Steps) -> tuple[int, ...]:
    value = steps.value("leximin")
    assert isinstance(value, tuple)  # noqa: S101 - it is a vector by definition
    return value


def _best_score(instance: Instance) -> int:
    return int(max(instance.mentor_score.max(initial=0), instance.mentee_score.max(initial=0)))


def _fewest(steps: Steps, score: int, settled: int) -> int | None:
    """Make people at ``score`` or below fewest, and hold that; by how many it may be short."""
    now = sum(1 for other in _vector(steps) if other <= score)
    instance = steps.instance
    if max(instance.mentor_capacity.max(initial=0), instance.mentee_capacity.max(initial=0)) <= 1:
        make = partial(_well_off, score=score)
        return steps.most(make, room=now - settled)
    bound = steps.least(WorstOff(score), floor=settled)
    if bound is None:
        return None
    return sum(1 for other in _vector(steps) if other <= score) - bound


def _well_off(instance: Instance, among: IntArray, seed: int, *, score: int) -> Terms:
    """With one place each: how many of the two a pair puts above ``score``."""
    del seed
    above = (instance.mentor_score[among] > score).astype(np.int64)
    return pair_terms(instance, above + (instance.mentee_score[among] > score))
