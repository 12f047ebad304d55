"""What is said about a matching as JSON; the matching itself is ``Matching.to_dict``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rmatch.audit import Audit
    from rmatch.explaining.change import Change
    from rmatch.explaining.facts import PersonFacts
    from rmatch.explaining.records import Question
    from rmatch.explaining.why_not import WhyNot


def questions_json(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """What to ask whom."""
    return [asdict(question) for question in questions]


def why_not_json(told: WhyNot, audience: str) -> dict[str, Any]:
    """Why two people are not matched; without the alternative, which ``gained`` and ``lost`` give.

    What an audience does not see is not there at all.
    """
    content: dict[str, Any] = {
        "mentor": told.mentor,
        "mentee": told.mentee,
        "reason": told.reason.value,
    }
    if told.reason == "not_shown" or audience == "panel":
        return content
    content |= {
        "level": told.level,
        "made": told.made,
        "forced": told.forced,
        "bound": told.bound,
        "exact": told.is_exact,
        "excluded_by": list(told.excluded_by),
    }
    if audience == "auditor":  # an empty list would say that nobody would move
        return content
    return content | {
        "score": told.score,
        "clashing": list(told.clashing),
        "full": [asdict(one) for one in told.full],
        **{
            name: [list(pair) for pair in getattr(told, name)]
            for name in ("gained", "lost", "blocking")
        },
        "left_out": list(told.left_out),
        "carried_over": list(told.carried_over),
    }


def audit_json(audit: Audit) -> dict[str, Any]:
    """A verdict without findings."""
    return {"ok": audit.ok, "notes": list(audit.notes)}


def unmatched_json(facts: PersonFacts) -> dict[str, Any]:
    """Why somebody has no partner and what would give them one; nothing for who has one."""
    if facts.unmatched is None or facts.smallest is None:
        return {}
    smallest = asdict(facts.smallest)
    changes = [[_change(one) for one in some] for some in facts.smallest.changes]
    return {
        "why_unmatched": asdict(facts.unmatched),
        "smallest_change": {**smallest, "changes": changes},
    }


_CHANGES = {"WaiveRule": "waive_rule", "AddPlace": "add_place", "AddPerson": "add_person"}


def _change(change: Change) -> dict[str, Any]:
    return {"change": _CHANGES[type(change).__name__], **asdict(change)}
