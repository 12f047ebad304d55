"""Pairs as shown to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rmatch.scoring.ranks import stated_choice

if TYPE_CHECKING:
    from rmatch.explaining.records import Pair
    from rmatch.scoring import PairScores


def with_people(pairs: Sequence[Pair], scores: PairScores) -> tuple[Pair, ...]:
    """Pairs as shown to people: scores 0–100, what was stated, points by criterion."""
    programme = scores.programme
    breakdowns = scores.contributions_of([(pair.mentor, pair.mentee) for pair in pairs])
    return tuple(
        replace(
            pair,
            score=pair.score / 100,
            mentor_score=pair.mentor_score / 100,
            mentee_score=pair.mentee_score / 100,
            mentor_stated=stated_choice(programme, pair.mentor, pair.mentee) is not None,
            mentee_stated=stated_choice(programme, pair.mentee, pair.mentor) is not None,
            breakdown=breakdown,
        )
        for pair, breakdown in zip(pairs, breakdowns, strict=True)
    )
