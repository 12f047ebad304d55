"""Is what was stated kept? Pairs that must or must not be made, quotas without a price."""

from __future__ import annotations

from collections.abc import Iterator

from rmatch.audit.case import Case
from rmatch.audit.report import Finding, FindingKind, shown_pair
from rmatch.audit.stated import QuotaRow


def forced_pairs(case: Case) -> Iterator[Finding]:
    """Pairs that must be made and are not."""
    stated, made = case.outcome.stated, case.outcome.made
    for pair in sorted(stated.forced - set(made.pairs)):
        message = f"{shown_pair(pair)} must be made and is not"
        yield Finding(FindingKind.FORCED_PAIR_MISSING, pair, False, True, message)


def forbidden_pairs(case: Case) -> Iterator[Finding]:
    """Pairs that must not be made and are."""
    stated, made = case.outcome.stated, case.outcome.made
    for pair in made.pairs:
        if pair in stated.forbidden:
            message = f"{shown_pair(pair)} must not be made and is"
            yield Finding(FindingKind.FORBIDDEN_PAIR, pair, True, False, message)


def hard_quotas(case: Case) -> Iterator[Finding]:
    """Quotas without a price that are off their limits."""
    made = case.outcome.made
    for quota in case.outcome.stated.hard_quotas:
        if quota.off(made):
            count = quota.count(made)
            message = f"{quota.statement}: the count is {count} and must be {_limits(quota)}"
            yield Finding(FindingKind.QUOTA_BROKEN, (), None, count, message)


def _limits(quota: QuotaRow) -> str:
    if quota.maximum is None:
        return f"at least {quota.minimum}"
    if quota.minimum == quota.maximum:
        return str(quota.minimum)
    return f"from {quota.minimum} to {quota.maximum}"
