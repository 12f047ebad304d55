"""Which of whose choices every acceptable pair is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.programme import Participant, Programme

Numbers = tuple[IntArray, IntArray]


def choices_of(instance: Instance, programme: Programme | None) -> Numbers:
    """(E,), (E,): the number of the choice that each pair is to its mentor, and to its mentee.

    It counts as written, from 1, equal choices alike: where the first cannot be had, the second is
    still the second. 0 where the one did not name the other.

    Args:
        instance: The acceptable pairs.
        programme: Whose people they are; ``None`` for an instance made without people, whose ranks
            are the choices where they were ``stated``.
    """
    if programme is not None:
        return _named(instance, programme)
    if instance.stated:
        return instance.mentor_rank, instance.mentee_rank
    nothing = np.zeros(instance.n_pairs, dtype=np.int64)
    return nothing, nothing


def _named(instance: Instance, programme: Programme) -> Numbers:
    rows = {person: i for i, person in enumerate(instance.mentor_ids)}
    columns = {person: j for j, person in enumerate(instance.mentee_ids)}
    where = instance.dense(np.arange(instance.n_pairs), fill=-1)
    return (
        _numbers(instance.n_pairs, programme.mentors, rows, columns, where),
        _numbers(instance.n_pairs, programme.mentees, columns, rows, where.T),
    )


def _numbers(
    count: int,
    people: Iterable[Participant],
    own: Mapping[str, int],
    others: Mapping[str, int],
    where: IntArray,
) -> IntArray:
    """(E,) one side's numbers; ``where`` tells a pair by its ends, −1: not acceptable."""
    numbers = np.zeros(count, dtype=np.int64)
    for person in people:
        for group, partners in enumerate(person.choices, start=1):
            for partner in partners:
                pair = where[own[person.id], others[partner]]
                if pair >= 0:
                    numbers[pair] = group
    return numbers
