"""Scoring: the one place where people's answers become points, ranks and exclusions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rmatch.scoring.choosing import candidates_of, score_programme, with_candidates
from rmatch.scoring.pair_scores import PairScores
from rmatch.scoring.people import People
from rmatch.scoring.protocol import Criterion, Rule
from rmatch.scoring.scores import Scores
from rmatch.scoring.scoring import score
from rmatch.scoring.verdict import Verdict

if TYPE_CHECKING:
    from rmatch.scoring.candidate_scores import CandidateScores

__all__ = [
    "CandidateScores",
    "Criterion",
    "PairScores",
    "People",
    "Rule",
    "Scores",
    "Verdict",
    "candidates_of",
    "score",
    "score_programme",
    "with_candidates",
]


def __getattr__(name: str) -> object:
    """Candidate lists are for large programmes: others load nothing of them."""
    if name != "CandidateScores":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from rmatch.scoring.candidate_scores import CandidateScores

    return CandidateScores
