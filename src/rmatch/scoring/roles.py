"""Rules that roles make by their scope: region, school, employer, specialty, department."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, partial

import numpy as np

from rmatch.programme import LeadershipRole, Participant
from rmatch.programme.reference import DEANERIES, ROLES, SPECIALTIES
from rmatch.programme.settings import role_rule
from rmatch.programme.text import fold
from rmatch.scoring.people import People, own_value
from rmatch.scoring.rules import Check
from rmatch.scoring.verdict import Verdict

_ELSEWHERE = ("declared", "management_chain", "training_programme")
"""``match_on`` values that rules.py covers."""


def scope_rules() -> Mapping[str, Check]:
    """One check per rule that some role makes by its scope, by code."""
    roles_of: dict[str, list[str]] = {}
    for role in ROLES:
        if role["match_on"] not in _ELSEWHERE:
            roles_of.setdefault(role_rule(role.id), []).append(role.id)
    return {code: partial(in_scope, roles=roles) for code, roles in roles_of.items()}


def in_scope(people: People, roles: Iterable[str]) -> Verdict:
    """The mentor falls under what the mentee's roles cover."""
    wanted = set(roles)
    verdict = Verdict.where(np.zeros(people.shape, dtype=bool))
    for j, mentee in enumerate(people.mentees):
        for held in mentee.leadership_roles:
            if held.role in wanted:
                covered = _covers(people, mentee, held)
                verdict.true[:, j] |= covered.true[:, 0]
                verdict.unknown[:, j] |= covered.unknown[:, 0]
    return Verdict(verdict.true, verdict.unknown & ~verdict.true)


def _covers(people: People, mentee: Participant, held: LeadershipRole) -> Verdict:
    """(n, 1): whether each mentor falls under one role of one mentee."""
    kinds = ROLES[held.role]["match_on"].split("+")
    everyone = np.ones((people.shape[0], 1), dtype=bool)
    verdict = Verdict.where(everyone)
    for kind, value in _scope_values(mentee, held, kinds).items():
        verdict = verdict & _matches(people, kind, value)
    return verdict


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


def _matches(people: People, kind: str, value: str | None) -> Verdict:
    codes, vocabulary = people.mentor_values(kind)
    if value is None:
        nowhere = np.zeros((people.shape[0], 1), dtype=bool)
        return Verdict(nowhere, ~nowhere)
    wanted = vocabulary.get(value, -2)
    return Verdict((codes == wanted)[:, None], (codes == -1)[:, None])
