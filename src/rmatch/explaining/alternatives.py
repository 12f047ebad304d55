"""Whom else a person could have been matched with, at the least price to the programme."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from rmatch.errors import unknown_person
from rmatch.explaining.forced import CellState, Question, answer
from rmatch.explaining.forcing import Table
from rmatch.explaining.records import Pair
from rmatch.instance import Instance, IntArray
from rmatch.solving.clock import Clock

PairOf = Callable[[int], Pair]
"""A pair as it is shown to people, from its index."""

Cost = tuple[tuple[int, int, int], ...]
"""Per level known: which way it changes, where in a vector, by how much; compared from the left."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Somebody else whom a person could have.

    Attributes:
        partner: Their id.
        score: Of the pair, 0–100 for people.
        own_rank: Of the partner in the person's eyes.
        partner_rank: Of the person in the partner's.
        own_stated: Whether the person chose this partner; else the rank follows from scores.
        partner_stated: Likewise.
        price: Level → how much worse it gets, up to the one that decides at least.
        decides: The first level that changes; ``None`` where none does.
        entry: Of a vector that decides, the entry that changes first, from 0; else ``None``.
    """

    partner: str
    score: float
    own_rank: int
    partner_rank: int
    own_stated: bool
    partner_stated: bool
    price: Mapping[str, int]
    decides: str | None
    entry: int | None = None


class Alternatives(tuple[Alternative, ...]):
    """The cheapest alternatives of a person, cheapest first; ``str()`` gives a table.

    Attributes:
        person: Their id.
        unsettled: Ids of those who could be as cheap, and whose price was not known in time.
        text: The words.
        html: The same for a notebook.
    """

    person: str
    unsettled: tuple[str, ...]
    text: str
    html: str

    @classmethod
    def of(
        cls, person: str, found: Iterable[Alternative], unsettled: Iterable[str]
    ) -> Alternatives:
        """The alternatives of a person, without words."""
        made = cls(found)
        made.person, made.unsettled = person, tuple(unsettled)
        made.text = made.html = ""
        return made

    def told(self, text: str, html: str) -> Alternatives:
        """The same, in words."""
        made = Alternatives.of(self.person, self, self.unsettled)
        made.text, made.html = text, html
        return made

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


def alternatives(
    question: Question, person: str, k: int, *, pair_of: PairOf, clock: Clock
) -> Alternatives:
    """The k cheapest other partners of a person; see ``Matching.alternatives``.

    Those whose price is not known yet are solved for in the order of what they cost at least, until
    none of the rest can be among the cheapest.
    """
    if k < 1:
        raise ValueError(f"k must be a number of people from 1, not {k!r}")
    own = _pairs_of(question.instance, person)
    table = Table.of(question, clock, own)
    wanted = np.isin(table.state[own], [CellState.COMPUTED, CellState.OPEN])
    some = [_Candidate.of(table, pair, person, pair_of) for pair in own[wanted].tolist()]
    settled = sorted((one for one in some if one.is_settled), key=_Candidate.key)
    rest = sorted((one for one in some if not one.is_settled), key=_Candidate.key)
    unsettled: list[_Candidate] = []
    for one in rest:
        if len(settled) >= k and settled[k - 1].key() <= one.key():
            continue
        found = answer(question, one.pair, clock)
        table.take(one.pair, found)
        if found.state == CellState.OPEN:
            unsettled.append(one)
        elif found.state == CellState.COMPUTED:
            settled.append(_Candidate.of(table, one.pair, person, pair_of))
            settled.sort(key=_Candidate.key)
    best = settled[:k]
    last = best[-1].key() if len(best) == k else None
    return Alternatives.of(
        person,
        (one.shown(table) for one in best),
        (one.partner for one in unsettled if last is None or one.key() < last),
    )


def _pairs_of(instance: Instance, person: str) -> IntArray:
    """Indices of a person's acceptable pairs."""
    if person in instance.mentor_ids:
        return np.flatnonzero(instance.mentor == instance.mentor_ids.index(person))
    if person in instance.mentee_ids:
        return np.flatnonzero(instance.mentee == instance.mentee_ids.index(person))
    raise unknown_person(person, (*instance.mentor_ids, *instance.mentee_ids))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Somebody who could be the partner, with the price, or with what it is at least."""

    pair: int
    partner: str
    cost: Cost
    is_settled: bool
    facts: Pair
    is_mentor: bool

    @classmethod
    def of(cls, table: Table, pair: int, person: str, pair_of: PairOf) -> _Candidate:
        facts = pair_of(pair)
        is_mentor = facts.mentor == person
        settled = table.state[pair] == CellState.COMPUTED
        return cls(
            pair=int(pair),
            partner=facts.mentee if is_mentor else facts.mentor,
            cost=_cost(table, pair) if settled else _least(table),
            is_settled=bool(settled),
            facts=facts,
            is_mentor=is_mentor,
        )

    def key(self) -> tuple[Cost, int, float, str]:
        """What they are ordered by: price, own rank, score, id."""
        own = self.facts.mentor_rank if self.is_mentor else self.facts.mentee_rank
        return self.cost, own, -self.facts.score, self.partner

    def shown(self, table: Table) -> Alternative:
        facts, levels = self.facts, table.question.levels
        known, entry = int(table.known[self.pair]), int(table.entry[self.pair])
        price = dict(zip(levels[:known], table.cost[self.pair, :known].tolist(), strict=True))
        ranks = (facts.mentor_rank, facts.mentee_rank)
        stated = (facts.mentor_stated, facts.mentee_stated)
        own, other = (0, 1) if self.is_mentor else (1, 0)
        return Alternative(
            partner=self.partner,
            score=facts.score,
            own_rank=ranks[own],
            partner_rank=ranks[other],
            own_stated=stated[own],
            partner_stated=stated[other],
            price=price,
            decides=next((name for name, cost in price.items() if cost), None),
            entry=None if entry < 0 else entry,
        )


def _cost(table: Table, pair: int) -> Cost:
    """What a pair costs; in a vector, an earlier entry that changes counts for more."""
    known, entry = int(table.known[pair]), int(table.entry[pair])
    costs = table.cost[pair, :known].tolist()
    return tuple(
        ((cost > 0) - (cost < 0), -entry if cost > 0 else entry, cost) if cost else (0, 0, 0)
        for cost in costs
    )


def _least(table: Table) -> Cost:
    """What a pair costs at least whose price is not known: nothing, where nothing is better.

    Of a matching that is not proved the best nothing is known: less than any price.
    """
    return ((0, 0, 0),) * len(table.question.levels) if table.question.proved else ()
