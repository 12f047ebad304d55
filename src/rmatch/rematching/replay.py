"""The state of a programme after its decisions: rebuilt from the entries alone, one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from rmatch.errors import DecisionError
from rmatch.programme.reference import RULES
from rmatch.programme.settings import Severity
from rmatch.rematching.decisions import (
    Approve,
    Capacity,
    Decision,
    Declared,
    Forbid,
    Join,
    Keep,
    OfPair,
    Pair,
    Propose,
    Side,
    Undo,
    Withdraw,
)
from rmatch.rematching.states import (
    COORDINATOR_SELF,
    OVER,
    UNDER_WAY,
    PairState,
    PairStatus,
    ended,
    is_self_approved,
    moved,
)

REPROPOSED_AFTER = frozenset({"no_fault", "moved", "withdrawn"})
"""Ends after which the two may be proposed to each other again; others are failed pairs."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ledger. People are called as whoever reads it may call them."""

    number: int
    time: datetime
    who: str
    decision: Decision
    mac: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class KnownConflict:
    """A conflict that came out, and the entry that says so."""

    rule: str
    until: date | None
    severity: Severity
    entry: int

    def holds_on(self, day: date) -> bool:
        """Whether the two may not be paired for it on that day.

        A hard rule with a look-back is taken to hold until its entry is undone.
        """
        if self.severity != "hard":
            return False
        has_lookback = bool(RULES[self.rule]["lookback_months"])
        return has_lookback or self.until is None or day <= self.until


@dataclass(frozen=True, slots=True)
class State:
    """Everything decided up to an entry, whatever was undone left out.

    ``kept``, ``forbidden`` and ``withdrawn`` give the number of the entry that says so; ``joined``
    the side; ``capacities`` the places. A pair that is over stays in ``pairs``. ``erased`` are the
    pseudonyms of whom nothing else is left, in the whole ledger: no entry says who they are.
    """

    number: int = 0
    pairs: Mapping[Pair, PairStatus] = field(default_factory=dict)
    kept: Mapping[Pair, int] = field(default_factory=dict)
    forbidden: Mapping[Pair, int] = field(default_factory=dict)
    withdrawn: Mapping[str, int] = field(default_factory=dict)
    joined: Mapping[str, Side] = field(default_factory=dict)
    conflicts: Mapping[Pair, tuple[KnownConflict, ...]] = field(default_factory=dict)
    capacities: Mapping[str, int] = field(default_factory=dict)
    undone: frozenset[int] = frozenset()
    erased: frozenset[str] = frozenset()

    def in_state(self, *states: PairState) -> tuple[Pair, ...]:
        """The pairs that are in one of these states, in the order they were proposed."""
        return tuple(pair for pair, status in self.pairs.items() if status.state in states)

    @property
    def ended(self) -> Mapping[Pair, str]:
        """Why each pair that has ended did."""
        return {
            pair: status.reason or ""
            for pair, status in self.pairs.items()
            if status.state is PairState.ENDED
        }

    @property
    def failed(self) -> frozenset[Pair]:
        """Pairs that were declined, or ended so that they are never made again."""
        return frozenset(
            pair
            for pair, status in self.pairs.items()
            if status.state in OVER and status.reason not in _again(status)
        )

    @property
    def warnings(self) -> tuple[tuple[Pair, str], ...]:
        """Pairs under way that somebody should look at, each with a code."""
        return tuple(
            (pair, COORDINATOR_SELF)
            for pair, status in self.pairs.items()
            if status.state in UNDER_WAY and is_self_approved(pair, status)
        )


def _again(status: PairStatus) -> frozenset[str]:
    return REPROPOSED_AFTER if status.state is PairState.ENDED else frozenset()


class ReplayError(DecisionError):
    """An entry that cannot follow from those before it; ``entry`` is its number."""

    def __init__(self, entry: int, message: str) -> None:
        self.entry = entry
        super().__init__(message)

    def __reduce__(self) -> tuple[type[ReplayError], tuple[int, str]]:
        return type(self), (self.entry, self.message)


def state_of(entries: Iterable[Entry], at: int | None = None) -> State:
    """The state after entry number ``at``; without it, after the last.

    Raises:
        ReplayError: an entry cannot follow from those before it that were not undone.
    """
    upto = [entry for entry in entries if at is None or entry.number <= at]
    undone = frozenset(e.decision.entry for e in upto if isinstance(e.decision, Undo))
    state = State()
    for entry in upto:
        if entry.number not in undone:
            state = _replayed(state, entry)
    return replace(state, number=upto[-1].number if upto else 0, undone=undone)


def _replayed(state: State, entry: Entry) -> State:
    try:
        return after(state, entry)
    except DecisionError as error:
        raise ReplayError(entry.number, error.message) from None


def after(state: State, entry: Entry) -> State:
    """The state once one more decision is taken. An ``Undo`` is seen by ``state_of`` alone.

    Raises:
        DecisionError: it cannot be taken from here.
    """
    step = _STEPS.get(type(entry.decision), _move)
    return replace(step(state, entry, entry.decision), number=entry.number)


def blocked(state: State, pair: Pair, day: date) -> str | None:
    """Why the two may not be paired on that day, if they may not; names the entry."""
    if pair in state.forbidden:
        return f"entry {state.forbidden[pair]} forbids it"
    for conflict in state.conflicts.get(pair, ()):
        if conflict.holds_on(day):
            return f"entry {conflict.entry} declares a conflict"
    for person in pair:
        if person in state.withdrawn:
            return f"{person} withdrew (entry {state.withdrawn[person]})"
    return None


