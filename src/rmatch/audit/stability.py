"""Blocking pairs, from the definition."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from rmatch.audit.declared import IdPair
from rmatch.audit.made import Made
from rmatch.audit.recompute import PairFacts


def blocking_pairs(pairs: Mapping[IdPair, PairFacts], made: Made) -> tuple[IdPair, ...]:
    """Acceptable pairs, not matched to each other, that both would rather be.

    Each has a free place, or strictly prefers the other to a partner they got. Somebody paired
    illegally prefers every acceptable partner to that one.
    """
    matched = set(made.pairs)
    worst: dict[str, float] = {}
    for pair in made.pairs:
        facts = pairs[pair]
        ranks = (facts.mentor_rank, facts.mentee_rank)
        for person, rank in zip(pair, ranks, strict=True):
            worst[person] = max(worst.get(person, 0), rank or inf)
    for person, room in made.room.items():
        if room > 0:
            worst[person] = inf
    return tuple(
        pair
        for pair, facts in pairs.items()
        if facts.acceptable
        and pair not in matched
        and facts.mentor_rank < worst.get(pair[0], 0)
        and facts.mentee_rank < worst.get(pair[1], 0)
    )
