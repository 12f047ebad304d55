"""What the coordinator stated, as the audit's own tables: what must hold, and what had better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rmatch.audit.declared import IdPair
from rmatch.audit.made import Made
from rmatch.audit.recompute import PairFacts
from rmatch.audit.roster import Place, Roster

WEAK, STRONG, SUPER = "weak", "strong", "super"
"""Which pairs block: both strictly prefer; one may be indifferent; both may be."""

MUST_NOT_PAIR = "must_not_pair"
"""The code under which a pair is excluded that the coordinator forbade."""


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """A count that must lie between two limits, or that costs ``price`` for every unit off them.

    What is not in ``pairs``, ``mentors`` or ``mentees`` counts 0; people count with a partner.
    """

    statement: str
    pairs: Mapping[IdPair, int] = field(default_factory=dict)
    mentors: Mapping[str, int] = field(default_factory=dict)
    mentees: Mapping[str, int] = field(default_factory=dict)
    minimum: int = 0
    maximum: int | None = None
    price: int | None = None

    def count(self, made: Made) -> int:
        """What the pairs made come to."""
        people = {**self.mentors, **self.mentees}
        with_partner = [worth for person, worth in people.items() if made.matched(person)]
        return sum(self.pairs.get(pair, 0) for pair in made.pairs) + sum(with_partner)

    def off(self, made: Made) -> int:
        """By how much the count is below the minimum or above the maximum."""
        count = self.count(made)
        if count < self.minimum:
            return self.minimum - count
        return 0 if self.maximum is None else max(0, count - self.maximum)


@dataclass(frozen=True, slots=True)
class Stated:
    """All that was stated.

    ``standing``: pairs that were made before; ``max_changes``: how many of them may be broken.
    ``at_most``: the most partners of those whose load was limited; ``stability``: ``weak``,
    ``strong`` or ``super``.
    """

    forced: frozenset[IdPair] = frozenset()
    forbidden: frozenset[IdPair] = frozenset()
    standing: frozenset[IdPair] = frozenset()
    max_changes: int | None = None
    at_most: Mapping[str, int] = field(default_factory=dict)
    quotas: tuple[QuotaRow, ...] = ()
    stability: str = WEAK

    @property
    def hard_quotas(self) -> tuple[QuotaRow, ...]:
        """Those without a price: they must hold."""
        return tuple(quota for quota in self.quotas if quota.price is None)


NOTHING_STATED = Stated()


def within_loads(roster: Roster, stated: Stated) -> Roster:
    """The same people with no more places than their maximum load."""
    return Roster(
        tuple(_limited(person, stated) for person in roster.mentors),
        tuple(_limited(person, stated) for person in roster.mentees),
    )


def _limited(person: Place, stated: Stated) -> Place:
    most = stated.at_most.get(person.id, person.capacity)
    return replace(person, capacity=min(person.capacity, most))


def without_forbidden(
    pairs: Mapping[IdPair, PairFacts], forbidden: frozenset[IdPair]
) -> Mapping[IdPair, PairFacts]:
    """The pairs with those forbidden excluded, and everybody's ranks closed up without them."""
    if not forbidden:
        return pairs
    ranks = _closed_up(
        {
            pair: (facts.mentor_rank, facts.mentee_rank)
            for pair, facts in pairs.items()
            if facts.acceptable and pair not in forbidden
        }
    )
    return {
        pair: facts._replace(
            excluded=(*facts.excluded, MUST_NOT_PAIR) if pair in forbidden else facts.excluded,
            mentor_rank=ranks[pair][0] if pair in ranks else 0,
            mentee_rank=ranks[pair][1] if pair in ranks else 0,
        )
        for pair, facts in pairs.items()
    }


def with_limited_changes(stated: Stated, pairs: Mapping[IdPair, PairFacts]) -> Stated:
    """The limit on broken pairs as a quota: of those still allowed all but so many are made."""
    if stated.max_changes is None:
        return stated
    still = {p: 1 for p in stated.standing if p in pairs and pairs[p].acceptable}
    least = max(0, len(still) - stated.max_changes)
    row = QuotaRow("max_changes", still, minimum=least)
    return replace(stated, quotas=(*stated.quotas, row))


def _closed_up(ranks: Mapping[IdPair, tuple[int, int]]) -> dict[IdPair, tuple[int, int]]:
    """Ranks dense from 1 again: each person's own, in their order."""
    found: dict[str, set[int]] = {}
    for pair, both in ranks.items():
        for person, rank in zip(pair, both, strict=True):
            found.setdefault(person, set()).add(rank)
    new = {
        person: {old: rank for rank, old in enumerate(sorted(olds), start=1)}
        for person, olds in found.items()
    }
    return {(m, s): (new[m][mine], new[s][theirs]) for (m, s), (mine, theirs) in ranks.items()}
