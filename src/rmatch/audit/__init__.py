"""The independent audit: from the raw programme to a verdict, with plain loops.

Written from docs/scoring.md and the design alone. It imports nothing of scoring or solving, so that
it can catch what they get wrong.
"""

from __future__ import annotations

from rmatch.audit.arrays import ListedPair, audit_arrays
from rmatch.audit.claim import Claim, ClaimedPair, ClaimedPrices
from rmatch.audit.recompute import PairFacts, Recomputed, recompute
from rmatch.audit.report import Audit, Finding, FindingKind
from rmatch.audit.roster import Place, Roster
from rmatch.audit.stated import QuotaRow, Stated
from rmatch.audit.statements import stated_by
from rmatch.audit.tables import Given
from rmatch.audit.verdict import audit, audit_candidates, audit_made

__all__ = [
    "Audit",
    "Claim",
    "ClaimedPair",
    "ClaimedPrices",
    "Finding",
    "FindingKind",
    "Given",
    "ListedPair",
    "PairFacts",
    "Place",
    "QuotaRow",
    "Recomputed",
    "Roster",
    "Stated",
    "audit",
    "audit_arrays",
    "audit_candidates",
    "audit_made",
    "recompute",
    "stated_by",
]
