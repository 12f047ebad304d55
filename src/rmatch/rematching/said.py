"""The decisions that lie between two programmes, as far as the ledger does not say them yet."""

from __future__ import annotations

from collections.abc import Iterator

from rmatch.programme import Programme
from rmatch.rematching.decisions import (
    SIDES,
    Capacity,
    Decision,
    Declared,
    Forbid,
    Join,
    Keep,
    Withdraw,
)
from rmatch.rematching.replay import State


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
    for one in after.conflicts:
        pair = (one.mentor, one.mentee)
        if one not in before.conflicts and (pair, one.rule, one.until) not in known:
            yield Declared(*pair, rule=one.rule, until=one.until)


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
