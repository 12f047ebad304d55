"""The audit itself: recompute, hold the claim against it, say what was not checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from rmatch.audit.case import Case
from rmatch.audit.checks import CHECKS
from rmatch.audit.claim import Claim
from rmatch.audit.declared import IdPair
from rmatch.audit.objectives import OBJECTIVES, TIE_BREAK
from rmatch.audit.optimum import optimum_notes
from rmatch.audit.outcome import outcome_of
from rmatch.audit.recompute import Recomputed, recompute
from rmatch.audit.report import Audit
from rmatch.audit.roster import roster_of
from rmatch.audit.stated import Stated
from rmatch.audit.statements import stated_by
from rmatch.audit.tables import Given
from rmatch.programme import Programme

if TYPE_CHECKING:
    from rmatch.audit.among import Among


def audit(
    programme: Programme,
    claim: Claim,
    *,
    taken_as_given: Given | None = None,
    stated: Stated | None = None,
) -> Audit:
    """Recompute everything from ``programme`` and fault what ``claim`` gets wrong.

    Nothing that is not claimed is faulted, but that the coordinator's statements hold is always
    claimed. Shares no code with scoring or solving, so that it can catch both. ``taken_as_given``
    holds what cannot be recomputed: criteria and rules of the coordinator's own. ``stated`` is what
    the programme's settings state, unless it is given.
    """
    recomputed = recompute(programme, taken_as_given)
    held = stated_by(programme) if stated is None else stated
    made = claim.id_pairs
    case = Case(claim, recomputed, outcome_of(roster_of(programme), recomputed.pairs, held, made))
    return verdict(case, *_given_notes(taken_as_given, recomputed))


def audit_candidates(
    programme: Programme,
    claim: Claim,
    listed: Iterable[IdPair],
    *,
    taken_as_given: Given | None = None,
) -> Audit:
    """As ``audit``, where only candidate pairs were looked at: what is claimed holds among them.

    Args:
        programme: The people and settings.
        claim: What the matching claims.
        listed: The candidate pairs. That these are the lists is taken as given; that nothing
            excludes them, what they score and how they are ranked is recomputed.
        taken_as_given: Criteria and rules of the coordinator's own.
    """
    pairs = dict.fromkeys((*listed, *claim.id_pairs))
    from rmatch.audit.among import Among

    recomputed = Among(programme, _of_people(programme, pairs), taken_as_given)
    held, made = stated_by(programme), claim.id_pairs
    case = Case(claim, recomputed, outcome_of(roster_of(programme), recomputed.pairs, held, made))
    note = f"{len(pairs)} candidate pairs are taken as given: no other pair was looked at"
    return verdict(case, note, *_given_notes(taken_as_given, recomputed))


def audit_made(programme: Programme, claim: Claim, *, taken_as_given: Given | None = None) -> Audit:
    """As ``audit_candidates`` for the pairs made alone, where there are too many candidates.

    That they are legal, what they score, their questions, warnings and waivers, loads and who is
    left are checked. What hangs on other pairs is not, and the notes say so: ranks, blocking pairs,
    levels of them, and optimality.
    """
    bare = tuple(replace(pair, mentor_rank=None, mentee_rank=None) for pair in claim.pairs)
    known = {name: value for name, value in claim.objectives.items() if name in _OF_MADE}
    less = replace(
        claim,
        pairs=bare,
        blocking_pairs=None,
        objectives=known,
        order=tuple(name for name in claim.order if name in known),
        optimal=False,
        cut=None,
        prices=None,
    )
    found = audit_candidates(programme, less, (), taken_as_given=taken_as_given)
    left = [name for name in claim.objectives if name not in known]
    note = (
        "only the pairs made were recomputed: ranks, blocking pairs, the values of "
        f"{', '.join(left) or 'no level'} and optimality are not checked"
    )
    return replace(found, notes=(note, *found.notes[1:]))


_OF_MADE = frozenset({"pairs", "people", "priority", "warnings", "score", TIE_BREAK})
"""Levels that hang on the pairs made alone."""


def _of_people(programme: Programme, pairs: Iterable[IdPair]) -> Iterator[IdPair]:
    """The pairs of known people; what is claimed of others is faulted elsewhere."""
    mentors = {person.id for person in programme.mentors}
    mentees = {person.id for person in programme.mentees}
    return (pair for pair in pairs if pair[0] in mentors and pair[1] in mentees)


def verdict(case: Case, *notes: str) -> Audit:
    """What every check finds, and what was not checked."""
    findings = tuple(finding for check in CHECKS for finding in check(case))
    return Audit(not findings, findings, (*notes, *level_notes(case)))


def _given_notes(given: Given | None, recomputed: Recomputed | Among) -> Iterator[str]:
    if given is not None:
        for name in given.criteria:
            yield f"the values of criterion {name} are taken as given"
        for code in given.rules:
            yield f"the pairs that break rule {code} are taken as given"
    for name in recomputed.unknown_criteria:
        yield f"criterion {name} has weight in the settings and no values here: left out of scores"


def level_notes(case: Case) -> Iterator[str]:
    """What of the levels was not checked."""
    for level in case.claim.objectives:
        if level == TIE_BREAK and case.claim.tie_break_seed is None:
            yield "tie_break: no seed was claimed, so its value is not checked"
        elif level not in OBJECTIVES and level != TIE_BREAK:
            yield f"{level}: the audit does not know this level, so its value is not checked"
    yield from optimum_notes(case)
