"""What the pairs made come to: the facts that objectives and checks are functions of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rmatch.audit.declared import IdPair
from rmatch.audit.left import Left, left_of
from rmatch.audit.made import Made, made_of
from rmatch.audit.recompute import PairFacts
from rmatch.audit.roster import Roster
from rmatch.audit.stability import blocking_pairs
from rmatch.audit.stated import Stated, with_limited_changes, within_loads, without_forbidden


@dataclass(frozen=True, slots=True)
class Outcome:
    """People within their loads, facts by pair without those forbidden, and what was made."""

    roster: Roster
    pairs: Mapping[IdPair, PairFacts]
    made: Made
    blocking: tuple[IdPair, ...]
    stated: Stated
    left: Left | None
    """What is decided beside the pairs that must be made; ``None`` where these are not made."""


def outcome_of(
    roster: Roster,
    pairs: Mapping[IdPair, PairFacts],
    stated: Stated,
    made: Iterable[IdPair],
) -> Outcome:
    """What ``made`` comes to, under what was stated."""
    limited = within_loads(roster, stated)
    allowed = without_forbidden(pairs, stated.forbidden)
    stated = with_limited_changes(stated, allowed)
    sorted_out = made_of(limited, made)
    blocking = blocking_pairs(allowed, sorted_out, stated.forced, stated.stability)
    left = left_of(limited, allowed, sorted_out, stated.forced)
    return Outcome(limited, allowed, sorted_out, blocking, stated, left)
