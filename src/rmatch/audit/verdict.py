"""The audit itself: recompute, hold the claim against it, say what was not checked."""

from __future__ import annotations

from collections.abc import Iterator

from rmatch.audit.checks import CHECKS, Case
from rmatch.audit.claim import Claim
from rmatch.audit.made import made_of
from rmatch.audit.objectives import OBJECTIVES, TIE_BREAK, Outcome
from rmatch.audit.recompute import Recomputed, recompute
from rmatch.audit.report import Audit
from rmatch.audit.roster import roster_of
from rmatch.audit.stability import blocking_pairs
from rmatch.audit.tables import Given
from rmatch.programme import Programme

CHECKED_FIRST = ("pairs", "stability")
"""Levels whose optimum is checked where they come first; beyond that it takes a solver."""


def audit(programme: Programme, claim: Claim, *, taken_as_given: Given | None = None) -> Audit:
    """Recompute everything from ``programme`` and fault what ``claim`` gets wrong.

    Nothing that is not claimed is faulted. Shares no code with scoring or solving, so that it can
    catch both. ``taken_as_given`` holds what cannot be recomputed: criteria and rules of the
    coordinator's own.
    """
    recomputed = recompute(programme, taken_as_given)
    roster = roster_of(programme)
    made = made_of(roster, ((pair.mentor, pair.mentee) for pair in claim.pairs))
    blocking = blocking_pairs(recomputed.pairs, made)
    case = Case(claim, recomputed, Outcome(roster, recomputed.pairs, made, blocking))
    findings = tuple(finding for check in CHECKS for finding in check(case))
    notes = (*_given_notes(taken_as_given, recomputed), *level_notes(claim))
    return Audit(not findings, findings, notes)


def _given_notes(given: Given | None, recomputed: Recomputed) -> Iterator[str]:
    if given is not None:
        for name in given.criteria:
            yield f"the values of criterion {name} are taken as given"
        for code in given.rules:
            yield f"the pairs that break rule {code} are taken as given"
    for name in recomputed.unknown_criteria:
        yield f"criterion {name} has weight in the settings and no values here: left out of scores"


def level_notes(claim: Claim) -> Iterator[str]:
    """What of the levels was not checked."""
    for level in claim.objectives:
        if level == TIE_BREAK and claim.tie_break_seed is None:
            yield "tie_break: no seed was claimed, so its value is not checked"
        elif level not in OBJECTIVES and level != TIE_BREAK:
            yield f"{level}: the audit does not know this level, so its value is not checked"
    unproved = [
        level for place, level in enumerate(claim.order) if place or level not in CHECKED_FIRST
    ]
    if claim.optimal and unproved:
        yield f"that these levels are optimal is reported, not checked: {', '.join(unproved)}"
    if not claim.optimal:
        yield "optimality is not claimed, so no better matching was looked for"
