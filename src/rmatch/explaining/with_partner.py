"""What the matching would be like if somebody without a partner had one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rmatch.explaining.someone import Person
from rmatch.instance import Instance
from rmatch.properties.feasibility import Chosen, loads
from rmatch.properties.stability import blocking_pairs
from rmatch.properties.statements import unkept
from rmatch.properties.welfare import value_of
from rmatch.solution import Level, Value
from rmatch.solving.clock import Clock
from rmatch.solving.counterfactual import Counterfactual, counterfactual
from rmatch.solving.objectives import REGISTRY


@dataclass(frozen=True, slots=True)
class WithPartner:
    """The best matching in which the person has a partner, next to the one that was made.

    Attributes:
        possible: Whether there is one that keeps what is stated; ``None`` if the time was up.
        level: The first level at which it differs; ``None`` where it differs at none.
        made: The level's value as made.
        value: The level's value with a partner for them.
        proved: Whether nothing with a partner for them is better up to that level.
        settled: Whether the pairs themselves are the best to the last level, not only to that one.
        partners: Ids of the partners they would have.
        left_out: Ids of people who would lose their only partner.
        gained: Ids of others who would get one.
        blocking: (mentor, mentee) ids of pairs that would block and do not now.
        unkept: Statements with a price that would be off their limits by more.
    """

    possible: bool | None
    level: str | None = None
    made: Value | None = None
    value: Value | None = None
    proved: bool = False
    settled: bool = False
    partners: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    blocking: tuple[tuple[str, str], ...] = ()
    unkept: tuple[str, ...] = ()

    @property
    def is_better(self) -> bool:
        """Whether the level that differs is better than it was made: then that was not the best."""
        if self.level is None:
            return False
        made, value = self.made, self.value
        if REGISTRY[self.level].sense == "max":
            made, value = value, made
        return made > value  # type: ignore[operator]  # values of one level are of one kind


@dataclass(frozen=True)
class Case:
    """An unmatched person of a solved instance, and the clock that all questions share."""

    instance: Instance
    chosen: tuple[int, ...]
    order: tuple[str, ...]
    seed: int
    person: Person
    clock: Clock


def with_partner(case: Case) -> WithPartner:
    """The best matching in which the person has a partner, as far as there is time for it."""
    if case.clock.is_over:
        return WithPartner(possible=None)
    found = counterfactual(
        case.instance,
        case.order,
        case.chosen,
        case.person.required,
        seed=case.seed,
        time_limit=case.clock.left,
        finish=None,  # the caller's clock is the only one: the same words on every machine
        cancel=case.clock.cancel,
    )
    return _compared(case, found) if found.possible else WithPartner(found.possible)


def _compared(case: Case, found: Counterfactual) -> WithPartner:
    instance = case.instance
    level = None if found.decides is None else found.levels[found.decides]
    own, other = (_matched(instance, chosen) for chosen in (case.chosen, found.chosen))
    person = case.person.ids(instance)[0][case.person.index]
    return WithPartner(
        possible=True,
        level=None if level is None else level.name,
        made=None if level is None else value_of(level.name, instance, case.chosen, case.seed),
        value=None if level is None else level.value,
        proved=all(one.proved for one in _to_the_deciding(found)),
        settled=all(one.proved for one in found.levels),
        partners=_partners(case, found.chosen),
        left_out=tuple(one for one in own if one not in other),
        gained=tuple(one for one in other if one not in own and one != person),
        blocking=_new_blocking(instance, case.chosen, found.chosen),
        unkept=_more_unkept(instance, case.chosen, found.chosen),
    )


def _to_the_deciding(found: Counterfactual) -> Sequence[Level]:
    return found.levels if found.decides is None else found.levels[: found.decides + 1]


def _matched(instance: Instance, chosen: Chosen) -> dict[str, None]:
    """Ids of everybody who has a partner, mentors first."""
    mentors, mentees = loads(instance, chosen)
    return dict.fromkeys(
        (
            *(instance.mentor_ids[i] for i in np.flatnonzero(mentors)),
            *(instance.mentee_ids[j] for j in np.flatnonzero(mentees)),
        )
    )


def _partners(case: Case, chosen: Sequence[int]) -> tuple[str, ...]:
    other, ids = case.person.other(case.instance), case.person.ids(case.instance)[1]
    mine = case.person.pairs(case.instance)
    return tuple(ids[other[pair]] for pair in chosen if mine[pair])


def _new_blocking(instance: Instance, made: Chosen, other: Chosen) -> tuple[tuple[str, str], ...]:
    before = set(blocking_pairs(instance, made).tolist())
    return tuple(
        (instance.mentor_ids[instance.mentor[pair]], instance.mentee_ids[instance.mentee[pair]])
        for pair in blocking_pairs(instance, other).tolist()
        if pair not in before
    )


def _more_unkept(instance: Instance, made: Chosen, other: Chosen) -> tuple[str, ...]:
    before = unkept(instance, made)
    now = unkept(instance, other)
    return tuple(name for name, units in now.items() if units > before.get(name, 0))
