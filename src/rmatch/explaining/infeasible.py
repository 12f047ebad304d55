"""Why statements cannot all hold: a minimal set of them, and the smallest change that helps."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

import numpy as np

from rmatch.errors import InfeasibleError, Relaxation
from rmatch.explaining.rule_words import rule_label
from rmatch.instance import Instance
from rmatch.programme import Load, MustNotPair, MustPair, Programme, Quota, Standing
from rmatch.scoring import PairScores
from rmatch.scoring.statements import AnyStatement, Rows, apply

Oracle = Callable[[Instance], bool]
"""Whether some matching keeps the pairs, capacities and hard quotas of an instance."""


def explained(
    instance: Instance,
    statements: Iterable[AnyStatement],
    feasible: Oracle,
    scores: PairScores | None = None,
) -> InfeasibleError | None:
    """The error that says why statements cannot all hold; ``None`` where they can.

    Args:
        instance: The arrays with nothing stated in them.
        statements: In the order stated.
        feasible: The oracle. What it raises (that the time is up) goes through.
        scores: Where the pairs came from; ``None`` for an instance made without people.

    Raises:
        ValueError: see :func:`rmatch.scoring.statements.apply`.
    """
    stated = tuple(dict.fromkeys(statements))
    programme = None if scores is None else scores.programme
    test = _Test(instance, programme, feasible)
    if test(stated):
        return None
    core = minimal_set(stated, test)
    return InfeasibleError(
        [one.id for one in core],
        cheapest(stated, core, test),
        dict(_notes(instance, core, scores)),
        explained=True,
    )


class _Test:
    """Whether some statements can hold together."""

    def __init__(self, instance: Instance, programme: Programme | None, feasible: Oracle) -> None:
        self.instance = instance
        self.programme = programme
        self.feasible = feasible

    def __call__(self, statements: Sequence[AnyStatement]) -> bool:
        try:
            stated = apply(self.instance, statements, self.programme)
        except InfeasibleError:
            return False
        return self.feasible(stated)


Test = Callable[[Sequence[AnyStatement]], bool]


def minimal_set(statements: Sequence[AnyStatement], test: Test) -> tuple[AnyStatement, ...]:
    """A minimal set of statements that cannot hold together, in the order stated.

    Those stated first are kept first. (QuickXplain: Junker, *Preferred explanations and relaxations
    for over-constrained problems*, 2004.) With n statements and k in the set it asks at most about
    2k·log2(n/k) + 2k times. Needs what holds here: more statements never make more feasible.
    """
    found = set(_conflict((), (), tuple(range(len(statements))), _over(statements, test)))
    return tuple(one for k, one in enumerate(statements) if k in found)


def _over(statements: Sequence[AnyStatement], test: Test) -> Callable[[tuple[int, ...]], bool]:
    return lambda places: test([statements[k] for k in sorted(places)])


def _conflict(
    held: tuple[int, ...],
    added: tuple[int, ...],
    among: tuple[int, ...],
    test: Callable[[tuple[int, ...]], bool],
) -> tuple[int, ...]:
    """A minimal part of ``among`` that clashes with ``held``; ``added`` is what came to it last."""
    if added and not test(held):
        return ()
    if len(among) <= 1:
        return among
    half = len(among) // 2
    first, second = among[:half], among[half:]
    right = _conflict((*held, *first), first, second, test)
    left = _conflict((*held, *right), right, first, test)
    return (*left, *right)


# -------------------------------------------------------------------------------------- relaxations


def cheapest(
    statements: Sequence[AnyStatement], core: Sequence[AnyStatement], test: Test
) -> Relaxation | None:
    """The cheapest change of one statement after which all can hold, the earliest of equals.

    Only statements of a minimal set need be tried: while it is whole, nothing helps.
    """
    found = [relaxation for one in core for relaxation in _relaxations(statements, one, test)]
    return min(found, key=lambda relaxation: relaxation.cost, default=None)


def _relaxations(
    statements: Sequence[AnyStatement], one: AnyStatement, test: Test
) -> Iterator[Relaxation]:
    rest = list(statements)
    place = rest.index(one)

    def holds(changed: AnyStatement) -> bool:
        return test([*rest[:place], changed, *rest[place + 1 :]])

    if isinstance(one, MustPair | MustNotPair):
        if test([*rest[:place], *rest[place + 1 :]]):
            yield Relaxation(one.id, "drop")
        return
    for limit in ("minimum", "maximum"):
        relaxation = _least_change(one, limit, holds)
        if relaxation is not None:
            yield relaxation


def _least_change(
    one: Load | Quota | Rows | Standing,
    limit: Literal["minimum", "maximum"],
    holds: Callable[[AnyStatement], bool],
) -> Relaxation | None:
    """The nearest limit that is enough, by bisection; ``None`` where none is."""
    before = _limit(one, limit)
    if before is None:
        return None
    step = -1 if limit == "minimum" else 1

    def enough(amount: int) -> bool:
        return holds(_with_limit(one, limit, before + step * amount))

    most = _reach(one, limit, before)
    if most <= 0 or not enough(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return Relaxation(one.id, limit, before, before + step * high)


def _limit(one: Load | Quota | Rows | Standing, limit: str) -> int | None:
    if not isinstance(one, Rows):
        found: int | None = getattr(one, limit)
        return found
    limits = {getattr(quota, limit) for quota in one.quotas}
    # Rows that have different limits are no one statement that could be changed.
    return limits.pop() if len(limits) == 1 else None


def _with_limit(one: Load | Quota | Rows | Standing, limit: str, value: int) -> AnyStatement:
    if isinstance(one, Rows):
        moved = (
            dataclasses.replace(quota, minimum=value)
            if limit == "minimum"
            else dataclasses.replace(quota, maximum=value)
            for quota in one.quotas
        )
        return Rows(one.id, tuple(moved))
    # Not checked again: a quota whose minimum went down to 0 states nothing, and is tried anyway.
    return one.model_copy(update={limit: value})


_MOST = 2**20
"""Beyond this no limit of a programme can matter."""


def _reach(one: Load | Quota | Rows | Standing, limit: str, before: int) -> int:
    """By how much a limit can move before it cannot matter any more."""
    if not isinstance(one, Rows):
        return before if limit == "minimum" else max(0, _MOST - before)
    parts = [part for quota in one.quotas for part in (quota.pair, quota.mentor, quota.mentee)]
    if limit == "minimum":
        return before + sum(int(np.maximum(-part, 0).sum()) for part in parts)
    return max(0, sum(int(np.maximum(part, 0).sum()) for part in parts) - before)


# -------------------------------------------------------------------------------------------- notes


def _notes(
    instance: Instance, core: Sequence[AnyStatement], scores: PairScores | None
) -> Iterator[tuple[str, str]]:
    """What else is to be known of the statements: limits, and why a pair can never be made."""
    for one in core:
        if isinstance(one, MustPair):
            why = _why_never(instance, one, scores) or _few_places(instance, one, core)
            if why:
                yield one.id, why
        elif isinstance(one, Load | Quota | Standing):
            yield one.id, _limits(one.minimum, one.maximum)


def _limits(minimum: int, maximum: int | None) -> str:
    if maximum is None:
        return f"at least {minimum}"
    return f"{minimum} to {maximum}" if minimum else f"at most {maximum}"


def _why_never(instance: Instance, one: MustPair, scores: PairScores | None) -> str:
    key = instance.mentor_ids.index(one.mentor), instance.mentee_ids.index(one.mentee)
    if instance.index_of(*key) is not None:
        return ""
    if scores is None:
        return "not an acceptable pair"
    codes = scores.why_excluded(one.mentor, one.mentee)
    return f"excluded by a rule: {', '.join(map(rule_label, codes))}"


def _few_places(instance: Instance, one: MustPair, core: Sequence[AnyStatement]) -> str:
    """That one of the two must be in more pairs than they have places."""
    ends = (
        ("mentor", instance.mentor_ids, instance.mentor_capacity),
        ("mentee", instance.mentee_ids, instance.mentee_capacity),
    )
    notes = []
    for side, ids, capacity in ends:
        person = getattr(one, side)
        wanted = sum(isinstance(c, MustPair) and getattr(c, side) == person for c in core)
        places = int(capacity[ids.index(person)])
        if wanted > places:
            notes.append(f"{person} has {places} {'place' if places == 1 else 'places'}")
    return ", ".join(notes)
