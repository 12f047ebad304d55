"""Certificates that do not hold, and which levels are best by evidence that was checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rmatch.audit.case import Case
from rmatch.audit.evidence import Weighed
from rmatch.audit.objectives import OBJECTIVES
from rmatch.audit.outcome import Outcome
from rmatch.audit.report import Finding, FindingKind, counted


def false_cut(case: Case) -> Iterator[Finding]:
    """A cut that does not show that no more pairs are possible."""
    cut = case.cut
    if cut is None or cut.holds:
        return
    if cut.senseless:
        message = f"it proves nothing: {cut.senseless}"
    else:
        (allowed,), (made,) = cut.allowed, cut.reached
        message = f"it allows {counted(allowed, 'pair')} and {made} are made, so it proves nothing"
    yield Finding(FindingKind.FALSE_CUT, (), case.claim.cut, cut.allowed, message)


def false_prices(case: Case) -> Iterator[Finding]:
    """Prices that do not show that the levels they are for are best."""
    prices = case.prices
    if prices is None or prices.holds:
        return
    message = f"they prove nothing: {prices.senseless or _where_not_met(case, prices)}"
    yield Finding(FindingKind.FALSE_PRICES, (), case.claim.prices, prices.allowed, message)


def _where_not_met(case: Case, prices: Weighed) -> str:
    levels = () if case.claim.prices is None else case.claim.prices.levels
    for level, allowed, reached in zip(levels, prices.allowed, prices.reached, strict=True):
        if allowed != reached:
            return f"at {level} they leave {allowed - reached} between them and the pairs made"
    return ""


def checked_levels(case: Case) -> dict[str, str]:
    """The levels that are best by evidence that was checked, and what it is."""
    found: dict[str, str] = {}
    priced = () if case.claim.prices is None else case.claim.prices.levels
    for level in case.claim.order:
        if level == "pairs" and case.cut is not None and case.cut.holds:
            found[level] = "minimum cut"
        elif case.claim.optimal and _is_unbeatable(level, case.outcome):
            found[level] = UNBEATABLE[level][1]
        elif level in priced and case.prices is not None and case.prices.holds:
            found[level] = "prices"
    return found


def _is_unbeatable(level: str, outcome: Outcome) -> bool:
    if level not in UNBEATABLE:
        return False
    least, _ = UNBEATABLE[level]
    if least is not None:
        return OBJECTIVES[level](outcome) == least
    people = outcome.roster.people
    return all(
        outcome.made.matched(person.id) or (level == "priority" and not person.priority)
        for person in people
    )


UNBEATABLE: Mapping[str, tuple[int | None, str]] = {
    "people": (None, "everybody"),
    "priority": (None, "everybody"),
    "changes": (0, "none"),
    "stability": (0, "no pair blocks"),
    "prices": (0, "none"),
    "warnings": (0, "none"),
    "side_equal": (0, "none"),
}
"""Levels than whose value nothing is better (``None``: everybody has a partner), and in words."""
