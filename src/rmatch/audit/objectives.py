"""Every objective recomputed from the pairs made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256

from rmatch.audit import places
from rmatch.audit.claim import Value
from rmatch.audit.declared import IdPair
from rmatch.audit.outcome import Outcome


def _people(outcome: Outcome) -> int:
    return sum(1 for person in outcome.roster.people if outcome.made.matched(person.id))


def _priority(outcome: Outcome) -> int:
    return sum(p.priority for p in outcome.roster.people if outcome.made.matched(p.id))


def _changes(outcome: Outcome) -> int:
    """Pairs made before, and still allowed, that are not made now."""
    made = set(outcome.made.pairs)
    return sum(1 for pair in standing(outcome) if pair not in made)


def standing(outcome: Outcome) -> frozenset[IdPair]:
    """Pairs made before that are still allowed."""
    known = outcome.stated.standing
    return frozenset(
        pair for pair in known if pair in outcome.pairs and outcome.pairs[pair].acceptable
    )


def _prices(outcome: Outcome) -> int:
    """Every unit off the limits of a quota that has a price, at that price."""
    quotas = outcome.stated.quotas
    return sum(q.price * q.off(outcome.made) for q in quotas if q.price is not None)


def _leximin(outcome: Outcome) -> tuple[int, ...]:
    """What everybody's worst partner scores on their own side, ascending; −1 without a partner."""
    own: dict[str, list[int]] = {person.id: [] for person in outcome.roster.people}
    for mentor, mentee in outcome.made.pairs:
        facts = outcome.pairs[mentor, mentee]
        own[mentor].append(facts.mentor_score)
        own[mentee].append(facts.mentee_score)
    return tuple(sorted(min(scores, default=-1) for scores in own.values()))


OBJECTIVES: Mapping[str, Callable[[Outcome], Value]] = {
    "pairs": lambda outcome: len(outcome.made.pairs),
    "people": _people,
    "priority": _priority,
    "changes": _changes,
    "stability": lambda outcome: len(outcome.blocking),
    "prices": _prices,
    "warnings": lambda outcome: sum(1 for p in outcome.made.pairs if outcome.pairs[p].warned),
    "score": lambda outcome: sum(outcome.pairs[p].score for p in outcome.made.pairs),
    "leximin": _leximin,
    "rank_maximal": places.rank_maximal,
    "generous": places.generous,
    "egalitarian": places.egalitarian,
    "min_regret": places.min_regret,
    "balanced": places.balanced,
    "side_equal": places.side_equal,
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
