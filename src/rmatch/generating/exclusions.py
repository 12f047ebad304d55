"""Supervision, management, declared conflicts and vetoes, as arrays of pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rmatch.generating import marginals
from rmatch.generating.arrays import SPECIALTY_IDS, Choices, Side, SideName
from rmatch.generating.choosing import NOBODY
from rmatch.generating.drawing import Stream
from rmatch.generating.shape import CohortShape
from rmatch.instance import BoolArray, IntArray
from rmatch.programme.settings import default_severities

RULE_CODES = tuple(marginals.DECLARED_RULES)


@dataclass(frozen=True, eq=False)
class Exclusions:
    """Who must not meet whom. Nobody is in it with somebody they named, or who named them.

    Attributes:
        supervisor: (mentors,) the mentee who supervises each mentor, or ``NOBODY``.
        manager: (mentors,) the mentee who manages each mentor, or ``NOBODY``.
        conflicts: (C, 3) mentor, mentee, index into ``RULE_CODES``.
        vetoes: (V, 3) mentor, mentee, and 1 where the mentee is the one who vetoed.
    """

    supervisor: IntArray
    manager: IntArray
    conflicts: IntArray
    vetoes: IntArray

    def codes(self, mentees: int) -> IntArray:
        """The pairs that these exclude, as in :meth:`Choices.codes`; not those only warned of."""
        named = [self.conflicts[~self._is_warning], self.vetoes]
        found = [rows[:, 0] * mentees + rows[:, 1] for rows in named]
        for held in (self.supervisor, self.manager):
            mentor = np.flatnonzero(held != NOBODY)
            found.append(mentor * mentees + held[mentor])
        return np.unique(np.concatenate(found))

    def warned(self, mentees: int) -> IntArray:
        """The pairs declared under a rule that only warns, likewise."""
        rows = self.conflicts[self._is_warning]
        return np.asarray(rows[:, 0] * mentees + rows[:, 1])

    @property
    def _is_warning(self) -> BoolArray:
        """(C,) whether each declared conflict leaves the pair allowed."""
        severities = default_severities()
        warns = np.array([severities[code] == "warn" for code in RULE_CODES])
        return np.asarray(warns[self.conflicts[:, 2]])


def exclusions(
    shape: CohortShape,
    seed: int,
    mentors: Side,
    mentees: Side,
    named: tuple[Choices, Choices],
) -> Exclusions:
    """Draw who must not meet whom."""
    wished = np.unique(
        np.concatenate([named[0].codes(True, mentees.size), named[1].codes(False, mentees.size)])
    )

    def one_above(purpose: str, share: float, below: IntArray, above: IntArray) -> IntArray:
        stream = Stream(seed, purpose)
        found = _fellow(stream, below, above)
        found[~stream.chance(share, mentors.size)] = NOBODY
        code = np.arange(mentors.size) * mentees.size + found
        found[np.isin(code, wished)] = NOBODY
        return found

    return Exclusions(
        supervisor=one_above("supervised", shape.supervised, _field(mentors), _field(mentees)),
        manager=one_above("managed", shape.managed, mentors.employer, mentees.employer),
        conflicts=_conflicts(shape, seed, mentors, mentees, wished),
        vetoes=_vetoes(shape, seed, mentors.size, mentees.size, wished),
    )


def _field(people: Side) -> IntArray:
    """Specialty and region as one number."""
    return people.deanery * len(SPECIALTY_IDS) + people.specialty


def _conflicts(
    shape: CohortShape, seed: int, mentors: Side, mentees: Side, wished: IntArray
) -> IntArray:
    stream = Stream(seed, "conflicts")
    mentor = stream.below(mentors.size, _about(stream, shape.conflicts * mentors.size))
    mentee = _fellow(stream, mentors.deanery[mentor], mentees.deanery)
    rule = stream.pick(list(marginals.DECLARED_RULES.values()), len(mentor))
    there = mentee != NOBODY
    return _distinct(mentor[there], mentee[there], rule[there], mentees.size, wished)


def _vetoes(shape: CohortShape, seed: int, n: int, m: int, wished: IntArray) -> IntArray:
    found = []
    sides: tuple[tuple[SideName, int], ...] = (("mentor", n), ("mentee", m))
    for by_mentee, (name, size) in enumerate(sides):
        stream = Stream(seed, name, "vetoes")
        count = _about(stream, shape.vetoes * size)
        mentor, mentee = stream.below(n, count), stream.below(m, count)
        found.append(_distinct(mentor, mentee, np.full(count, by_mentee), m, wished))
    return np.concatenate(found)


def _about(stream: Stream, number: float) -> int:
    """A whole number that is on average ``number``."""
    return int(number + stream.uniform(1)[0])


def _fellow(stream: Stream, below: IntArray, above: IntArray) -> IntArray:
    """(n,) for each key of ``below`` a random index of ``above`` with the same key, if any."""
    order = np.argsort(above, kind="stable")
    first = np.searchsorted(above[order], below, side="left")
    last = np.searchsorted(above[order], below, side="right")
    place = first + (stream.uniform(len(below)) * (last - first)).astype(np.int64)
    found = np.full(len(below), NOBODY, dtype=np.int64)
    there = last > first
    found[there] = order[place[there]]
    return found


def _distinct(
    mentor: IntArray, mentee: IntArray, kind: IntArray, mentees: int, wished: IntArray
) -> IntArray:
    """(k, 3) rows by mentor and mentee, each pair once, without those that somebody wishes for."""
    code, first = np.unique(mentor * mentees + mentee, return_index=True)
    kept = first[~np.isin(code, wished)]
    return np.stack([mentor[kept], mentee[kept], kind[kept]], axis=1).astype(np.int64)
