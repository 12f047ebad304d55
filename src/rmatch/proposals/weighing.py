"""What some pairs are worth: levels, blocking pairs, places, also where not all are allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rmatch.instance import Instance
from rmatch.properties.feasibility import is_matching
from rmatch.properties.stability import blocking_pairs
from rmatch.properties.statements import broken_statements, unkept
from rmatch.properties.welfare import value_of
from rmatch.proposals.records import LevelChange, Overrun, PairIds
from rmatch.solution import Value
from rmatch.solving import OBJECTIVES


@dataclass(frozen=True)
class Weighed:
    """Some pairs of an instance's people.

    Attributes:
        instance: Whose people they are.
        pairs: (mentor, mentee) ids.
        levels: Names of the levels that count.
    """

    instance: Instance
    pairs: tuple[PairIds, ...]
    levels: tuple[str, ...]

    @cached_property
    def partners(self) -> Mapping[str, tuple[str, ...]]:
        """Everybody's partners, those without any left out."""
        found: dict[str, list[str]] = {}
        for mentor, mentee in self.pairs:
            found.setdefault(mentor, []).append(mentee)
            found.setdefault(mentee, []).append(mentor)
        return {person: tuple(others) for person, others in found.items()}

    @cached_property
    def index(self) -> Mapping[PairIds, int | None]:
        """Where each pair stands in the instance; ``None`` where it is not allowed."""
        rows = {person: i for i, person in enumerate(self.instance.mentor_ids)}
        columns = {person: j for j, person in enumerate(self.instance.mentee_ids)}
        return {
            pair: self.instance.index_of(rows[pair[0]], columns[pair[1]]) for pair in self.pairs
        }

    @cached_property
    def chosen(self) -> tuple[int, ...]:
        """The pairs that are allowed, as indices."""
        return tuple(sorted(index for index in self.index.values() if index is not None))

    @cached_property
    def held(self) -> Instance:
        """The instance without the places that pairs hold that are not allowed."""
        rest = [pair for pair, index in self.index.items() if index is None]
        if not rest:
            return self.instance
        mentors = [mentor for mentor, _ in rest]
        mentees = [mentee for _, mentee in rest]
        instance = self.instance
        return instance.replace(
            mentor_capacity=_less(instance.mentor_capacity, instance.mentor_ids, mentors),
            mentee_capacity=_less(instance.mentee_capacity, instance.mentee_ids, mentees),
        )

    @cached_property
    def counts(self) -> bool:
        """Whether levels and blocking pairs mean anything: nobody has more than their places."""
        return is_matching(self.held, self.chosen)

    @cached_property
    def values(self) -> Mapping[str, Value | None]:
        """Each level's value, counted over the allowed pairs."""
        return {
            name: value_of(name, self.held, self.chosen, 0) if self.counts else None
            for name in self.levels
        }

    @cached_property
    def blocking(self) -> tuple[PairIds, ...]:
        """The pairs that block; those made though they are not allowed hold their places."""
        if not self.counts:
            return ()
        ids = self.instance.mentor_ids, self.instance.mentee_ids
        return tuple(
            (ids[0][self.instance.mentor[k]], ids[1][self.instance.mentee[k]])
            for k in blocking_pairs(self.held, self.chosen).tolist()
        )

    @cached_property
    def broken(self) -> tuple[str, ...]:
        """Statements that must hold and do not."""
        return broken_statements(self.instance, self.chosen)

    @cached_property
    def unkept(self) -> Mapping[str, int]:
        """Statements with a price that are off their limits, and by how much."""
        return unkept(self.instance, self.chosen)

    def overruns(self, lowered: Mapping[str, int]) -> tuple[Overrun, ...]:
        """Who has more partners than places.

        Args:
            lowered: Id → how many places they have by now, for some.
        """
        instance = self.instance
        places = dict(zip(instance.mentor_ids, instance.mentor_capacity.tolist(), strict=True))
        places |= zip(instance.mentee_ids, instance.mentee_capacity.tolist(), strict=True)
        places |= {p: min(count, places[p]) for p, count in lowered.items() if p in places}
        return tuple(
            Overrun(person, self.partners[person], count)
            for person, count in places.items()
            if len(self.partners.get(person, ())) > count
        )


def _less(capacity: np.ndarray, ids: Sequence[str], people: Iterable[str]) -> np.ndarray:
    """Places, one less for everybody as often as they are named; never below 0."""
    taken = np.zeros(len(ids), dtype=np.int64)
    at = {person: i for i, person in enumerate(ids)}
    for person in people:
        taken[at[person]] += 1
    return np.maximum(0, capacity - taken)


def level_changes(
    before: Mapping[str, Value | None], after: Mapping[str, Value | None]
) -> tuple[LevelChange, ...]:
    """Each level in two sets of pairs."""
    return tuple(
        LevelChange(name, value, after[name], _better(name, value, after[name]))
        for name, value in before.items()
    )


def _better(name: str, before: Value | None, after: Value | None) -> int:
    if before is None or after is None or before == after:
        return 0
    more = after > before  # type: ignore[operator]  # values of one level are of one kind
    return 1 if more == (OBJECTIVES[name].sense == "max") else -1
