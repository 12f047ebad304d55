"""Where the vector of leximin first rises: one question for all of its entries.

Vectors are compared by their least scores. One is above another where, at the first score at which
they differ, fewer people are at it or below. A boolean per score of the best vector so far says
that the other rises there: up to that score no more people may be as badly off as now.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.properties.feasibility import Chosen
from rmatch.properties.welfare import leximin
from rmatch.solving.matching_model import MatchingModel
from rmatch.solving.model import Model, Row
from rmatch.solving.terms import pair_terms


@dataclass(frozen=True, slots=True)
class Rise:
    """At which of a vector's scores, from the least, that of a matching first rises above it.

    As many as there are where it is the same, and one more where it is below.

    Attributes:
        vector: Ascending.
        settled: Of its scores, so many that no matching rises at.
        other_than: Pairs of a matching that has this vector: it counts one more than others that
            have it.
    """

    vector: tuple[int, ...]
    settled: int = 0
    other_than: tuple[int, ...] | None = None

    @property
    def scores(self) -> list[int]:
        """The different scores, ascending."""
        return sorted(set(self.vector))

    def cost(self, instance: Instance, chosen: Chosen) -> int:
        """Where a matching rises first."""
        other = leximin(instance, chosen)
        if other < self.vector:
            return len(self.scores) + 2
        if other == self.vector:
            return len(self.scores) + (tuple(np.sort(chosen).tolist()) == self.other_than)
        first = next(now for now, then in zip(self.vector, other, strict=True) if now != then)
        return self.scores.index(first)

    def floor(self, instance: Instance) -> int:
        """Not before what is settled."""
        del instance
        return self.settled

    def post(
        self, model: MatchingModel, instance: Instance, pairs: IntArray, chosen: IntArray
    ) -> tuple[list[int], list[int], int]:
        """A boolean per score at which it may rise, and one where it stays; it cannot fall."""
        scores = self.scores
        turns = self._post_turns(model, len(scores))
        people = _BadlyOff(model, instance, pairs, chosen)
        for place, score in enumerate(scores):
            before = [turn for at, turn in turns.items() if at < place]
            people.limit(score - 1, bisect_left(self.vector, score), before, None)
            now = bisect_right(self.vector, score)
            people.limit(score, now, before, turns.get(place))
        if not turns:
            return [], [], len(scores)
        if self.other_than is not None:
            _post_other(model, np.isin(pairs, self.other_than), turns[len(scores)])
        return list(turns.values()), list(turns), 0

    def _post_turns(self, model: MatchingModel, count: int) -> dict[int, int]:
        if self.settled == count and self.other_than is None:
            return {}
        last = count + (self.other_than is not None)
        turns = {place: model.model.new() for place in range(self.settled, last + 1)}
        model.model.exactly_one.append(list(turns.values()))
        return turns


def _post_other(model: MatchingModel, same: BoolArray, turn: int) -> None:
    """In this turn it is another matching: a pair of the same is missing, or one more is there."""
    variables, weights = model.sum_of(pair_terms(model.instance, np.where(same, 1, -1)))
    model.model.rows.append(Row([*variables, turn], [*weights, 1], None, int(same.sum())))


class _BadlyOff:
    """How many people's worst partner scores so much at most, for ever higher scores."""

    def __init__(
        self, model: MatchingModel, instance: Instance, pairs: IntArray, chosen: IntArray
    ) -> None:
        self._model = model.model
        self._everybody = instance.n_mentors + instance.n_mentees
        self._gains: list[tuple[IntArray, IntArray]] = []
        """Variables of pairs and their scores, for people of one place."""
        self._single = 0
        self._several: list[_Person] = []
        self._made: list[int] = []
        """What a partner scores who is there anyhow, for people of one place."""
        for number, (owner, points, capacity) in enumerate(
            (
                (instance.mentor, instance.mentor_score, instance.mentor_capacity),
                (instance.mentee, instance.mentee_score, instance.mentee_capacity),
            )
        ):
            held: dict[int, int] = {}
            for pair in chosen.tolist():
                person = int(owner[pair])
                held[person] = min(held.get(person, int(points[pair])), int(points[pair]))
            for person, places in enumerate(capacity.tolist()):
                own = model.matched_pairs_of(person, number)
                variables = np.array([variable for _, variable in own], dtype=np.int64)
                worth = points[pairs[[pair for pair, _ in own]]] if own else variables
                if places <= 1:
                    self._single += person not in held
                    self._made += [held[person]] if person in held else []
                    self._gains.append((variables, worth))
                else:
                    matched = model.sides[number].matched[person]
                    self._several.append(
                        _Person(
                            list(zip(worth.tolist(), variables.tolist(), strict=True)),
                            matched,
                            held.get(person),
                        )
                    )
        none = np.zeros(0, dtype=np.int64)
        self._variables = np.concatenate([none, *(variables for variables, _ in self._gains)])
        self._points = np.concatenate([none, *(worth for _, worth in self._gains)])

    def limit(self, score: int, most: int, before: Sequence[int], turn: int | None) -> None:
        """At most so many people at a score or below: fewer in its turn, any after another's."""
        if score < -1:
            return
        well = self._variables[self._points > score]
        variable, count = np.unique(well, return_counts=True)
        variables, weights = variable.tolist(), (-count).tolist()
        badly = self._single + sum(1 for held in self._made if held <= score)
        for person in self._several:
            literal = person.badly_at(score, self._model)
            if literal is True:
                badly += 1
            elif literal is not False:
                badly += literal < 0
                variables.append(literal if literal >= 0 else ~literal)
                weights.append(1 if literal >= 0 else -1)
        variables += before
        weights += [-(self._everybody - most)] * len(before)
        if turn is not None:
            variables.append(turn)
            weights.append(1)
        self._model.rows.append(Row(variables, weights, None, most - badly))


class _Person:
    """Somebody with several places: a literal that is true where some partner scores so little."""

    def __init__(self, own: list[tuple[int, int]], matched: int, held: int | None) -> None:
        self._own = sorted(own)
        self._next = 0
        self._held = held
        self._literal: int | bool = False if held is not None else (~matched if own else True)

    def badly_at(self, score: int, model: Model) -> int | bool:
        """The literal at a score; scores are asked for in ascending order."""
        if self._held is not None and self._held <= score:
            return True
        end = bisect_right(self._own, (score, 1 << 62))
        new = [variable for _, variable in self._own[self._next : end]]
        self._next = end
        if not new or self._literal is True:
            return self._literal
        badly = model.new()
        implying = new if self._literal is False else [*new, self._literal]
        model.clauses += [[badly, ~one] for one in implying]
        self._literal = badly
        return badly
