"""From one stable matching to a better one, by flows over pairs that nobody can regret.

Give everybody a threshold, a rank such that of no acceptable pair both people are above theirs:
each would have to like the other better than the threshold. A matching in which nobody is below
the threshold, and nobody without a partner but who may be (no threshold), is weakly stable: of a
pair that blocks it both people would be above. The ranks that a stable matching gives are such
thresholds. They can be lowered, one person's at a time, as long as that stays so; then the best
matching over what they allow is a flow, and is at least as good as the one they were made from.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.solving import flow
from rmatch.solving.clock import Clock
from rmatch.solving.terms import Terms, different

IDLE = 4
"""Moves without a gain before it is left at that."""

LATE = 1.3
"""A move may take so much longer than those before it."""


def can_move(instance: Instance) -> bool:
    """Whether everybody with an acceptable pair has one place, and who blocks prefers strictly."""
    return (
        instance.stability == "weak"
        and bool(np.all(instance.mentor_capacity[instance.mentor] == 1))
        and bool(np.all(instance.mentee_capacity[instance.mentee] == 1))
    )


def threshold_moves(
    instance: Instance, matching: IntArray, sums: Sequence[Terms], clock: Clock
) -> Iterator[IntArray]:
    """Weakly stable matchings, each better than the one before.

    Args:
        instance: One for which ``can_move``.
        matching: Indices of a weakly stable matching's pairs.
        sums: What makes a matching better, the most important first.
        clock: No move is begun that would not end in time, as far as those before tell.
    """
    generator = np.random.Generator(np.random.PCG64(0))
    sums = list(different(sums, instance))
    worth = [terms.worth(instance, matching) for terms in sums]
    idle = turn = 0
    longest = 0.0
    while sums and idle < IDLE and clock.has(LATE * longest):
        started = time.perf_counter()
        matching = _best_within(instance, _thresholds(instance, matching, turn, generator), sums)
        now = [terms.worth(instance, matching) for terms in sums]
        idle, turn = 0 if now > worth else idle + 1, turn + 1
        longest = max(longest, time.perf_counter() - started)
        if now > worth:
            worth = now
            yield matching


Thresholds = tuple[IntArray, IntArray]
"""(n,), (m,): the worst rank that each mentor, and each mentee, may get; the last + 1: none."""


def _thresholds(
    instance: Instance, matching: IntArray, turn: int, generator: np.random.Generator
) -> Thresholds:
    """Those of a matching, lowered as far as they go: one side first, or some of one side."""
    mentor = _of(instance.mentor, instance.mentor_rank, matching, instance.n_mentors)
    mentee = _of(instance.mentee, instance.mentee_rank, matching, instance.n_mentees)
    share = (1.0, 0.0)[turn] if turn < 2 else generator.random()
    first = generator.random(instance.n_mentors) < share
    mentor = np.where(first, _lowest_mentors(instance, mentee), mentor)
    mentee = _lowest_mentees(instance, mentor)
    return _lowest_mentors(instance, mentee), mentee


def _of(owner: IntArray, rank: IntArray, matching: IntArray, count: int) -> IntArray:
    thresholds = np.full(count, _none(rank), dtype=np.int64)
    thresholds[owner[matching]] = rank[matching]
    return thresholds


def _lowest_mentors(instance: Instance, mentee: IntArray) -> IntArray:
    """(n,) the lowest thresholds of the mentors that go with those of the mentees."""
    above = instance.mentee_rank < mentee[instance.mentee]
    return _first(instance.mentor, instance.mentor_rank, above, instance.n_mentors)


def _lowest_mentees(instance: Instance, mentor: IntArray) -> IntArray:
    above = instance.mentor_rank < mentor[instance.mentor]
    return _first(instance.mentee, instance.mentee_rank, above, instance.n_mentees)


def _first(owner: IntArray, rank: IntArray, above: BoolArray, count: int) -> IntArray:
    """(count,) the best rank of an owner among some pairs."""
    thresholds = np.full(count, _none(rank), dtype=np.int64)
    np.minimum.at(thresholds, owner[above], rank[above])
    return thresholds


def _none(rank: IntArray) -> int:
    return int(rank.max(initial=0)) + 1


def _best_within(instance: Instance, thresholds: Thresholds, sums: Sequence[Terms]) -> IntArray:
    """The best matching in which nobody is below the threshold."""
    mentor, mentee = thresholds
    among = (instance.mentor_rank <= mentor[instance.mentor]) & (
        instance.mentee_rank <= mentee[instance.mentee]
    )
    part = instance.only(among)
    must = Terms(
        np.zeros(part.n_pairs, dtype=np.int64),
        (mentor < _none(instance.mentor_rank)).astype(np.int64),
        (mentee < _none(instance.mentee_rank)).astype(np.int64),
    )
    network = flow.network_of(part)
    for terms in (must, *(terms.only(among) for terms in sums)):
        flow.optimise(network, terms)
    return np.flatnonzero(among)[network.chosen]