def full(state: State, pair: Pair) -> str | None:
    """Whose places are all taken by other agreed pairs, if anybody's; by what was decided of them.

    A ledger may say so all the same: places can become fewer after pairs were agreed to.
    """
    for person in pair:
        others = [one for one in state.in_state(*UNDER_WAY) if person in one and one != pair]
        places = state.capacities.get(person)
        if places is not None and len(others) >= places:
            taken = ", ".join(" with ".join(one) for one in others)
            reason = f"{person} has places for {places}, by what was decided"
            return f"{reason}, and {taken} is agreed" if others else reason
    return None


# One kind each ------------------------------------------------------------------------------------


def _proposed(state: State, entry: Entry, decision: Propose) -> State:
    """What is only proposed gives way; what somebody approved, declined or ended stays.

    A pair that may not be made is not proposed, whatever the matching says.
    """
    pairs = {p: s for p, s in state.pairs.items() if s.state is not PairState.PROPOSED}
    for pair in decision.pairs:
        status = pairs.get(pair)
        is_new = status is None or (status.state in OVER and pair not in state.failed)
        if is_new and blocked(state, pair, entry.time.date()) is None:
            pairs.pop(pair, None)
            pairs[pair] = PairStatus()
    return replace(state, pairs=pairs)


def _kept(state: State, entry: Entry, decision: Keep) -> State:
    _refuse_again(state.kept, decision)
    why = blocked(state, decision.pair, entry.time.date())
    if why is None and decision.pair in state.failed:
        why = "it failed, and failed pairs are never made again"
    _refuse_blocked(decision, why)
    return replace(state, kept={**state.kept, decision.pair: entry.number})


def _forbidden(state: State, entry: Entry, decision: Forbid) -> State:
    _refuse_again(state.forbidden, decision)
    pair, why = decision.pair, None
    if pair in state.kept:
        why = f"entry {state.kept[pair]} keeps it; undo that first"
    elif pair in state.pairs and state.pairs[pair].state in UNDER_WAY:
        why = f"it is {state.pairs[pair].state}; end it first"
    _refuse_blocked(decision, why)
    return replace(
        state,
        forbidden={**state.forbidden, pair: entry.number},
        pairs=_over(state, lambda other: other == pair, "forbidden"),
    )


def _refuse_again(known: Mapping[Pair, int], decision: OfPair) -> None:
    if decision.pair in known:
        _refuse_blocked(decision, f"entry {known[decision.pair]} does so already")


def _refuse_blocked(decision: OfPair, why: str | None) -> None:
    if why is not None:
        raise DecisionError(
            f"{decision.mentor} with {decision.mentee}: cannot {decision.kind}, because {why}"
        )


def _withdrawn(state: State, entry: Entry, decision: Withdraw) -> State:
    person = decision.person
    if person in state.withdrawn:
        raise DecisionError(f"{person} withdrew already (entry {state.withdrawn[person]})")
    return replace(
        state,
        withdrawn={**state.withdrawn, person: entry.number},
        pairs=_over(state, lambda pair: person in pair, "withdrawn"),
        kept={pair: number for pair, number in state.kept.items() if person not in pair},
    )


def _over(state: State, is_meant: Callable[[Pair], bool], reason: str) -> dict[Pair, PairStatus]:
    """The pairs, those meant that were agreed to ended, those only proposed gone."""
    pairs = {}
    for pair, status in state.pairs.items():
        if not is_meant(pair) or status.state in OVER:
            pairs[pair] = status
        elif status.state in UNDER_WAY:
            pairs[pair] = ended(status, reason)
    return pairs


def _joined(state: State, _: Entry, decision: Join) -> State:
    person = decision.person
    if person in state.joined and person not in state.withdrawn:
        raise DecisionError(f"{person} joined already")
    return replace(
        state,
        joined={**state.joined, person: decision.side},
        withdrawn={p: number for p, number in state.withdrawn.items() if p != person},
    )


def _declared(state: State, entry: Entry, decision: Declared) -> State:
    conflict = KnownConflict(decision.rule, decision.until, decision.severity, entry.number)
    pair = decision.pair
    conflicts = {**state.conflicts, pair: (*state.conflicts.get(pair, ()), conflict)}
    state = replace(state, conflicts=conflicts)
    if not conflict.holds_on(entry.time.date()):
        return state
    return replace(
        state,
        pairs=_over(state, lambda other: other == pair, "conflict"),
        kept={other: number for other, number in state.kept.items() if other != pair},
    )


def _with_capacity(state: State, _: Entry, decision: Capacity) -> State:
    return replace(state, capacities={**state.capacities, decision.person: decision.places})


def _approved(state: State, entry: Entry, decision: Approve) -> State:
    _refuse_blocked(decision, blocked(state, decision.pair, entry.time.date()))
    return _move(state, entry, decision)


def _move(state: State, entry: Entry, decision: OfPair) -> State:
    status = state.pairs.get(decision.pair)
    if status is None:
        raise DecisionError(
            f"{decision.mentor} with {decision.mentee} is not proposed, so there is nothing to "
            f"{decision.kind}"
        )
    now = moved(status, decision, entry.who)
    kept = state.kept
    if now.state in OVER:
        kept = {pair: number for pair, number in kept.items() if pair != decision.pair}
    return replace(state, pairs={**state.pairs, decision.pair: now}, kept=kept)


def _unchanged(state: State, _: Entry, __: Undo) -> State:
    return state


_STEPS: Mapping[type[Decision], Callable[[State, Entry, Any], State]] = {
    Propose: _proposed,
    Keep: _kept,
    Forbid: _forbidden,
    Withdraw: _withdrawn,
    Join: _joined,
    Declared: _declared,
    Capacity: _with_capacity,
    Approve: _approved,
    Undo: _unchanged,
}
"""How each kind changes the state; every other kind is a move of a pair."""
