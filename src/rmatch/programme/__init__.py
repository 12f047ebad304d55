"""The programme: people, conflicts, history and settings; frozen, and no numbers yet."""

from __future__ import annotations

from rmatch.programme.cohort import Programme
from rmatch.programme.participant import (
    LeadershipRole,
    Participant,
    Period,
    PreferredAttributes,
    PriorExperience,
)
from rmatch.programme.settings import Settings
from rmatch.programme.statements import (
    Constraint,
    Load,
    MustNotPair,
    MustPair,
    Quota,
    Statement,
    Waiver,
)
from rmatch.programme.ties import Conflict, PastPair

__all__ = [
    "Conflict",
    "Constraint",
    "LeadershipRole",
    "Load",
    "MustNotPair",
    "MustPair",
    "Participant",
    "PastPair",
    "Period",
    "PreferredAttributes",
    "PriorExperience",
    "Programme",
    "Quota",
    "Settings",
    "Statement",
    "Waiver",
]
