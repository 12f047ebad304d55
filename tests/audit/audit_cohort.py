"""A mentor and a mentee of whom everything is known and nothing is wrong."""

from __future__ import annotations

from typing import Any

from rmatch.audit import PairFacts, Recomputed, recompute
from rmatch.programme import LeadershipRole, Participant, Programme, Settings

PLAIN: dict[str, Any] = {
    "line_manager": "",
    "supervisors": (),
    "conflicts_confirmed": True,
    "modes": ("virtual", "in_person"),
    "availability": ("mon_am",),
}


def mentor(person: str = "M1", /, **fields: Any) -> Participant:
    """A trainee in cardiology in the East of England."""
    own = {
        "grade": "st3",
        "specialty": "cardiology",
        "deanery": "EOE",
        "training_programme": "EOE/Cardiology",
        "employer": "Trust A",
        "department": "Ward 1",
    }
    return Participant(**{"id": person, **PLAIN, **own, **fields})


def mentee(person: str = "S1", /, **fields: Any) -> Participant:
    """A consultant in psychiatry elsewhere."""
    own = {
        "grade": "consultant",
        "specialty": "general_psychiatry",
        "deanery": "SW",
        "employer": "Trust B",
        "department": "Ward 2",
    }
    return Participant(**{"id": person, **PLAIN, **own, **fields})


def role(name: str, scope: str = "") -> LeadershipRole:
    return LeadershipRole(role=name, scope=scope)


def programme(
    mentors: list[Participant] | None = None,
    mentees: list[Participant] | None = None,
    settings: dict[str, Any] | None = None,
    **rest: Any,
) -> Programme:
    return Programme(
        mentors=[mentor()] if mentors is None else mentors,
        mentees=[mentee()] if mentees is None else mentees,
        settings=Settings(**(settings or {})),
        **rest,
    )


def only(
    m: dict[str, Any] | None = None,
    s: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
    **rest: Any,
) -> Recomputed:
    """A programme of two, recomputed."""
    return recompute(programme([mentor(**(m or {}))], [mentee(**(s or {}))], settings, **rest))


def pair(recomputed: Recomputed, m: str = "M1", s: str = "S1") -> PairFacts:
    return recomputed.pairs[m, s]


def truth(code: str, facts: PairFacts) -> bool | None:
    """What a hard rule's condition is for a pair: broken, in question or neither."""
    if code in facts.excluded:
        return True
    return None if code in facts.questions else False
