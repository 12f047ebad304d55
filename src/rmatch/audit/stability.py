"""Blocking pairs, from the definition."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import inf

from rmatch.audit.declared import IdPair
from rmatch.audit.made import Made
from rmatch.audit.recompute import PairFacts


def _blocks(kind: str, mentor_gain: float, mentee_gain: float) -> bool:
    """Whether two people block who would gain so many ranks; below 0 one has nothing to give up."""
    if min(mentor_gain, mentee_gain) < 0:
        return False
    if kind == "weak":
        return mentor_gain > 0 and mentee_gain > 0
    return kind == "super" or mentor_gain > 0 or mentee_gain > 0


def blocking_pairs(
    pairs: Mapping[IdPair, PairFacts],
    made: Made,
    forced: Collection[IdPair] = (),
    kind: str = "weak",
) -> tuple[IdPair, ...]:
    """Acceptable pairs, not matched to each other, that both would rather be.

    Each has a free place, or strictly prefers the other to a partner they got (``strong``: one of
    them at least indifferent; ``super``: both). A place held by a pair that must be made is not
    theirs to give. Somebody paired illegally prefers every acceptable partner to that one.
    """
    matched = set(made.pairs)
    worst = _worst_held(pairs, made, forced)
    return tuple(
        pair
        for pair, facts in pairs.items()
        if facts.acceptable
        and pair not in matched
        and _blocks(
            kind,
            worst.get(pair[0], -inf) - facts.mentor_rank,
            worst.get(pair[1], -inf) - facts.mentee_rank,
        )
    )


def _worst_held(
    pairs: Mapping[IdPair, PairFacts], made: Made, forced: Collection[IdPair]
) -> dict[str, float]:
    """The worst rank that each person may give up: infinite for a free place."""
    worst: dict[str, float] = {}
    for pair in made.pairs:
        if pair in forced:
            continue
        facts = pairs[pair]
        for person, rank in zip(pair, (facts.mentor_rank, facts.mentee_rank), strict=True):
            worst[person] = max(worst.get(person, 0), rank or inf)
    for person, room in made.room.items():
        if room > 0:
            worst[person] = inf
    return worst
