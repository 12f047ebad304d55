"""What is one person's own: texts folded, levels looked up, the chain of managers followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rmatch.programme import LeadershipRole, Participant, PreferredAttributes, Programme
from rmatch.programme.reference import GRADES, ROLES, SPECIALTIES
from rmatch.programme.text import fold


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role somebody holds; ``scope`` folded, ``blank`` when it says nothing."""

    role: str
    scope: str
    blank: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """The managers above somebody: those two or more steps up, and whether the end is not known."""

    above: frozenset[str]
    open_ended: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """One person, ready to be compared; texts are folded, ``None`` is missing."""

    person: Participant
    id: str
    key: str
    senior: bool
    email: str | None
    employer: str | None
    department: str | None
    base: str | None
    style: str | None
    training_programme: str | None
    outside_training: bool
    group: str | None
    school: str | None
    grade_level: int | None
    level: int | None
    manager: str | None
    chain: Chain
    roles: tuple[HeldRole, ...]
    confirmed: bool
    coordinator: bool
    former_partners: frozenset[str]
    next_employer: str | None
    next_department: str | None
    next_specialty: str | None
    modes: frozenset[str]
    slots: frozenset[str]
    interests: frozenset[str]
    languages: frozenset[str]
    choice_group: Mapping[str, int]
    wishes: PreferredAttributes

    @property
    def programme_unknown(self) -> bool:
        """Whether there may be a training programme that was not said."""
        return self.training_programme is None and not self.outside_training


def facts_of(programme: Programme, person: Participant, *, senior: bool) -> Facts:
    """The facts of one person; ``senior`` on the mentees' side, where roles count for the level."""
    specialty = None if person.specialty is None else SPECIALTIES[person.specialty]
    grade = None if person.grade is None else GRADES[person.grade]
    grade_level = None if grade is None else int(grade["level"])
    return Facts(
        person=person,
        id=person.id,
        key=fold(person.id),
        senior=senior,
        email=_folded(person.email),
        employer=_folded(person.employer),
        department=_folded(person.department),
        base=_folded(person.base),
        style=_folded(person.style),
        training_programme=_folded(person.training_programme),
        outside_training=grade is not None and grade["is_training"] == "0",
        group=None if specialty is None else specialty["group"],
        school=None if specialty is None else fold(specialty["school"]),
        grade_level=grade_level,
        level=_highest(grade_level, person) if senior else grade_level,
        manager=_folded(person.line_manager) if person.line_manager else None,
        chain=_chain(programme, person),
        roles=tuple(_held(role) for role in person.leadership_roles),
        confirmed=person.conflicts_confirmed is True,
        coordinator=fold(person.id) in {fold(text) for text in programme.settings.coordinators},
        former_partners=frozenset(
            person.prior_experience.partners if person.prior_experience is not None else ()
        ),
        next_employer=_folded(person.next_post_employer),
        next_department=_folded(person.next_post_department),
        next_specialty=SPECIALTIES.find(person.next_post_department or ""),
        modes=frozenset(person.modes),
        slots=frozenset(person.availability),
        interests=frozenset(fold(text) for text in person.interests),
        languages=frozenset(fold(text) for text in person.language),
        choice_group={
            name: number for number, group in enumerate(person.choices, start=1) for name in group
        },
        wishes=person.pref_attrs,
    )


def _folded(text: str | None) -> str | None:
    return None if text is None else fold(text)


def _highest(grade_level: int | None, person: Participant) -> int | None:
    levels = [int(ROLES[role.role]["level"]) for role in person.leadership_roles]
    if grade_level is not None:
        levels.append(grade_level)
    return max(levels, default=None)


def _held(role: LeadershipRole) -> HeldRole:
    return HeldRole(role.role, fold(role.scope), not role.parts)


def _chain(programme: Programme, person: Participant) -> Chain:
    people = programme.by_id
    climbed = [person.id]
    manager = person.line_manager
    while manager and manager in people and manager not in climbed:
        climbed.append(manager)
        manager = people[manager].line_manager
    open_ended = manager is None or (manager != "" and manager not in people)
    return Chain(frozenset(climbed[2:]), open_ended)
