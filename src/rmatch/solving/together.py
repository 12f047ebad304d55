"""Several linear sums in one: what small cores settle at once instead of one after another.

A sum counts so much more than those after it that no difference of theirs outweighs it. For a
hundred pairs one proof of all takes as long as one of the first alone. Large cores are better off
with bounds of their own level by level.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.properties.stability import blocking_pairs
from rmatch.solving.matching_model import MatchingModel, most_of
from rmatch.solving.model import Goal
from rmatch.solving.state import Build, State
from rmatch.solving.steps import Make
from rmatch.solving.terms import Terms

SMALL = 260
"""Pairs of a core up to which sums are settled together."""

LARGEST = 1 << 24
"""What weights may come to: small numbers only, which the LP inside CP-SAT holds exactly as well.

Lots, of 36 bits, are never among them; sums that would be larger are settled one after another.
"""

EFFORT = 2.0
"""CP-SAT's deterministic time after which they are settled one after another all the same."""


def together(instance: Instance, sums: Sequence[Terms]) -> tuple[Terms, int]:
    """The first sums in one, and how many: as many as numbers allow."""
    total, count = sums[0], 1
    for later in sums[1:]:
        factor = spread(instance, later) + 1
        if factor * (spread(instance, total) + 1) > LARGEST:
            break
        total = Terms(
            total.pair * factor + later.pair,
            total.mentor * factor + later.mentor,
            total.mentee * factor + later.mentee,
        )
        count += 1
    return total, count


def spread(instance: Instance, terms: Terms) -> int:
    """By how much two matchings can differ in a sum, at most."""
    places = int(min(instance.mentor_capacity.sum(), instance.mentee_capacity.sum()))
    return sum(
        _most(weights, count) + _most(-weights, count)
        for weights, count in (
            (terms.pair, places),
            (terms.mentor, instance.n_mentors),
            (terms.mentee, instance.n_mentees),
        )
    )


def _most(weights: IntArray, count: int) -> int:
    """What so many of the weights come to at most."""
    return int(np.sort(weights[weights > 0])[::-1][:count].sum())


def raise_together(state: State, makes: Sequence[Make]) -> None:
    """Make a sum most, and then those after it, as many as go into one: by one proof, or not."""
    total, count = together(state.core, [state.terms(make) for make in makes])
    least = -state.worth(total)

    def build(model: MatchingModel) -> Goal:
        return most_of(model, total, most=least)

    stable = state.blocking is not None
    found, answer = state.solve(state.alive, build, stable=stable, slack=state.slack, effort=EFFORT)
    if found is not None and answer.proved:
        _take(state, found, makes[:count])


def count_together(state: State, led: Terms) -> bool:
    """Make blocking pairs fewest, and then the sums to come; whether they were settled in time.

    ``led`` leads where no sums are to come.
    """
    makes = list(state.later)
    sums = [state.terms(make) for make in makes]
    if sums and spread(state.core, sums[0]) > LARGEST:
        makes, sums = [], []
    sums.append(led if state.lead is None else state.terms(state.lead))
    total, count = together(state.core, sums)
    if not state.cannot_be_stable and _without_any(state, total, makes[:count]):
        return True
    if spread(state.core, total) > LARGEST:
        return False
    return _with_fewest(state, total, makes[:count])


def _without_any(state: State, total: Terms, makes: Sequence[Make]) -> bool:
    """Whether no pair need block: the best matching of those."""
    found = _best(state, state.alive & ~state.gone, None, lambda model: most_of(model, total))
    if found is None:
        return False
    _take(state, found, makes)
    state.blocking = 0
    return True


def _with_fewest(state: State, total: Terms, makes: Sequence[Make]) -> bool:
    factor = spread(state.core, total) + 1

    def build(model: MatchingModel) -> Goal:
        goal, blocks = most_of(model, total), model.block_variables()
        return Goal([*blocks, *goal.variables], [*([factor] * len(blocks)), *goal.weights])

    found = _best(state, state.alive, state.blockable, build)
    if found is None:
        return False
    _take(state, found, makes)
    state.blocking = len(blocking_pairs(state.core, found))
    return True


def _best(state: State, among: BoolArray, slack: BoolArray | None, build: Build) -> IntArray | None:
    """The best matching without blocking pairs but for some, if it was proved in time."""
    found, answer = state.solve(among, build, stable=True, slack=slack, effort=EFFORT)
    return found if answer.proved else None


def _take(state: State, found: IntArray, makes: Sequence[Make]) -> None:
    """Go on from a matching that is best at these sums, one after another."""
    state.best = found
    state.known = {make: state.worth(state.terms(make)) for make in makes}
