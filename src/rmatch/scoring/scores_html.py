"""Scores as a card for a notebook: how many pairs are allowed, what excludes others, criteria."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from rmatch.markup import Html, card, note, table
from rmatch.programme.settings import MINIMUM_SCORE
from rmatch.scoring.people import SIDES

if TYPE_CHECKING:
    from rmatch.instance import BoolArray
    from rmatch.scoring.scores import Scores
    from rmatch.scoring.valued import CriterionValues


def scores_html(scores: Scores) -> str:
    """Counts only; rules that are confidential, and vetoes, are one row."""
    mentors, mentees = scores.points.shape
    allowed = int(scores.acceptable.sum())
    return card(
        f"{allowed} of {mentors * mentees} pairs are allowed: "
        f"{mentors} mentors × {mentees} mentees",
        *_spread(scores),
        *_excluded(scores),
        table(
            "What counts",
            ("criterion", "weight", "known, mentors' side", "known, mentees' side"),
            [_criterion(one) for one in scores.criteria],
            right={1, 2, 3},
        ),
        note("Known: of all pairs, those whose answers say it; others count as the average."),
    )


def _spread(scores: Scores) -> Iterator[Html]:
    points = scores.points[scores.acceptable] / 100
    if points.size:
        low, middle, high = points.min(), np.median(points), points.max()
        text = f"{low:.1f} to {high:.1f}, half of them {middle:.1f} or more"
        yield note(f"Scores of the pairs that are allowed: {text}.")


def _excluded(scores: Scores) -> Iterator[Html]:
    from rmatch.scoring.pair_scores import masked

    found: dict[str, BoolArray] = defaultdict(lambda: np.zeros(scores.points.shape, dtype=bool))
    for bit, code in enumerate(scores.rules.codes):
        (shown,) = masked((code,))
        found[shown] = found[shown] | (scores.rules.hard >> bit & 1).astype(bool)
    found[MINIMUM_SCORE] = ~scores.acceptable & (scores.rules.hard == 0)
    counts = [(code, int(pairs.sum())) for code, pairs in found.items() if pairs.any()]
    rows = [(code, str(n)) for code, n in sorted(counts, key=lambda one: (-one[1], one[0]))]
    if rows:
        yield table("Pairs that are not allowed, by rule", ("rule", "pairs"), rows, right={1})


def _criterion(one: CriterionValues) -> tuple[str, ...]:
    known = [f"{one.known[side].mean():.0%}" if _serves(one, side) else "–" for side in SIDES]
    return one.name, str(one.weight), *known


def _serves(one: CriterionValues, side: str) -> bool:
    return any(name == side and known.size for name, known in one.known.items())
