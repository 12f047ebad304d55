"""Rules that a senior role's scope makes: whom a Head of School or a College Tutor answers for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rmatch.audit.facts import Facts
from rmatch.audit.truth import Truth, every, same, some
from rmatch.programme import LeadershipRole
from rmatch.programme.reference import DEANERIES, ROLES, SPECIALTIES
from rmatch.programme.settings import role_rule
from rmatch.programme.text import fold

KINDS: Mapping[str, tuple[str, ...]] = {
    "region+specialty": ("region", "specialty"),
    "region+school": ("region", "school"),
    "region": ("region",),
    "employer": ("employer",),
    "employer+specialty": ("employer", "specialty"),
    "employer+department": ("employer", "department"),
}
"""What each ``match_on`` compares; the others compare nothing here."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What one role of one mentee covers, by kind; ``None`` where that is missing."""

    code: str
    covers: tuple[tuple[str, str | None], ...]


def reaches_of(mentee: Facts) -> tuple[Reach, ...]:
    """The reach of every role of ``mentee`` that is compared with the mentor's own fields."""
    return tuple(
        Reach(role_rule(role.role), _covers(mentee, role, KINDS[ROLES[role.role]["match_on"]]))
        for role in mentee.person.leadership_roles
        if ROLES[role.role]["match_on"] in KINDS
    )


def role_truths(reaches: tuple[Reach, ...], mentor: Facts) -> dict[str, Truth]:
    """For every code that a mentee's roles make, whether ``mentor`` is within reach."""
    truths: dict[str, list[Truth]] = {}
    for reach in reaches:
        within = every(same(covered, _own(mentor, kind)) for kind, covered in reach.covers)
        truths.setdefault(reach.code, []).append(within)
    return {code: some(values) for code, values in truths.items()}


def _covers(
    mentee: Facts, role: LeadershipRole, kinds: tuple[str, ...]
) -> tuple[tuple[str, str | None], ...]:
    written = _by_kind(role.parts, kinds)
    return tuple(
        (kind, _resolved(kind, written[kind]) if kind in written else _own(mentee, kind))
        for kind in kinds
    )


def _by_kind(parts: tuple[str, ...], kinds: tuple[str, ...]) -> dict[str, str]:
    if len(parts) == 1 and len(kinds) == 2:
        first_is_meant = kinds[0] == "region" and DEANERIES.find(parts[0]) is not None
        return {kinds[0] if first_is_meant else kinds[1]: parts[0]}
    return dict(zip(kinds, parts, strict=False))


def _own(person: Facts, kind: str) -> str | None:
    if kind == "region":
        return person.person.deanery
    if kind == "specialty":
        return person.person.specialty
    if kind == "school":
        return person.school
    return person.employer if kind == "employer" else person.department


def _resolved(kind: str, text: str) -> str:
    if kind == "region":
        return DEANERIES.find(text) or fold(text)
    if kind == "specialty":
        return SPECIALTIES.find(text) or fold(text)
    if kind == "school":
        return _school(text)
    return fold(text)


def _school(text: str) -> str:
    name = fold(text)
    if any(fold(entry["school"]) == name for entry in SPECIALTIES):
        return name
    specialty = SPECIALTIES.find(text)
    return name if specialty is None else fold(SPECIALTIES[specialty]["school"])
