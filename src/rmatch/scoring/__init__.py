"""Scoring: the one place where people's answers become points, ranks and exclusions."""

from __future__ import annotations

from rmatch.scoring.people import People
from rmatch.scoring.protocol import Criterion, Rule
from rmatch.scoring.scores import Scores
from rmatch.scoring.scoring import score
from rmatch.scoring.verdict import Verdict

__all__ = ["Criterion", "People", "Rule", "Scores", "Verdict", "score"]
