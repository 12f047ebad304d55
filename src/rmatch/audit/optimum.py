"""What can be said of a first level that is claimed to be proved; beyond that it takes a solver."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rmatch.audit.case import Case
from rmatch.audit.proofs import checked_levels
from rmatch.audit.report import Finding, FindingKind, counted, shown_pair
from rmatch.audit.stated import WEAK


def first_level_checked(case: Case) -> bool:
    """Whether the optimum of the first level is checked here."""
    checked = CHECKED.get(case.claim.order[0]) if case.claim.order else None
    return checked is not None and checked(case)


def _pairs_checked(case: Case) -> bool:
    return not case.outcome.stated.hard_quotas


def _stability_checked(case: Case) -> bool:
    """None at all is the fewest; some are too many only where there can be none."""
    return not case.outcome.blocking or _stable_exists(case)


CHECKED: Mapping[str, Callable[[Case], bool]] = {
    "pairs": _pairs_checked,
    "stability": _stability_checked,
}


def _stable_exists(case: Case) -> bool:
    """Whether a matching without blocking pairs is known to exist.

    Always one without weakly blocking pairs (Gale and Shapley 1962, ties broken at will), also
    beside pairs that must be made; not with stronger kinds (Irving 1994) or with quotas.
    """
    stated = case.outcome.stated
    return stated.stability == WEAK and not stated.hard_quotas


def size(case: Case) -> Iterator[Finding]:
    """A larger matching, where the most pairs are claimed to be proved."""
    claim, made = case.claim, case.outcome.made
    if not claim.optimal or claim.order[:1] != ("pairs",) or not _pairs_checked(case):
        return
    improvement = case.improvement
    found = 0 if improvement is None else improvement.size + len(case.outcome.stated.forced)
    if improvement is None or found <= len(made.pairs):
        return
    changes = _changes(improvement.path)
    message = f"{counted(found, 'pair')} can be made and not {len(made.pairs)}: {changes}"
    claimed = claim.objectives.get("pairs", len(made.pairs))
    yield Finding(FindingKind.LARGER_MATCHING, improvement.path, claimed, found, message)


def _changes(path: tuple[str, ...]) -> str:
    new = [shown_pair((path[n], path[n + 1])) for n in range(0, len(path), 2)]
    given_up = [shown_pair((path[n + 1], path[n])) for n in range(1, len(path) - 1, 2)]
    instead = f", giving up {', '.join(given_up)}" if given_up else ""
    return f"add {', '.join(new)}{instead}"


def required_stability(case: Case) -> Iterator[Finding]:
    """Blocking pairs, where stability comes first, is claimed to be proved, and can be had."""
    first = case.claim.order[:1] == ("stability",)
    count = len(case.outcome.blocking)
    if case.claim.optimal and first and count and _stable_exists(case):
        ids = case.outcome.blocking[0]
        message = (
            f"stability comes first and the claim has {counted(count, 'blocking pair')},"
            f" as {shown_pair(ids)}; a matching without any exists"
        )
        yield Finding(FindingKind.NOT_STABLE, ids, 0, count, message)


def optimum_notes(case: Case) -> Iterator[str]:
    """Which optima were checked, and by what; what was not checked of those that are claimed."""
    checked = {**_searched(case), **checked_levels(case)}
    if checked:
        shown = [f"{level} ({checked[level]})" for level in case.claim.order if level in checked]
        yield f"checked to be best, without a solver: {', '.join(shown)}"
    if not case.claim.optimal:
        yield "optimality is not claimed, so no better matching was looked for"
        return
    faulted = case.claim.order[:1] if first_level_checked(case) else ()
    unproved = [level for level in case.claim.order if level not in (*checked, *faulted)]
    if case.claim.order[:1] == tuple(unproved[:1]):
        yield from _why_unchecked(case)
    if unproved:
        yield f"that these levels are optimal is reported, not checked: {', '.join(unproved)}"


def _searched(case: Case) -> dict[str, str]:
    """The most pairs where a larger matching was looked for and not found."""
    claim, left = case.claim, case.outcome.left
    looked_for = claim.optimal and claim.order[:1] == ("pairs",) and _pairs_checked(case)
    none = looked_for and left is not None and case.improvement is None
    return {"pairs": "no larger matching exists"} if none else {}


def _why_unchecked(case: Case) -> Iterator[str]:
    first, stated = case.claim.order[0], case.outcome.stated
    if first == "pairs":
        yield "quotas must hold, so no larger matching was looked for"
    elif first == "stability":
        why = "quotas must hold" if stated.hard_quotas else f"stability is {stated.stability}"
        count = counted(len(case.outcome.blocking), "blocking pair")
        yield f"{why}, so there may be no matching without blocking pairs; this one has {count}"
