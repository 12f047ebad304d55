"""Levels from stability on: CP-SAT over one boolean per pair and chains of "filled this well".

For every person and every rank on their list a boolean says that *all their places are filled at
that rank or better*. A pair does not block when it is matched or one of the two is filled so well
at the pair's rank (weak stability). With one place the booleans form a chain, each link an
exactly-one of the group's pairs, the link before and the negated link (SMTI: Manlove et al., 2002;
the chain as in Delorme et al., 2019).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.properties.feasibility import Chosen
from rmatch.properties.stability import blocking_pairs
from rmatch.solving.clock import Clock
from rmatch.solving.cpsat import minimise
from rmatch.solving.model import Answer, BoolModel, Goal, Row
from rmatch.solving.objectives import Terms


@dataclass(slots=True)
class Side:
    """One side of the instance as a model sees it."""

    owner: IntArray
    rank: IntArray
    capacity: IntArray
    filled: list[list[tuple[int, int]]] = field(default_factory=list)
    """Per person, (rank, boolean "all places filled at this rank or better"), best first."""
    matched: list[int] = field(default_factory=list)
    """Per person, the boolean "has a partner"; −1 where there can be none."""

    def filled_at(self, pair: int) -> int | None:
        """The boolean for the pair's owner at the pair's rank; ``None``: never so well filled."""
        rank = self.rank[pair]
        found = None
        for at, variable in self.filled[int(self.owner[pair])]:
            if at > rank:
                break
            found = variable
        return found


class StableModel:
    """The matchings of an instance with their blocking pairs, as a model."""

    def __init__(self, instance: Instance, alive: BoolArray, *, slack: bool) -> None:
        """Post the constraints.

        Args:
            instance: The instance; nobody on it has a capacity of 0.
            alive: (E,) which pairs may be matched; the others may still block.
            slack: Whether pairs may block, each counted by a boolean.
        """
        self.instance = instance
        self.model = BoolModel()
        self._pairs = np.flatnonzero(alive)
        self._variable = np.full(instance.n_pairs, -1, dtype=np.int64)
        self._variable[self._pairs] = np.arange(len(self._pairs))
        self.model.new(len(self._pairs))
        self.sides = (
            Side(instance.mentor, instance.mentor_rank, instance.mentor_capacity),
            Side(instance.mentee, instance.mentee_rank, instance.mentee_capacity),
        )
        for side in self.sides:
            self._post_side(side)
        self.blocks = self.model.new(instance.n_pairs) if slack else None
        for pair in range(instance.n_pairs):
            self._post_stability(pair)

    def _post_side(self, side: Side) -> None:
        for person, groups in enumerate(self._groups(side)):
            places = int(side.capacity[person])
            side.filled.append([])
            if not groups:
                side.matched.append(-1)
            elif places == 1:
                side.matched.append(self._post_chain(side.filled[-1], groups))
            else:
                side.matched.append(self._post_counts(side.filled[-1], groups, places))

    def _groups(self, side: Side) -> list[list[tuple[int, list[int]]]]:
        """Per person, (rank, variables of the pairs there), best first."""
        lists: list[list[tuple[int, list[int]]]] = [[] for _ in side.capacity]
        owner, rank = side.owner[self._pairs], side.rank[self._pairs]
        for variable in np.lexsort((rank, owner)).tolist():
            groups = lists[int(owner[variable])]
            if not groups or groups[-1][0] != rank[variable]:
                groups.append((int(rank[variable]), []))
            groups[-1][1].append(variable)
        return lists

    def _post_chain(
        self, filled: list[tuple[int, int]], groups: list[tuple[int, list[int]]]
    ) -> int:
        """One place: each link is the one before, or a pair of this group."""
        previous: list[int] = []
        link = -1
        for rank, group in groups:
            link = self.model.new()
            self.model.exactly_one.append([*group, *previous, ~link])
            filled.append((rank, link))
            previous = [link]
        return link

    def _post_counts(
        self, filled: list[tuple[int, int]], groups: list[tuple[int, list[int]]], places: int
    ) -> int:
        """Several places: a boolean may be true only where so many pairs are matched."""
        so_far: list[int] = []
        for rank, group in groups:
            so_far = [*so_far, *group]
            if len(so_far) >= places:
                full = self.model.new()
                self.model.rows.append(Row([*so_far, full], [*_ones(so_far), -places], 0, None))
                filled.append((rank, full))
        if len(so_far) > places:
            self.model.rows.append(Row(so_far, _ones(so_far), None, places))
        matched = self.model.new()
        self.model.rows.append(Row([*so_far, matched], [*_ones(so_far), -1], 0, None))
        return matched

    def _post_stability(self, pair: int) -> None:
        """One of these must be true for the pair not to block."""
        literals = list(self._excuses(pair))
        if self.blocks is not None:
            literals.append(self.blocks + pair)
        self.model.clauses.append(literals)

    def _excuses(self, pair: int) -> Iterator[int]:
        counted = False
        for side in self.sides:
            full = side.filled_at(pair)
            if full is not None:
                counted = counted or side.capacity[side.owner[pair]] == 1
                yield full
        if not counted and self._variable[pair] >= 0:
            yield int(self._variable[pair])

    # Levels ---------------------------------------------------------------------------------------

    def goal(self, terms: Terms) -> tuple[list[int], list[int]]:
        """Variables and weights whose sum is to be made *least* for a linear level."""
        pair_weights = terms.pair[self._pairs]
        variables: list[int] = np.flatnonzero(pair_weights).tolist()
        weights: list[int] = (-pair_weights[pair_weights != 0]).tolist()
        for side, people in zip(self.sides, (terms.mentor, terms.mentee), strict=True):
            for person in np.flatnonzero(people).tolist():
                if side.matched[person] >= 0:
                    variables.append(side.matched[person])
                    weights.append(-int(people[person]))
        return variables, weights

    def hold(self, terms: Terms, value: int) -> None:
        """Only matchings worth at least ``value`` in ``terms``."""
        variables, weights = self.goal(terms)
        self.model.rows.append(Row(variables, weights, None, -value))

    def hold_blocking(self, count: int) -> None:
        """At most ``count`` pairs block."""
        blocks = self.block_variables()
        self.model.rows.append(Row(blocks, _ones(blocks), None, count))

    def block_variables(self) -> list[int]:
        """The booleans that count blocking pairs."""
        if self.blocks is None:
            return []
        return list(range(self.blocks, self.blocks + self.instance.n_pairs))

    def suggest(self, chosen: Chosen) -> None:
        """Give the solver a matching to start from: as much of it as is alive, every boolean."""
        index = np.asarray(chosen, dtype=np.int64)
        hint = np.zeros(self.model.size, dtype=bool)
        variables = self._variable[index]
        hint[variables[variables >= 0]] = True
        for side in self.sides:
            self._suggest_side(side, index, hint)
        if self.blocks is not None:
            hint[self.blocks + blocking_pairs(self.instance, index)] = True
        self.model.hint = dict(enumerate(hint.tolist()))

    def _suggest_side(self, side: Side, chosen: IntArray, hint: BoolArray) -> None:
        ranks: dict[int, list[int]] = {}
        for pair in chosen.tolist():
            ranks.setdefault(int(side.owner[pair]), []).append(int(side.rank[pair]))
        for person, held in ranks.items():
            for rank, full in side.filled[person]:
                hint[full] = sum(1 for r in held if r <= rank) >= side.capacity[person]
            if side.matched[person] >= 0:
                hint[side.matched[person]] = True

    def minimise(
        self,
        variables: Sequence[int],
        weights: Sequence[int],
        clock: Clock,
        *,
        at_least: int | None = None,
        at_most: int | None = None,
    ) -> Answer:
        """The least value of a sum over the model; any solution where nothing is added up."""
        goal = Goal(variables, weights, at_least, at_most) if len(variables) else None
        return minimise(self.model, goal, clock)

    def chosen(self, values: Sequence[int]) -> IntArray:
        """The matching of a solution."""
        return self._pairs[np.flatnonzero(np.asarray(values[: len(self._pairs)]))]


def _ones(items: Sequence[int]) -> list[int]:
    return [1] * len(items)
