"""Rules that roles make by their scope: region, school, employer, specialty, department."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial

import numpy as np

from rmatch.programme import LeadershipRole, Participant
from rmatch.programme.reference import DEANERIES, ROLES, SPECIALTIES
from rmatch.programme.settings import role_rule
from rmatch.programme.text import fold
from rmatch.scoring.cells import Cells
from rmatch.scoring.facts import Held, Small, any_of, fact, layers
from rmatch.scoring.people import People, own_value
from rmatch.scoring.rules import Check
from rmatch.scoring.verdict import Verdict, but, either

_ELSEWHERE = ("declared", "management_chain", "training_programme")
"""``match_on`` values that rules.py covers."""

_UNKNOWN = -1
_NOT_ASKED = -2
_NOBODYS = 2**30
"""Codes that no mentor has: a value not said, a kind that a role does not look at, nobody's."""


def scope_rules() -> Mapping[str, Check]:
    """One check per rule that some role makes by its scope, by code."""
    roles_of: dict[str, list[str]] = {}
    for role in ROLES:
        if role["match_on"] not in _ELSEWHERE:
            roles_of.setdefault(role_rule(role.id), []).append(role.id)
    return {code: partial(in_scope, roles=tuple(roles)) for code, roles in roles_of.items()}


def in_scope(people: People, cells: Cells, roles: tuple[str, ...]) -> Verdict:
    """The mentor falls under what the mentee's roles cover."""

    def check(of: Cells, facts: Mapping[str, Small]) -> Verdict:
        verdict = Verdict.certain(np.ones((1,) * len(of.shape), dtype=bool))
        for kind, codes in facts.items():
            verdict = verdict & _matches(people, of, kind, of.mentee(codes))
        return verdict

    return any_of(cells, _covered(people, roles), check)


def _matches(people: People, cells: Cells, kind: str, wanted: Small) -> Verdict:
    mentor = cells.mentor(people.mentor_values(kind)[0])
    not_asked = wanted == _NOT_ASKED
    unknown = but(either(mentor < 0, wanted == _UNKNOWN), not_asked)
    return Verdict(either(but(mentor == wanted, unknown), not_asked), unknown)


@fact
def _covered(people: People, roles: tuple[str, ...]) -> tuple[Held, ...]:
    """What such roles cover, as codes of the mentors' values by kind."""
    kinds = {role: ROLES[role]["match_on"].split("+") for role in roles}
    every = dict.fromkeys(kind for own in kinds.values() for kind in own)
    entries = (
        (j, {kind: _code(people, kind, value) for kind, value in scope.items()})
        for j, mentee in enumerate(people.mentees)
        for held in mentee.leadership_roles
        if held.role in kinds
        for scope in [_scope_values(mentee, held, kinds[held.role])]
    )
    return layers(people, entries, dict.fromkeys(every, _NOT_ASKED))


def _code(people: People, kind: str, value: str | None) -> int:
    if value is None:
        return _UNKNOWN
    return people.mentor_values(kind)[1].get(value, _NOBODYS)


def _scope_values(
    mentee: Participant, held: LeadershipRole, kinds: list[str]
) -> dict[str, str | None]:
    """What the role covers, by kind; a part left blank takes the mentee's own field."""
    given = dict.fromkeys(kinds, "")
    parts = held.parts
    if len(parts) >= len(kinds):
        given.update(zip(kinds, parts, strict=False))
    elif parts:
        is_region = kinds[0] == "region" and DEANERIES.find(parts[0]) is not None
        given[kinds[0] if is_region else kinds[-1]] = parts[0]
    return {
        kind: _scope_part(kind, part) if part else own_value(mentee, kind)
        for kind, part in given.items()
    }


def _scope_part(kind: str, part: str) -> str:
    if kind == "region":
        return fold(DEANERIES.find(part) or part)
    if kind == "specialty":
        return fold(SPECIALTIES.find(part) or part)
    if kind == "school":
        return _school_named(part)
    return fold(part)


@cache
def _schools() -> frozenset[str]:
    return frozenset(fold(entry["school"]) for entry in SPECIALTIES)


def _school_named(part: str) -> str:
    if fold(part) in _schools():
        return fold(part)
    specialty = SPECIALTIES.find(part)
    return fold(SPECIALTIES[specialty]["school"]) if specialty else fold(part)
