"""Levels from stability on: CP-SAT over one boolean per pair and chains of "filled this well".

For every person and every rank on their list a boolean says that *all their places are filled at that
rank or better*. A pair does not block when it is matched or one of the two is filled so well at the
pair's rank (weak stability). With one place the booleans form a chain, each link an exactly-one of
the group's pairs, the link before and the negated link (SMTI: Manlove et al., 2002; the chain as in
Delorme et al., 2019).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.properties.feasibility import Chosen
from rmatch.properties.stability import blocking_pairs
from rmatch.solving.clock import Clock
from rmatch.solving.cpsat import minimise
from rmatch.solving.model import Answer, BoolModel, Goal, Row
from rmatch.solving.objectives import Terms


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the instance as a model sees it."""

    owner: IntArray
    rank: IntArray
    capacity: IntArray
    filled: dict[tuple[int, int], int] = field(default_factory=dict)
    """(person, rank) → boolean "all places filled at this rank or better"; absent: never."""
    matched: list[int] = field(default_factory=list)
    """Per person, the boolean "has a partner"; −1 where there can be none."""


class StableModel:
    """The matchings of an instance with their blocking pairs, as a model."""

    def __init__(self, instance: Instance, *, slack: bool) -> None:
        """Post the constraints; with ``slack`` pairs may block, each counted by a boolean.

        Args:
            instance: The instance; nobody on it has a capacity of 0.
            slack: Whether pairs may block.
        """
        self.instance = instance
        self.model = BoolModel()
        self.model.new(instance.n_pairs)
        self.sides = (
            Side(instance.mentor, instance.mentor_rank, instance.mentor_capacity),
            Side(instance.mentee, instance.mentee_rank, instance.mentee_capacity),
        )
        for side in self.sides:
            self._post_side(side)
        self.blocks = self.model.new(instance.n_pairs) if slack else None
        self._post_stability()

    def _post_side(self, side: Side) -> None:
        pairs_of = _groups(side)
        for person, groups in enumerate(pairs_of):
            places = int(side.capacity[person])
            if not groups:
                side.matched.append(-1)
            elif places == 1:
                side.matched.append(self._post_chain(side, person, groups))
            else:
                side.matched.append(self._post_counts(side, person, groups, places))

    def _post_chain(self, side: Side, person: int, groups: list[list[int]]) -> int:
        """One place: each link is the one before, or a pair of this group."""
        previous: list[int] = []
        link = -1
        for rank, group in enumerate(groups, start=1):
            link = self.model.new()
            self.model.exactly_one.append([*group, *previous, ~link])
            side.filled[person, rank] = link
            previous = [link]
        return link

    def _post_counts(self, side: Side, person: int, groups: list[list[int]], places: int) -> int:
        """Several places: a boolean may be true only where so many pairs are matched."""
        so_far: list[int] = []
        for rank, group in enumerate(groups, start=1):
            so_far = [*so_far, *group]
            if len(so_far) >= places:
                full = self.model.new()
                self.model.rows.append(Row([*so_far, full], [*_ones(so_far), -places], 0, None))
                side.filled[person, rank] = full
        if len(so_far) > places:
            self.model.rows.append(Row(so_far, _ones(so_far), None, places))
        matched = self.model.new()
        self.model.rows.append(Row([*so_far, matched], [*_ones(so_far), -1], 0, None))
        return matched

    def _post_stability(self) -> None:
        instance = self.instance
        for pair in range(instance.n_pairs):
            literals = list(self._excuses(pair))
            if self.blocks is not None:
                literals.append(self.blocks + pair)
            self.model.clauses.append(literals)

    def _excuses(self, pair: int) -> Iterator[int]:
        """Literals of which one must be true for ``pair`` not to block."""
        counted = False
        for side in self.sides:
            person, rank = int(side.owner[pair]), int(side.rank[pair])
            full = side.filled.get((person, rank))
            if full is not None:
                counted = counted or side.capacity[person] == 1
                yield full
        if not counted:
            yield pair

    # Levels ------------------------------------------------------------------------------------------

    def goal(self, terms: Terms) -> tuple[list[int], list[int]]:
        """Variables and weights whose sum is to be made *least* for a linear level."""
        variables: list[int] = np.flatnonzero(terms.pair).tolist()
        weights: list[int] = (-terms.pair[terms.pair != 0]).tolist()
        for side, people in zip(self.sides, (terms.mentor, terms.mentee), strict=True):
            for person in np.flatnonzero(people).tolist():
                if side.matched[person] >= 0:
                    variables.append(side.matched[person])
                    weights.append(-int(people[person]))
        return variables, weights

    def hold(self, terms: Terms, value: int) -> None:
        """Every matching from now on is worth at least ``value`` in ``terms``."""
        variables, weights = self.goal(terms)
        self.model.rows.append(Row(variables, weights, None, -value))

    def hold_blocking(self, count: int) -> None:
        """At most ``count`` pairs block from now on."""
        blocks = self.block_variables()
        self.model.rows.append(Row(blocks, _ones(blocks), None, count))

    def block_variables(self) -> list[int]:
        """The booleans that count blocking pairs."""
        if self.blocks is None:
            return []
        return list(range(self.blocks, self.blocks + self.instance.n_pairs))

    def suggest(self, chosen: Chosen) -> None:
        """Give the solver a matching to start from, every boolean of it."""
        index = np.asarray(chosen, dtype=np.int64)
        hint = np.zeros(self.model.size, dtype=bool)
        hint[index] = True
        for side in self.sides:
            self._suggest_side(side, index, hint)
        if self.blocks is not None:
            hint[self.blocks + blocking_pairs(self.instance, index)] = True
        self.model.hint = dict(enumerate(hint.tolist()))

    def _suggest_side(self, side: Side, chosen: IntArray, hint: np.ndarray) -> None:  # type: ignore[type-arg]
        ranks: dict[int, list[int]] = {}
        for pair in chosen.tolist():
            ranks.setdefault(int(side.owner[pair]), []).append(int(side.rank[pair]))
        for (person, rank), full in side.filled.items():
            held = [r for r in ranks.get(person, ()) if r <= rank]
            hint[full] = len(held) >= side.capacity[person]
        for person in ranks:
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
        """The least value of a sum over the model."""
        goal = Goal(variables, weights, at_least, at_most) if len(variables) else None
        return minimise(self.model, goal, clock)

    def chosen(self, answer: Answer) -> IntArray:
        """The matching of an answer."""
        assert answer.values is not None  # noqa: S101 - callers have asked
        return np.flatnonzero(np.asarray(answer.values[: self.instance.n_pairs]))


def _groups(side: Side) -> list[list[list[int]]]:
    """Per person, their pairs by rank, best first."""
    lists: list[list[list[int]]] = [[] for _ in side.capacity]
    for pair in np.lexsort((side.rank, side.owner)).tolist():
        groups = lists[int(side.owner[pair])]
        if len(groups) < side.rank[pair]:
            groups.append([])
        groups[-1].append(pair)
    return lists


def _ones(items: Sequence[int]) -> list[int]:
    return [1] * len(items)
