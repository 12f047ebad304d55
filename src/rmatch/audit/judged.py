"""Every pair of a programme judged: one by one where the two name each other, else like others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from rmatch.audit.alike import Classes, values_of
from rmatch.audit.declared import IdPair
from rmatch.audit.facts import Facts
from rmatch.audit.judging import Judge, Judgement
from rmatch.audit.roles import role_truths
from rmatch.audit.rules import CONDITIONS, LOOKS_AT, Condition, World
from rmatch.audit.truth import Truth

_NOBODY: IdPair = ("\0mentor", "\0mentee")
"""Ids that nobody can have or name."""


def judged_rows(judge: Judge) -> Iterator[list[Judgement]]:
    """For each mentor a judgement per mentee, in the order of the world's people."""
    world = judge.world
    columns = {mentee.id: j for j, mentee in enumerate(world.mentees)}
    acquainted = _acquainted(judge)
    strangers = _Strangers(judge)
    for i, mentor in enumerate(world.mentors):
        row = strangers.row(i)
        for mentee in acquainted.get(mentor.id, ()):
            j = columns.get(mentee)
            if j is not None:
                row[j] = judge.judge(mentor, world.mentees[j])
        yield row


class _Strangers:
    """Judgements of pairs as if the two did not name each other and nothing were recorded of them.

    A truth is two bits of a number: broken, not known.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._codes = tuple(judge.severities)
        self._shift = {code: 2 * place for place, code in enumerate(self._codes)}
        self._bits = [*self._conditions(judge), self._roles(judge.world)]
        self._known: dict[int, Judgement] = {}

    def row(self, i: int) -> list[Judgement]:
        """A new list: mentor ``i`` with each mentee."""
        marks = [0] * len(self._judge.world.mentees)
        for rows in self._bits:
            row = rows[i]
            if row is not None:
                marks = [mark | more for mark, more in zip(marks, row, strict=True)]
        for mark in set(marks).difference(self._known):
            self._known[mark] = self._judge.judgement(self._truths(mark), _NOBODY)
        return [self._known[mark] for mark in marks]

    def _conditions(self, judge: Judge) -> Iterator[list[list[int] | None]]:
        world = judge.world
        mentors, mentees = _unnamed(world.mentors, _NOBODY[0]), _unnamed(world.mentees, _NOBODY[1])
        for code, condition in CONDITIONS.items():
            if judge.severities[code] == "off":
                continue
            bits = partial(_condition_bits, condition, world, self._shift[code])
            yield _none_where_nothing(values_of(bits, mentors, mentees, LOOKS_AT[code]))

    def _roles(self, world: World) -> list[list[int] | None]:
        def bits(m: Facts, s: Facts) -> int:
            truths = role_truths(world.reaches[s.id], m)
            return sum(_bits_of(truth) << self._shift[code] for code, truth in truths.items())

        looks_at = Classes(
            lambda m: (m.person.deanery, m.person.specialty, m.school, m.employer, m.department),
            lambda s: world.reaches[s.id],
        )
        return _none_where_nothing(values_of(bits, world.mentors, world.mentees, looks_at))

    def _truths(self, mark: int) -> dict[str, Truth]:
        return {
            code: True if mark >> shift & 1 else None
            for code, shift in self._shift.items()
            if mark >> shift & 3
        }


def _condition_bits(condition: Condition, world: World, shift: int, m: Facts, s: Facts) -> int:
    return _bits_of(condition(world, m, s)) << shift


def _bits_of(truth: Truth) -> int:
    if truth is None:
        return 2
    return int(truth)


def _none_where_nothing(rows: Sequence[list[int]]) -> list[list[int] | None]:
    anything = {id(row): any(row) for row in rows}
    return [row if anything[id(row)] else None for row in rows]


def _unnamed(people: Sequence[Facts], name: str) -> list[Facts]:
    return [replace(person, id=name, key=name, email=None) for person in people]


def _acquainted(judge: Judge) -> Mapping[str, set[str]]:
    """For mentors, by id, whom they name, who names them, and of whom something is recorded."""
    world, given = judge.world, judge.given
    found: dict[str, set[str]] = {mentor.id: _named_by(mentor) for mentor in world.mentors}
    by_key: dict[str, list[str]] = {}
    by_email: dict[str | None, list[str]] = {}
    for mentor in world.mentors:
        by_key.setdefault(mentor.key, []).append(mentor.id)
        by_email.setdefault(mentor.email, []).append(mentor.id)
    by_email.pop(None, None)
    pairs = [*world.declared, *world.waived, *world.earlier, *world.failed]
    for _, broken in given.rules.values():
        pairs += broken
    for unknown in given.unknown.values():
        pairs += unknown
    for mentee in world.mentees:
        mentors = [*_named_by(mentee), *by_email.get(mentee.email, ())]
        for role in mentee.roles:
            mentors += by_key.get(role.scope, ())
        pairs += [(mentor, mentee.id) for mentor in mentors]
    for one, other in pairs:
        if one in found:
            found[one].add(other)
    return found


def _named_by(facts: Facts) -> set[str]:
    person = facts.person
    named = {*facts.chain.above, *(person.supervisors or ()), *person.vetoes, *person.conflicts}
    return {*named, *facts.former_partners, *([person.line_manager] if person.line_manager else [])}
