"""The decisions that lie between two programmes, as far as the ledger does not say them yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from rmatch.errors import DecisionError
from rmatch.programme import Programme, Settings
from rmatch.programme.settings import default_severities
from rmatch.rematching.decisions import (
    SIDES,
    Capacity,
    Decision,
    Declared,
    Forbid,
    Join,
    Keep,
    Pair,
    Withdraw,
)
from rmatch.rematching.replay import Entry, State, after
from rmatch.rematching.states import UNDER_WAY
from rmatch.run_folder import NOT_GIVEN

_ONCE = datetime.min.replace(tzinfo=UTC)
"""Where nothing will be written: any conflict holds."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a matching was told, itself or those before it that were never saved.

    Attributes:
        decisions: In an order in which they can be recorded.
        since: The number of the ledger's last entry when the first of it was said.
    """

    decisions: tuple[Decision, ...] = ()
    since: int = 0


def said_since(before: Programme, after: Programme, state: State) -> Iterator[Decision]:
    """What was decided from one programme to the next, in an order in which it can be recorded.

    Args:
        before: The programme of the matching so far.
        after: That of the rematch.
        state: What the ledger says already.
    """
    yield from _people(before, after, state)
    yield from _conflicts(before, after, state)
    yield from _pairs(before, after, state)
    yield from _places(before, after, state)


def _people(before: Programme, after: Programme, state: State) -> Iterator[Decision]:
    for person in before.by_id:
        if person not in after.by_id and person not in state.withdrawn:
            yield Withdraw(person)
    for side in SIDES:
        for one in getattr(after, f"{side}s"):
            is_known = one.id in state.joined or one.id in before.by_id
            if not is_known or one.id in state.withdrawn:
                yield Join(one.id, side)


def _conflicts(before: Programme, after: Programme, state: State) -> Iterator[Decision]:
    known = {(pair, one.rule, one.until) for pair, all_ in state.conflicts.items() for one in all_}
    severities = {**default_severities(), **after.settings.rules}
    for one in after.conflicts:
        pair = (one.mentor, one.mentee)
        if one not in before.conflicts and (pair, one.rule, one.until) not in known:
            how = severities[one.rule]
            yield Declared(*pair, rule=one.rule, until=one.until, severity=how)


def _pairs(before: Programme, after: Programme, state: State) -> Iterator[Decision]:
    for pair in after.settings.must_pair:
        if pair not in before.settings.must_pair and pair not in state.kept:
            yield Keep(*pair)
    said = {*before.settings.must_not_pair, *state.forbidden, *state.failed}
    for pair in after.settings.must_not_pair:
        if pair not in said:
            yield Forbid(*pair)


def _places(before: Programme, after: Programme, state: State) -> Iterator[Decision]:
    for person, one in after.by_id.items():
        earlier = before.by_id.get(person, one).capacity
        if one.capacity != state.capacities.get(person, earlier):
            yield Capacity(person, one.capacity)


# ----------------------------------------------------------------------------- beside the ledger


def taken(state: State, decisions: Iterable[Decision], settings: Settings) -> State:
    """The state as if it had been recorded, at the number of the last entry that was.

    What the ledger would refuse (to forbid a pair that is under way) changes nothing. A conflict
    holds where it does for the programme: on its first day.
    """
    when = datetime.combine(settings.starts or date.min, time(), tzinfo=UTC)
    new = state
    for decision in decisions:
        new = _after(new, decision, when)
    return replace(new, number=state.number)


def refuse_forbidding(state: State, decisions: Iterable[Decision]) -> None:
    """That no pair is forbidden that is agreed, before anybody spends time on it.

    Args:
        state: What the ledger says.
        decisions: What a rematch is told.

    Raises:
        DecisionError: the ledger would refuse to forbid a pair; every such pair is named.
    """
    refused: list[str] = []
    for decision in decisions:
        if isinstance(decision, Keep):  # kept and forbidden at once is for the solver to tell
            continue
        try:
            state = after(state, Entry(state.number + 1, _ONCE, NOT_GIVEN, decision))
        except DecisionError as error:
            if isinstance(decision, Forbid):
                refused.append(error.message)
    if refused:
        raise DecisionError("; ".join(refused))


def _after(state: State, decision: Decision, when: datetime) -> State:
    """The state once this is decided; as it was, where the ledger would refuse it."""
    try:
        return after(state, Entry(state.number + 1, when, NOT_GIVEN, decision))
    except DecisionError:
        return state


def unwritten(
    said: Said,
    entries: Iterable[Entry],
    state: State,
    sides: Mapping[str, str],
    when: datetime | None,
) -> tuple[Decision, ...]:
    """What no entry since says in its turn, and is not the case anyhow once its turn comes.

    Args:
        said: What was said.
        entries: The ledger, people by id.
        state: The state after them.
        sides: Everybody in the run that the ledger is about, and on which side.
        when: The moment at which it is written; ``None`` where it is not.
    """
    rest = list(said.decisions)
    for entry in entries:
        if rest and entry.number > said.since and _plain(entry.decision) == _plain(rest[0]):
            del rest[0]
    return tuple(_news(rest, state, sides, when or _ONCE))


def _news(
    decisions: Sequence[Decision], state: State, sides: Mapping[str, str], when: datetime
) -> Iterator[Decision]:
    """Those that change something; whoever left before the run was saved is in none of them."""
    left = {one.person for one in decisions if isinstance(one, Withdraw)}
    for decision in decisions:
        known = {**sides, **state.joined}
        if isinstance(decision, Join):
            is_there = decision.person not in state.withdrawn
            is_so = is_there and known.get(decision.person) == decision.side
        else:
            unknown = {*decision.people} - known.keys()
            is_so = _is_so(state, decision) or bool(unknown & left)
        if not is_so:
            yield decision
            state = _after(state, decision, when)


def _plain(decision: Decision) -> Decision:
    """Without what is filled in when it is recorded, and without the reason."""
    if isinstance(decision, Declared):
        return replace(decision, severity="hard", reason=NOT_GIVEN)
    if isinstance(decision, Join | Withdraw | Keep | Forbid | Capacity):
        return replace(decision, reason=NOT_GIVEN)
    return decision


def _is_so(state: State, decision: Decision) -> bool:
    """Whether the ledger says the same already."""
    if isinstance(decision, Withdraw):
        return decision.person in state.withdrawn
    if isinstance(decision, Capacity):
        return state.capacities.get(decision.person) == decision.places
    if isinstance(decision, Keep | Forbid):
        known = state.kept if isinstance(decision, Keep) else state.forbidden
        return decision.pair in known
    return False


def against(state: State, decisions: Iterable[Decision]) -> Iterator[str]:
    """Where the ledger says otherwise, so that it has to be written there as well; by id.

    Whatever else was said is in the programme, and the ledger has nothing against it.
    """
    for decision in decisions:
        what = _against(state, decision)
        if what is not None:
            yield what


def _against(state: State, decision: Decision) -> str | None:
    if isinstance(decision, Join) and decision.person in state.withdrawn:
        return f"{decision.person} withdrew (entry {state.withdrawn[decision.person]}) and is back"
    if isinstance(decision, Capacity) and decision.person in state.capacities:
        recorded = state.capacities[decision.person]
        return f"{decision.person} has places for {decision.places} instead of {recorded}"
    if isinstance(decision, Withdraw):
        if decision.person in state.joined:
            return f"{decision.person} joined and has left"
        bound = [pair for pair in _agreed(state) if decision.person in pair]
        return f"{decision.person} has left: {_of(bound[0])} is agreed" if bound else None
    if isinstance(decision, Declared) and decision.severity == "hard":
        is_agreed = decision.pair in _agreed(state)
        return f"{_of(decision.pair)} is agreed and has a conflict" if is_agreed else None
    return None


def _agreed(state: State) -> tuple[Pair, ...]:
    """Pairs under way, and those that are to be kept."""
    return tuple(dict.fromkeys((*state.in_state(*UNDER_WAY), *state.kept)))


def _of(pair: Pair) -> str:
    return " with ".join(pair)
