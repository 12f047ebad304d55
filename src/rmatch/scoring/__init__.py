"""Scoring: the one place where people's answers become points, ranks and exclusions."""

from __future__ import annotations

from rmatch.scoring.candidate_scores import CandidateScores
from rmatch.scoring.choosing import candidates_of, score_programme, with_candidates
from rmatch.scoring.pair_scores import PairScores
from rmatch.scoring.people import People
from rmatch.scoring.protocol import Criterion, Rule
from rmatch.scoring.scores import Scores
from rmatch.scoring.scoring import score
from rmatch.scoring.verdict import Verdict

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
