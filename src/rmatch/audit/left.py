"""What is left to decide beside the pairs that must be made: places, pairs, and those made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rmatch.audit.declared import IdPair
from rmatch.audit.made import Made
from rmatch.audit.recompute import PairFacts
from rmatch.audit.roster import Roster


@dataclass(frozen=True, slots=True)
class Left:
    """The problem that a certificate is about.

    Attributes:
        places: what everybody has left, by id.
        pairs: those acceptable that need not be made and could be: both people have a place left.
        made: the pairs made that need not be.
        new: who has no partner by a pair that must be made.
    """

    places: Mapping[str, int]
    pairs: tuple[IdPair, ...]
    made: tuple[IdPair, ...]
    new: frozenset[str]


def left_of(
    roster: Roster, pairs: Mapping[IdPair, PairFacts], made: Made, forced: Iterable[IdPair]
) -> Left | None:
    """What the pairs that must be made leave; ``None`` where one is missing or does not fit.

    That is faulted already.
    """
    must, kept = frozenset(forced), frozenset(made.pairs)
    places = {person.id: person.capacity for person in roster.people}
    for pair in must:
        if pair not in kept or not pairs[pair].acceptable:
            return None
        for person in pair:
            places[person] -= 1
    if any(left < 0 for left in places.values()):
        return None
    taken = {person for pair in must for person in pair}
    return Left(
        places,
        tuple(
            pair
            for pair, facts in pairs.items()
            if places[pair[0]] and places[pair[1]] and facts.acceptable and pair not in must
        ),
        tuple(pair for pair in made.pairs if pair not in must),
        frozenset(person for person in places if person not in taken),
    )
