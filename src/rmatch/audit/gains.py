"""Levels that are sums: what each pair adds to them, and everybody's first partner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rmatch.audit.declared import IdPair
from rmatch.audit.objectives import TIE_BREAK, drawn, standing
from rmatch.audit.outcome import Outcome
from rmatch.audit.places import free_ranks


@dataclass(frozen=True, slots=True)
class Gain:
    """What is added up, always so that more is better; a person not in ``person`` adds nothing."""

    pair: Callable[[IdPair], int]
    person: Mapping[str, int] = field(default_factory=dict)


def gain_of(level: str, outcome: Outcome, seed: int | None) -> Gain | None:
    """The terms of a level; ``None`` for one that is no such sum, or drawn from an unknown seed."""
    if level == TIE_BREAK:
        return None if seed is None else Gain(lambda pair: drawn(seed, *pair))
    return _SUMS[level](outcome) if level in _SUMS else None


def _people(outcome: Outcome) -> Gain:
    return Gain(nothing, {person.id: 1 for person in outcome.roster.people})


def _priority(outcome: Outcome) -> Gain:
    return Gain(nothing, {person.id: person.priority for person in outcome.roster.people})


def nothing(pair: IdPair) -> int:
    """What a pair adds where only people count."""
    del pair
    return 0


def _changes(outcome: Outcome) -> Gain:
    """A pair that was made before and is made again is one fewer that is broken."""
    before = standing(outcome)
    return Gain(lambda pair: int(pair in before))


def _egalitarian(outcome: Outcome) -> Gain:
    """A pair puts two ranks in the place of those that two free places count as."""
    free, pairs = free_ranks(outcome.pairs), outcome.pairs

    def gain(pair: IdPair) -> int:
        facts = pairs[pair]
        return free[pair[0]] - facts.mentor_rank + free[pair[1]] - facts.mentee_rank

    return Gain(gain)


_SUMS: Mapping[str, Callable[[Outcome], Gain]] = {
    "pairs": lambda _: Gain(lambda _: 1),
    "people": _people,
    "priority": _priority,
    "changes": _changes,
    "warnings": lambda outcome: Gain(lambda pair: -bool(outcome.pairs[pair].warned)),
    "score": lambda outcome: Gain(lambda pair: outcome.pairs[pair].score),
    "egalitarian": _egalitarian,
}
