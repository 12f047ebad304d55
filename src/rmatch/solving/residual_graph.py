"""What can be changed about an optimal matching, and what each change costs at every level.

The best matching with a pair differs from the best matching by one cycle of the residual graph
through that pair: the pair itself, and the shortest way back from its mentee to its mentor (Ahuja,
Magnanti and Orlin, *Network Flows*, 1993, ch. 3 and 9). Costs are vectors, one entry a level, added
and compared from the left; such vectors are an ordered group, all that shortest paths need.

Source and sink are one node, "a place that is free", for the arc from sink to source costs nothing.
Sides can be changed over: that turns every arc round, and no cycle costs anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.properties.feasibility import loads
from rmatch.solving.clock import Clock
from rmatch.solving.objectives import REGISTRY
from rmatch.solving.state import State
from rmatch.solving.steps import Make
from rmatch.solving.words import Packing, packing


class NegativeCycleError(Exception):
    """A way round costs less than nothing: what the graph was made from was no optimum."""


def linear_prefix(instance: Instance, order: Sequence[str]) -> tuple[str, ...]:
    """The first levels of an order that are linear sums over a flow; none with hard quotas."""
    if any(quota.price is None for quota in instance.quotas):
        return ()
    makes = [REGISTRY[name].make for name in order]
    return tuple(order[: makes.index(None) if None in makes else len(makes)])


@dataclass(frozen=True, slots=True)
class Side:
    """One side's arcs to and from the node of free places: a place more, a place less.

    ``more`` and ``less``: (words, people). The first place taken, or the last given up, is what
    the levels that count people charge for; no level charges anybody for being matched.
    """

    has_room: BoolArray
    has_partner: BoolArray
    more: IntArray
    less: IntArray

    @classmethod
    def of(cls, person: IntArray, load: IntArray, places: IntArray) -> Side:
        """From what each person's first place costs."""
        return cls(
            has_room=load < places,
            has_partner=load > 0,
            more=np.where(load == 0, person, 0),
            less=np.where(load == 1, -person, 0),
        )


@dataclass(frozen=True, slots=True)
class ResidualGraph:
    """The residual graph of a matching, over what is left to decide (the core).

    Attributes:
        own: (E,) of each pair, the person on the side that is looked at.
        other: (E,) the other person.
        best: Which pairs are made.
        pair: (words, E) what each pair costs.
        own_side: Arcs to and from free places.
        other_side: Likewise.
        packing: How levels are packed into words.
        pairs: (E,) which of the instance's pairs the core's are.
    """

    own: IntArray
    other: IntArray
    best: IntArray
    pair: IntArray
    own_side: Side
    other_side: Side
    packing: Packing
    pairs: IntArray

    def flipped(self) -> ResidualGraph:
        """With the sides changed over."""
        return ResidualGraph(
            own=self.other,
            other=self.own,
            best=self.best,
            pair=self.pair,
            own_side=self.other_side,
            other_side=self.own_side,
            packing=self.packing,
            pairs=self.pairs,
        )

    @property
    def n_own(self) -> int:
        """How many people are on the side that is looked at."""
        return len(self.own_side.has_room)

    @property
    def n_other(self) -> int:
        """How many are on the other."""
        return len(self.other_side.has_room)


def residual_graph(
    instance: Instance, chosen: Sequence[int], order: Sequence[str], clock: Clock
) -> ResidualGraph:
    """The graph, mentors on the side that is looked at.

    Args:
        instance: The problem, without hard quotas.
        chosen: The pairs of a matching that is best at these levels, those that must be made too.
        order: At least one level, linear sums all, without the tie-break.
        clock: For what it takes.

    Raises:
        OverflowError: sums too large for 64 bits.
        ValueError: a level that is no linear sum, no level, a tie-break, or hard quotas.
    """
    makes = [make for name in linear_prefix(instance, order) if (make := REGISTRY[name].make)]
    if len(makes) < len(order) or not order or "tie_break" in order:
        raise ValueError("one pass does for linear levels without hard quotas or a tie-break only")
    state = State(instance, 0, clock)
    state.take_whole(np.asarray(chosen, dtype=np.int64))
    core, best = state.core, state.best
    costs = _Costs.of(state, makes)
    load, other_load = loads(core, best)
    fewer = min(np.count_nonzero(load), np.count_nonzero(other_load))
    packed = costs.packing(int(fewer) + 1)
    return ResidualGraph(
        own=core.mentor,
        other=core.mentee,
        best=best,
        pair=packed.pack(costs.pair),
        own_side=Side.of(packed.pack(costs.mentor), load, core.mentor_capacity),
        other_side=Side.of(packed.pack(costs.mentee), other_load, core.mentee_capacity),
        packing=packed,
        pairs=state.pairs,
    )


@dataclass(frozen=True, slots=True)
class _Costs:
    """What each level charges, to be made least: (levels, E), (levels, n), (levels, m)."""

    pair: IntArray
    mentor: IntArray
    mentee: IntArray

    @classmethod
    def of(cls, state: State, makes: Sequence[Make]) -> _Costs:
        terms = [state.terms(make) for make in makes]
        return cls(
            -np.stack([one.pair for one in terms]),
            -np.stack([one.mentor for one in terms]),
            -np.stack([one.mentee for one in terms]),
        )

    def packing(self, people: int) -> Packing:
        """Words in which every way fits, twice over and closed to a cycle.

        A way that meets no node twice goes through so many people of a side at most. From one to
        the next it takes a pair and gives one up, which is at most ``span``; it passes free places
        once, and what it takes and gives up there, and at its ends, is at most ``edge`` each.
        """
        span = [int(row.max()) - int(row.min()) if row.size else 0 for row in self.pair]
        edge = [
            most + sum(int(np.abs(row).max(initial=0)) for row in rows)
            for most, *rows in zip(span, self.pair, self.mentor, self.mentee, strict=True)
        ]
        return packing(
            [2 * people * most + 6 * side for most, side in zip(span, edge, strict=True)]
        )
