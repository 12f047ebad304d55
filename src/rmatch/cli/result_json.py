"""A matching as one JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from rmatch.audit import Audit
from rmatch.explaining.change import Change
from rmatch.explaining.facts import PersonFacts
from rmatch.explaining.records import Pair, Question, Waived, Warned
from rmatch.explaining.why_not import Reason, WhyNot
from rmatch.matching import Matching
from rmatch.solution import Level


def matching_json(matching: Matching, *, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Everything about a matching that the coordinator may see."""
    content: dict[str, Any] = {
        "status": matching.status,
        "strategy": matching.strategy,
        "seed": matching.seed,
        "stability": matching.instance.stability,
        "objectives": dict(matching.objectives),
        "levels": [_level(level) for level in matching.solution.levels],
        "pairs": [_pair(pair) for pair in matching.pairs],
        "unmatched": list(matching.unmatched),
        "blocking_pairs": [list(pair) for pair in matching.blocking_pairs],
        "warnings": warnings_json(matching.warnings),
        "waived": warnings_json(matching.waived),
        "questions": questions_json(matching.questions),
    }
    return content | ({"names": dict(names)} if names else {})


def _pair(pair: Pair) -> dict[str, Any]:
    return asdict(pair)


def _level(level: Level) -> dict[str, Any]:
    """Without its seconds, so that the same input gives the same document."""
    return {
        "name": level.name,
        "value": level.value,
        "bound": level.bound,
        "proved": level.proved,
    }


def warnings_json(warnings: Iterable[Warned | Waived]) -> list[dict[str, Any]]:
    """Warn rules that the made pairs break, or rules that are waived for them."""
    return [asdict(item) for item in warnings]


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
    if told.reason is Reason.NOT_SHOWN or audience == "panel":
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
