"""From arrays to people: the records a programme holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rmatch.generating import marginals
from rmatch.generating.arrays import (
    DEANERY_IDS,
    GRADES_OF,
    IN_PERSON,
    SPECIALTY_IDS,
    TOPIC_IDS,
    VIRTUAL,
    Choices,
    Side,
)
from rmatch.generating.choosing import NOBODY
from rmatch.generating.drawing import Stream
from rmatch.generating.drawn import Drawn
from rmatch.generating.shape import CohortShape
from rmatch.instance import BoolArray, IntArray
from rmatch.programme import LeadershipRole, Participant
from rmatch.programme.participant import SLOTS, Mode
from rmatch.programme.reference import GRADES, SPECIALTIES

_MODES: Mapping[int, tuple[Mode, ...]] = {VIRTUAL: ("virtual",), IN_PERSON: ("in_person",)}
_BOTH_MODES: tuple[Mode, ...] = ("virtual", "in_person")
_MAY_BE_BLANK = ("department", "supervisors", "line_manager", "conflicts_confirmed")


def mentors(shape: CohortShape, seed: int, drawn: Drawn) -> list[Participant]:
    """The mentors, with their supervisors, managers and training programmes."""
    other_ids = drawn.mentees.ids
    vetoes = _by_person(drawn.barred.vetoes, 0, other_ids)
    facts = _shared_facts(shape, drawn.mentors, other_ids, drawn.mentor_choices, vetoes)
    supervisors, managers = drawn.barred.supervisor.tolist(), drawn.barred.manager.tolist()
    for fact, supervisor, manager in zip(facts, supervisors, managers, strict=True):
        fact["supervisors"] = () if supervisor == NOBODY else (other_ids[supervisor],)
        fact["line_manager"] = "" if manager == NOBODY else other_ids[manager]
        if GRADES[fact["grade"]]["is_training"] == "1":
            fact["training_programme"] = _training_programme(fact)
    return _participants(shape, seed, drawn.mentors, facts)


def mentees(shape: CohortShape, seed: int, drawn: Drawn) -> list[Participant]:
    """The mentees, with the roles they hold."""
    other_ids = drawn.mentors.ids
    vetoes = _by_person(drawn.barred.vetoes, 1, other_ids)
    facts = _shared_facts(shape, drawn.mentees, other_ids, drawn.mentee_choices, vetoes)
    roles = Stream(seed, "roles").pick(list(marginals.MENTEE_ROLES.values()), len(facts))
    role_ids = tuple(marginals.MENTEE_ROLES)
    for fact, role in zip(facts, roles.tolist(), strict=True):
        fact["line_manager"] = ""
        if role_ids[role]:
            fact["leadership_roles"] = (_role(role_ids[role], fact),)
    return _participants(shape, seed, drawn.mentees, facts)


def _shared_facts(
    shape: CohortShape,
    side: Side,
    other_ids: tuple[str, ...],
    named: Choices,
    vetoes: Mapping[int, tuple[str, ...]],
) -> list[dict[str, Any]]:
    """What both sides' forms ask, a dictionary per person."""
    grades, lists = GRADES_OF[side.name], _lists
    columns = zip(
        side.ids,
        side.grade.tolist(),
        side.specialty.tolist(),
        side.deanery.tolist(),
        (side.employer % shape.employers).tolist(),
        side.mode.tolist(),
        side.capacity.tolist(),
        side.carried_over.tolist(),
        lists(side.wants, TOPIC_IDS),
        lists(side.offers, TOPIC_IDS),
        lists(side.half_days, SLOTS),
        _tie_groups(named, other_ids),
        strict=True,
    )
    return [
        {
            "id": person,
            "grade": grades[grade],
            "specialty": SPECIALTY_IDS[specialty],
            "deanery": DEANERY_IDS[deanery],
            "employer": f"{DEANERY_IDS[deanery]} Trust {employer + 1}",
            "department": SPECIALTIES[SPECIALTY_IDS[specialty]].label,
            "modes": _MODES.get(mode, _BOTH_MODES),
            "capacity": capacity,
            "carried_over": carried_over,
            "wants": wants,
            "offers": offers,
            "availability": half_days,
            "choices": choices,
            "vetoes": vetoes.get(row, ()),
            "conflicts_confirmed": True,
        }
        for row, (
            person,
            grade,
            specialty,
            deanery,
            employer,
            mode,
            capacity,
            carried_over,
            wants,
            offers,
            half_days,
            choices,
        ) in enumerate(columns)
    ]


def _participants(
    shape: CohortShape, seed: int, side: Side, facts: list[dict[str, Any]]
) -> list[Participant]:
    """The people, each blank where something was not said."""
    blank = {
        name: Stream(seed, side.name, "unsaid", name).chance(shape.unsaid, side.size)
        for name in _MAY_BE_BLANK
    }
    return [Participant(**_without(fact, blank, row)) for row, fact in enumerate(facts)]


def _without(fact: dict[str, Any], blank: Mapping[str, BoolArray], row: int) -> dict[str, Any]:
    """The facts that were said: nobody leaves out a supervisor or manager who is in the cohort."""
    kept = dict(fact)
    for name in _MAY_BE_BLANK:
        open_reference = name in ("supervisors", "line_manager")
        if blank[name][row] and not (open_reference and fact.get(name)):
            kept.pop(name, None)
    return kept


def _training_programme(fact: Mapping[str, Any]) -> str:
    return f"{fact['specialty']}_{fact['deanery'].lower()}"


def _role(role: str, fact: Mapping[str, Any]) -> LeadershipRole:
    """The role over the holder's own programme, region, employer …; a blank scope means that."""
    scope = _training_programme(fact) if role in marginals.PROGRAMME_ROLES else ""
    return LeadershipRole(role=role, scope=scope)


def _by_person(
    vetoes: IntArray, by_mentee: int, ids: tuple[str, ...]
) -> dict[int, tuple[str, ...]]:
    """Whom each person of a side vetoes."""
    found: dict[int, tuple[str, ...]] = {}
    for mentor, mentee, kind in vetoes.tolist():
        if kind == by_mentee:
            person, other = (mentee, mentor) if by_mentee else (mentor, mentee)
            found[person] = (*found.get(person, ()), ids[other])
    return found


def _lists(rows: IntArray, ids: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    for row in rows.tolist():
        yield tuple(ids[k] for k in row if k != NOBODY)


def _tie_groups(named: Choices, ids: tuple[str, ...]) -> Iterable[tuple[tuple[str, ...], ...]]:
    for row, ties in zip(named.others.tolist(), named.tied.tolist(), strict=True):
        groups: list[tuple[str, ...]] = []
        for other, tied in zip(row, ties, strict=True):
            if other == NOBODY:
                break
            if tied:
                groups[-1] = (*groups[-1], ids[other])
            else:
                groups.append((ids[other],))
        yield tuple(groups)
