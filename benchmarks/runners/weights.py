"""Most pairs and then the best score as one number a pair, as a user of an assignment solver does.

Every pair is worth more than any total score, so that one pair more beats any better score; an
excluded pair is worth nothing and is dropped afterwards, which loses no pair that was possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def bonus(problem: Mapping[str, Any]) -> int:
    """More than what any matching scores in all."""
    rows = problem["score"]
    most = max((score for row in rows for score in row if score is not None), default=0)
    return (most + 1) * max(1, min(len(rows), len(rows[0])))


def worth(problem: Mapping[str, Any]) -> Any:
    """(n, m) floats, what each pair is worth; 0 where it is excluded."""
    import numpy as np  # noqa: PLC0415 - not every environment that needs this file has NumPy

    scores = np.array(problem["score"], dtype=float)  # None becomes NaN
    extra = (np.nanmax(scores, initial=0) + 1) * max(1, min(scores.shape))
    return np.nan_to_num(scores + extra)


def allowed(problem: Mapping[str, Any], cells: Any) -> list[tuple[int, int]]:
    """The chosen cells that are acceptable pairs."""
    score = problem["score"]
    return [(int(i), int(j)) for i, j in cells if score[i][j] is not None]
