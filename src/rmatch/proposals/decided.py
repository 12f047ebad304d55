"""What the ledger has to say about pairs that somebody moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rmatch.explaining.rule_words import public_code
from rmatch.proposals.records import PairIds
from rmatch.rematching.replay import State
from rmatch.rematching.states import UNDER_WAY

WITHDREW = "withdrew"
FORBIDDEN = "forbidden"
FAILED = "failed"
LEDGER: dict[str, str] = {
    WITHDREW: "one of them withdrew",
    FORBIDDEN: "decided: not to be paired",
    FAILED: "declined, or ended for good",
}
"""Codes of what the ledger rules out, in words."""


def ruled_out(
    state: State, pair: PairIds, starts: date | None, *, reveal: bool = False
) -> tuple[str, ...]:
    """Codes of why the ledger has no room for a pair; empty where it has.

    Args:
        state: What was decided.
        pair: The two, mentor first.
        starts: When the programme starts; a conflict that is over by then counts no more.
        reveal: Whether confidential rules go by their own codes.
    """
    return tuple(dict.fromkeys(_codes(state, pair, starts or date.min, reveal=reveal)))


def _codes(state: State, pair: PairIds, day: date, *, reveal: bool) -> Iterator[str]:
    if set(pair) & set(state.withdrawn):
        yield WITHDREW
    for ends in (pair, (pair[1], pair[0])):
        if ends in state.forbidden:
            yield FORBIDDEN
        if ends in state.failed:
            yield FAILED
        for conflict in state.conflicts.get(ends, ()):
            if conflict.holds_on(day):
                yield public_code(conflict.rule, reveal=reveal)


def how_far(state: State, pair: PairIds) -> str | None:
    """How far a pair is, where it was approved or further."""
    status = state.pairs.get(pair)
    return status.state.value if status is not None and status.state in UNDER_WAY else None


def kept_statements(state: State, pairs: Iterable[PairIds]) -> tuple[str, ...]:
    """Decisions that a pair is kept, where it is not among these."""
    there = set(pairs)
    return tuple(f"keep {' '.join(pair)}" for pair in state.kept if pair not in there)
