"""The matchings of an instance as a CP-SAT model: one boolean per pair, chains for stability.

For every person and every rank on their list a boolean says that *all their places are filled at
that rank or better*. A pair does not block when it is matched or one of the two is filled so well
at the pair's rank (weak stability); under strong and super stability being filled better than the
pair's rank is what counts, for one or for both. With one place the booleans form a chain, each link
an exactly-one of the group's pairs, the link before and the negated link (SMTI: Manlove et al.,
2002; the chain as in Delorme et al., 2019). With several, integers count along the list how many
places are filled so far.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray, Quota, Stability
from rmatch.properties.feasibility import Chosen
from rmatch.properties.stability import blocking_pairs
from rmatch.solving.clock import Clock
from rmatch.solving.cpsat import Watch, minimise
from rmatch.solving.model import Answer, Goal, Model, Row
from rmatch.solving.terms import Terms

Groups = list[tuple[int, list[int]]]
"""(rank, variables of the pairs there), best first."""

Filled = tuple[list[int], list[int]]


@dataclass(slots=True)
class Side:
    """One side of the instance as a model sees it."""

    owner: list[int]
    rank: list[int]
    capacity: list[int]
    filled: list[Filled] = field(default_factory=list)
    """Per person, ranks, best first, and booleans "all places filled at this rank or better"."""
    counted: list[tuple[int, list[int]]] = field(default_factory=list)
    """(integer, what it adds up), in the order in which it can be worked out: for hints."""
    matched: list[int] = field(default_factory=list)
    """Per person, the boolean "has a partner"; −1 where there can be none."""

    def filled_at(self, pair: int, *, better: bool = False) -> int | None:
        """The boolean for the pair's owner at the pair's rank, or at any better one.

        ``None``: never so well filled.
        """
        ranks, variables = self.filled[self.owner[pair]]
        at = bisect_right(ranks, self.rank[pair] - better)
        return variables[at - 1] if at else None


class MatchingModel:
    """The matchings of an instance, all or those that few pairs block, as a model."""

    def __init__(
        self,
        instance: Instance,
        alive: BoolArray,
        clock: Clock,
        *,
        stable: bool = True,
        slack: BoolArray | None = None,
    ) -> None:
        """Post the constraints.

        Args:
            instance: The instance; nobody on it has a capacity of 0.
            alive: (E,) which pairs may be matched; the others may still block.
            clock: Long models are left half-way when the time is up.
            stable: Whether blocking pairs count at all.
            slack: (E,) which pairs may block, each counted by a boolean; ``None``: no pair.

        Raises:
            OutOfTimeError: see the clock.
        """
        self.instance = instance
        self.model = Model()
        self._clock = clock
        self._stable = stable
        self._pairs = np.flatnonzero(alive)
        self._variable = np.full(instance.n_pairs, -1, dtype=np.int64)
        self._variable[self._pairs] = np.arange(len(self._pairs))
        self.model.new(len(self._pairs))
        self.sides = (
            _side(instance.mentor, instance.mentor_rank, instance.mentor_capacity),
            _side(instance.mentee, instance.mentee_rank, instance.mentee_capacity),
        )
        for side in self.sides:
            self._post_side(side)
        self._block = {} if slack is None else self._new_blocks(np.flatnonzero(slack).tolist())
        if stable:
            variables = self._variable.tolist()
            for pair in clock.watched(range(instance.n_pairs)):
                self._post_stability(pair, variables[pair])
        for quota in instance.quotas:
            if quota.price is None:
                self.post_quota(quota)

    # People ---------------------------------------------------------------------------------------

    def _post_side(self, side: Side) -> None:
        for person, groups in self._clock.watched(enumerate(self._groups(side))):
            places = side.capacity[person]
            side.filled.append(([], []))
            if not groups:
                side.matched.append(-1)
            elif not self._stable:
                side.matched.append(self._post_places(groups, places))
            elif places == 1:
                side.matched.append(self._post_chain(side.filled[-1], groups))
            else:
                side.matched.append(self._post_counts(side, groups, places))

    def _groups(self, side: Side) -> list[Groups]:
        lists: list[Groups] = [[] for _ in side.capacity]
        owner = np.asarray(side.owner, dtype=np.int64)[self._pairs]
        rank = np.asarray(side.rank, dtype=np.int64)[self._pairs]
        order = np.lexsort((rank, owner))
        rows = zip(order.tolist(), owner[order].tolist(), rank[order].tolist(), strict=True)
        for variable, person, at in rows:
            groups = lists[person]
            if not groups or groups[-1][0] != at:
                groups.append((at, []))
            groups[-1][1].append(variable)
        return lists

    def _post_chain(self, filled: Filled, groups: Groups) -> int:
        """One place: each link is the one before, or a pair of this group."""
        previous: list[int] = []
        link = -1
        for rank, group in groups:
            link = self.model.new()
            self.model.exactly_one.append([*group, *previous, ~link])
            filled[0].append(rank)
            filled[1].append(link)
            previous = [link]
        return link

    def _post_counts(self, side: Side, groups: Groups, places: int) -> int:
        """Several places: integers that count along the list, booleans "all of them filled"."""
        so_far = 0
        count: list[int] = []
        for rank, group in groups:
            so_far += len(group)
            parts = [*count, *group]
            count = [self.model.new_integer(0, min(places, so_far))]
            side.counted.append((count[0], parts))
            self.model.rows.append(Row([*count, *parts], [-1, *_ones(parts)], 0, 0))
            if so_far >= places:
                full = self.model.new()
                self.model.rows.append(Row([*count, full], [1, -places], 0, None))
                side.filled[-1][0].append(rank)
                side.filled[-1][1].append(full)
        matched = self.model.new()
        self.model.rows.append(Row([*count, matched], [1, -1], 0, None))
        self.model.rows.append(Row([*count, matched], [1, -places], None, 0))
        return matched

    def _post_places(self, groups: Groups, places: int) -> int:
        """Nobody blocks: only that there are so many places, and whether any is taken."""
        pairs = [variable for _, group in groups for variable in group]
        matched = self.model.new()
        if places == 1:
            self.model.exactly_one.append([*pairs, ~matched])
        else:
            self.model.rows.append(Row([*pairs, matched], [*_ones(pairs), -1], 0, None))
            self.model.rows.append(Row([*pairs, matched], [*_ones(pairs), -places], None, 0))
        return matched

    # Stability ------------------------------------------------------------------------------------

    def _new_blocks(self, pairs: list[int]) -> dict[int, int]:
        first = self.model.new(len(pairs))
        return {pair: first + place for place, pair in enumerate(pairs)}

    def _post_stability(self, pair: int, variable: int) -> None:
        """One of these must be true for the pair not to block."""
        for better in _WAYS[self.instance.stability]:
            literals = []
            counted = False
            for side, strictly in zip(self.sides, better, strict=True):
                full = side.filled_at(pair, better=strictly)
                if full is not None:
                    literals.append(full)
                    counted = counted or (not strictly and side.capacity[side.owner[pair]] == 1)
            if not counted and variable >= 0:
                literals.append(variable)
            if pair in self._block:
                literals.append(self._block[pair])
            self.model.clauses.append(literals)

    def block_variables(self) -> list[int]:
        """The booleans that count blocking pairs."""
        return list(self._block.values())

    def hold_blocking(self, count: int) -> None:
        """At most ``count`` pairs block."""
        blocks = self.block_variables()
        self.model.rows.append(Row(blocks, _ones(blocks), None, count))

    # Sums -----------------------------------------------------------------------------------------

    def sum_of(self, terms: Terms) -> tuple[list[int], list[int]]:
        """Variables and weights whose sum is what ``terms`` come to."""
        pair_weights = terms.pair[self._pairs]
        variables: list[int] = np.flatnonzero(pair_weights).tolist()
        weights: list[int] = pair_weights[pair_weights != 0].tolist()
        for side, people in zip(self.sides, (terms.mentor, terms.mentee), strict=True):
            for person in np.flatnonzero(people).tolist():
                if side.matched[person] >= 0:
                    variables.append(side.matched[person])
                    weights.append(int(people[person]))
        return variables, weights

    def hold(self, terms: Terms, value: int) -> None:
        """Only matchings worth at least ``value`` in ``terms``."""
        variables, weights = self.sum_of(terms)
        self.model.rows.append(Row(variables, weights, value, None))

    def at_most(self, variables: Sequence[int], weights: Sequence[int], value: int) -> None:
        """A sum over variables of the model comes to no more than ``value``."""
        self.model.rows.append(Row(variables, weights, None, value))

    def post_quota(self, quota: Quota, off: int | None = None) -> None:
        """A quota's count lies between its limits, or off them by no more than variable ``off``."""
        variables, weights = self.sum_of(Terms(quota.pair, quota.mentor, quota.mentee))
        spare, one = ([], []) if off is None else ([off], [1])
        low, high = quota.minimum, quota.maximum
        self.model.rows.append(Row([*variables, *spare], [*weights, *one], low, None))
        if high is not None:
            less = [-weight for weight in one]
            self.model.rows.append(Row([*variables, *spare], [*weights, *less], None, high))

    def matched_pairs_of(self, person: int, side: int) -> list[tuple[int, int]]:
        """(pair, its variable) of everybody's pairs that may be matched."""
        owner = (self.instance.mentor, self.instance.mentee)[side]
        pairs = self._pairs[owner[self._pairs] == person].tolist()
        return [(pair, int(self._variable[pair])) for pair in pairs]

    # Solving --------------------------------------------------------------------------------------

    def suggest(self, chosen: Chosen) -> None:
        """Give the solver a matching to start from: as much of it as is alive, every variable."""
        index = np.asarray(chosen, dtype=np.int64)
        hint = np.zeros(self.model.size, dtype=np.int64)
        variables = self._variable[index]
        hint[variables[variables >= 0]] = 1
        for side in self.sides:
            self._suggest_side(side, index.tolist(), hint)
        for pair in blocking_pairs(self.instance, index).tolist() if self._block else ():
            if pair in self._block:
                hint[self._block[pair]] = 1
        self.model.hint = dict(enumerate(hint.tolist()))

    def _suggest_side(self, side: Side, index: Sequence[int], hint: IntArray) -> None:
        held: dict[int, list[int]] = {}
        for pair in index:
            held.setdefault(side.owner[pair], []).append(side.rank[pair])
        for person, filled in enumerate(side.filled):
            ranks = sorted(held.get(person, ()))
            if ranks and side.matched[person] >= 0:
                hint[side.matched[person]] = 1
            for rank, variable in zip(*filled, strict=True):
                good = sum(1 for r in ranks if r <= rank)
                hint[variable] = int(good >= side.capacity[person])
        for variable, parts in side.counted:
            hint[variable] = int(hint[parts].sum())

    def minimise(
        self,
        goal: Goal | None,
        clock: Clock,
        watch: Watch | None = None,
        effort: float | None = None,
    ) -> Answer:
        """The least value of a sum over the model; any solution where nothing is added up."""
        if goal is None or goal.variables:
            return minimise(self.model, goal, clock, watch, effort)
        answer = minimise(self.model, None, clock, watch, effort)
        return answer if answer.values is None else replace(answer, bound=0)

    def chosen(self, values: Sequence[int]) -> IntArray:
        """The matching of a solution."""
        return self._pairs[np.flatnonzero(np.asarray(values[: len(self._pairs)]))]


_WAYS: dict[Stability, tuple[tuple[bool, bool], ...]] = {
    "weak": ((False, False),),
    "strong": ((False, True), (True, False)),
    "super": ((True, True),),
}
"""Clauses of a pair: whether mentor and mentee must be filled *better* than at its rank."""


def most_of(
    model: MatchingModel, terms: Terms, least: int | None = None, most: int | None = None
) -> Goal:
    """The goal of making ``terms`` most: the negative sum, to be made least."""
    variables, weights = model.sum_of(terms)
    return Goal(variables, [-weight for weight in weights], least, most)


def _side(owner: IntArray, rank: IntArray, capacity: IntArray) -> Side:
    return Side(owner.tolist(), rank.tolist(), capacity.tolist())


def _ones(items: Iterable[int]) -> list[int]:
    return [1 for _ in items]
