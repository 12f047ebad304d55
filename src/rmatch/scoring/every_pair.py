"""The scores of every pair, some mentors at a time: never all of them at once."""

from __future__ import annotations

from collections.abc import Iterator

from rmatch.instance import BoolArray
from rmatch.scoring.candidate_scores import CandidateScores
from rmatch.scoring.cells import Cells
from rmatch.scoring.pair_scores import PairScores
from rmatch.scoring.scores import Scores
from rmatch.scoring.scoring import row_blocks, score_cells
from rmatch.scoring.weighing import Points


def blocks_of(scores: PairScores) -> Iterator[tuple[slice, Points, BoolArray]]:
    """Some mentors, what they score with every mentee, and who of these is acceptable."""
    for part in row_blocks(scores.shape):
        if isinstance(scores, CandidateScores):
            cells = Cells.block(part.start, part.stop, scores.shape[1])
            scored = score_cells(scores.measured, cells, scores.means)
            yield part, scored.points, scored.acceptable
        elif isinstance(scores, Scores):
            yield part, scores.points[part], scores.acceptable[part]
        else:
            raise TypeError(f"{type(scores).__name__} has no pairs to go through")
