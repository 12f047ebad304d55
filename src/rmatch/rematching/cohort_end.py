"""What a ledger says to the next cohort: how pairs ended, who left, what may never be made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from rmatch.programme import Conflict
from rmatch.programme.next_cohort import Decided
from rmatch.programme.ties import EndReason
from rmatch.rematching.decisions import Pair
from rmatch.rematching.ledger import History
from rmatch.rematching.replay import State
from rmatch.rematching.states import OVER, UNDER_WAY, PairState, PairStatus

_ENDS: Mapping[str, EndReason] = {
    "no_fault": "no_fault",
    "moved": "moved",
    "concern": "concern",
    "withdrawn": "withdrawn",
    "conflict": "not_again",
    "forbidden": "not_again",
}
"""How a pair that has ended stands in the history, by the ledger's reason."""


def decided(history: History, state: State | None = None) -> Decided:
    """What the next cohort must know of a ledger; who was erased is in none of it.

    Args:
        history: The ledger as it was read.
        state: With what the run proposes since (``state_now``); without it, what the entries say.
    """
    state, named = state or history.state, frozenset(history.ids.values())
    over = [pair for pair, status in state.pairs.items() if status.state in OVER]
    conflicts = {pair: known for pair, known in state.conflicts.items() if named >= set(pair)}
    return Decided(
        ended={pair: _end(state.pairs[pair]) for pair in _of(over, named)},
        under_way=frozenset(_of(state.in_state(*UNDER_WAY), named)),
        ruled_out=frozenset({*_of(state.forbidden, named), *_hard(state, conflicts)}),
        withdrawn=frozenset(state.withdrawn) & named,
        forbidden=tuple(_of(state.forbidden, named)),
        conflicts=tuple(
            Conflict(mentor=mentor, mentee=mentee, rule=one.rule, until=one.until)
            for (mentor, mentee), known in conflicts.items()
            for one in known
        ),
        places={person: n for person, n in state.capacities.items() if person in named},
    )


def unknown_joined(history: History, people: Collection[str]) -> tuple[str, ...]:
    """Who joined by the ledger, has not left again, and is not among these people."""
    state, named = history.state, frozenset(history.ids.values())
    return tuple(
        person
        for person in state.joined
        if person in named and person not in people and person not in state.withdrawn
    )


def _of(pairs: Iterable[Pair], named: frozenset[str]) -> list[Pair]:
    return [pair for pair in pairs if named >= set(pair)]


def _hard(state: State, conflicts: Iterable[Pair]) -> list[Pair]:
    return [
        pair for pair in conflicts if any(one.severity == "hard" for one in state.conflicts[pair])
    ]


def _end(status: PairStatus) -> EndReason:
    if status.state is PairState.DECLINED:
        return "declined"
    return _ENDS[status.reason or "no_fault"]
