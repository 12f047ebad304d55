"""Scores as a pandas DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from rmatch.scoring.scores import Scores


def scores_frame(scores: Scores) -> pd.DataFrame:
    """One row per mentor × mentee; see ``Scores.to_frame``."""
    import pandas as pd

    rows = []
    for i, mentor in enumerate(scores.programme.mentors):
        for j, mentee in enumerate(scores.programme.mentees):
            row: dict[str, object] = {
                "mentor": mentor.id,
                "mentee": mentee.id,
                "acceptable": bool(scores.acceptable[i, j]),
                "score": int(scores.points[i, j]) / 100,
                "mentor_score": int(scores.mentor_points[i, j]) / 100,
                "mentee_score": int(scores.mentee_points[i, j]) / 100,
                "excluded_by": "; ".join(scores.why_excluded(i, j)),
                "warned_by": "; ".join(scores.warned(i, j)),
                "unchecked": "; ".join(scores.unknown(i, j)),
            }
            for name, (own, other) in scores.breakdown(i, j).items():
                row[f"{name}_mentor"] = None if own is None else own / 100
                row[f"{name}_mentee"] = None if other is None else other / 100
            rows.append(row)
    return pd.DataFrame(rows)
