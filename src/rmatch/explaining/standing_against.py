"""Which of the coordinator's statements stand against somebody's having a partner."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rmatch.errors import InfeasibleError, TimeLimitError
from rmatch.explaining.infeasible import minimal_set
from rmatch.explaining.someone import Person
from rmatch.instance import Instance, Quota
from rmatch.programme import MustPair
from rmatch.scoring.statements import AnyStatement, Rows, apply, parts_of
from rmatch.solving import feasible
from rmatch.solving.clock import Clock
from rmatch.solving.counterfactual import counterfactual
from rmatch.solving.solve import solve


def forbidding(instance: Instance, person: Person, clock: Clock) -> tuple[str, ...]:
    """A minimal set of statements that no matching keeps in which the person has a partner.

    Empty where there is such a matching, or the time was up.
    """
    bare, stated = parts_of(instance)
    hard = [one for one in stated if _is_hard(one)]

    def test(some: Sequence[AnyStatement]) -> bool:
        try:
            return feasible(_with_partner(apply(bare, some), person), clock)
        except InfeasibleError:
            return False

    try:
        return () if test(hard) else tuple(one.id for one in minimal_set(hard, test))
    except TimeLimitError:
        return ()


def _with_partner(instance: Instance, person: Person) -> Instance:
    """The instance in which the person has a partner, as one statement more."""
    mentors, mentees = person.counts(instance)
    nothing = np.zeros(instance.n_pairs, dtype=np.int64)
    row = Quota("a partner", nothing, mentors, mentees, minimum=1)
    return instance.replace(quotas=(*instance.quotas, row))


def without_which_free(
    instance: Instance, person: Person, levels: Sequence[str], seed: int, clock: Clock
) -> tuple[str, ...]:
    """Statements without which a partner for this person would cost nothing at some levels.

    Each by itself where one is enough, else all together where that is; none where neither is, or
    the time was up. Quotas with a price have a level of their own, so they stay.
    """
    bare, stated = parts_of(instance)
    hard = [one for one in stated if _is_hard(one)]

    def is_free_without(some: Sequence[AnyStatement]) -> bool:
        left = [one for one in stated if one not in some]
        return _is_free(apply(bare, left), person, levels, seed, clock)

    if not hard or not is_free_without(hard):
        return ()
    if len(hard) == 1:
        return (hard[0].id,)
    alone = [one.id for one in hard if is_free_without([one])]
    return tuple(alone or [one.id for one in hard])


def _is_hard(one: AnyStatement) -> bool:
    """Whether a statement that came out of an instance must hold."""
    if isinstance(one, Rows):
        return any(quota.price is None for quota in one.quotas)
    return isinstance(one, MustPair)


def _is_free(
    instance: Instance, person: Person, levels: Sequence[str], seed: int, clock: Clock
) -> bool:
    """Whether some matching that is the best at every level has a partner for the person."""
    try:
        best = solve(instance, levels, seed=seed, time_limit=clock.left, cancel=clock.cancel)
    except TimeLimitError:
        return False
    if best.status != "optimal":
        return False
    if person.is_matched(instance, best.chosen):
        return True
    found = counterfactual(
        instance,
        levels,
        best.chosen,
        person.required,
        seed=seed,
        time_limit=clock.left,
        finish=0,
        cancel=clock.cancel,
    )
    return (
        bool(found.possible)
        and found.decides is None
        and all(level.proved for level in found.levels)
    )
