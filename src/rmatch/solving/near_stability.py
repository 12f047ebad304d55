"""Matchings that keep what is held with few blocking pairs, where an instance is too large to ask.

Where no matching of the largest size is stable, fewest blocking pairs are NP-hard to find, or to
come near to (Biró, Manlove and Mittal, 2010). But a stable matching is nearly as large: what is
left over is added by a flow over pairs that would block with few, and whatever it changes it pays
for.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.properties.stability import would_take
from rmatch.solving import flow
from rmatch.solving.deferred_acceptance import deferred_acceptance
from rmatch.solving.state import State
from rmatch.solving.terms import different, pair_terms
from rmatch.solving.ties import best_first_of

TURNS, PASSES = 3, 2
"""From how many stable matchings, and flows from each: the second counts anew from the first."""

LATE = 1.3
"""A flow may take so much longer than those before it."""

BLOCKS, CHANGES = 4, 1
"""What a pair costs the flow for each that would block with it, and for being a new one.

Two people who both change may block with each other, which no sum over pairs can tell.
"""

NEAR = 12
"""Pairs a person that the flow may choose from, besides those held."""


def near_stable(state: State, stable: IntArray, turns: int) -> Iterator[IntArray]:
    """Matchings that keep what is held, each found from a stable one; few pairs block them.

    A flow's matching leads the next deferred acceptance, which has more pairs for it wherever there
    are ties, and the other way round. No flow is begun that would not end in time.
    """
    longest = 0.0
    for turn in range(turns):
        found = stable
        for _ in range(PASSES):
            if not state.clock.has(LATE * longest):
                return
            started = time.perf_counter()
            found = _nearest(state, found)
            longest = max(longest, time.perf_counter() - started)
            yield found
        if turn + 1 == turns or not state.clock.has(LATE * longest):
            return
        order = best_first_of(state.core, found)
        stable = deferred_acceptance(state.core, order, mentors_propose=turn % 2 == 0)


def _nearest(state: State, matching: IntArray) -> IntArray:
    """A matching that keeps the sums held and blocks little, as seen from another one."""
    core = state.core
    cost = BLOCKS * would_block(core, matching) + CHANGES
    cost[matching] -= CHANGES
    among = _cheapest(cost, state.alive, NEAR * max(core.n_mentors, core.n_mentees))
    among[matching] = among[state.best] = True
    part = core.only(among)
    network = flow.network_of(part)
    sums = [held.terms.only(among) for held in state.sums]
    for terms in different(sums, part):
        flow.optimise(network, terms)
    flow.optimise(network, pair_terms(part, -cost[among]))
    return np.flatnonzero(among)[network.chosen]


def _cheapest(cost: IntArray, among: BoolArray, size: int) -> BoolArray:
    """(E,) the pairs of some that cost least; about ``size``, all that cost the same alike."""
    costs = cost[among]
    if len(costs) <= size:
        return among.copy()
    cheap: BoolArray = among & (cost <= np.partition(costs, size)[size])
    return cheap


def would_block(instance: Instance, matching: IntArray) -> IntArray:
    """(E,) with how many others each pair's two people would block if they had only each other.

    As long as everybody else has whom they have in ``matching``: a sum over the pairs of another
    one counts its blocking pairs, but for those between two people who both changed.
    """
    mentor_wants, mentee_wants = would_take(instance, matching)
    return _better(
        instance.mentor_start, instance.mentor, instance.mentor_rank, mentee_wants
    ) + _better(instance.mentee_start, instance.mentee, instance.mentee_rank, mentor_wants)


def _better(start: IntArray, owner: IntArray, rank: IntArray, wants: BoolArray) -> IntArray:
    """(E,) how many that want the owner, the owner ranks above each pair."""
    place = start[owner] + rank - 1
    counts = np.bincount(place[wants], minlength=len(place))
    above = np.concatenate([[0], np.cumsum(counts)])
    better: IntArray = above[place] - above[start[owner]]
    return better
