"""Every objective recomputed from the pairs made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from rmatch.audit.declared import IdPair
from rmatch.audit.made import Made
from rmatch.audit.recompute import PairFacts
from rmatch.audit.roster import Roster


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the objectives are functions of."""

    roster: Roster
    pairs: Mapping[IdPair, PairFacts]
    made: Made
    blocking: tuple[IdPair, ...]


def _people(outcome: Outcome) -> int:
    return sum(1 for person in outcome.roster.people if outcome.made.matched(person.id))


def _priority(outcome: Outcome) -> int:
    return sum(p.priority for p in outcome.roster.people if outcome.made.matched(p.id))


OBJECTIVES: Mapping[str, Callable[[Outcome], int]] = {
    "pairs": lambda outcome: len(outcome.made.pairs),
    "people": _people,
    "priority": _priority,
    "stability": lambda outcome: len(outcome.blocking),
    "warnings": lambda outcome: sum(1 for p in outcome.made.pairs if outcome.pairs[p].warned),
    "score": lambda outcome: sum(outcome.pairs[p].score for p in outcome.made.pairs),
}
"""Level → its value. The tie-break needs its seed too."""

TIE_BREAK = "tie_break"


def tie_break(outcome: Outcome, seed: int) -> int:
    """The sum of the 36-bit weights that the pairs made have drawn."""
    return sum(drawn(seed, mentor, mentee) for mentor, mentee in outcome.made.pairs)


def drawn(seed: int, mentor: str, mentee: str) -> int:
    """The 36-bit weight of a pair."""
    digest = sha256(f"{seed}\x1f{mentor}\x1f{mentee}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 28
