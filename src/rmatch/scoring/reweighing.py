"""The same people scored under other weights: only what hangs on the weights is computed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rmatch.instance import Instance
from rmatch.scoring.people import SIDES, People
from rmatch.scoring.scores import Scores
from rmatch.scoring.scoring import pair_points, side_points, with_bonus
from rmatch.scoring.statements import stated_instance

UNIT = 1_000
"""Weights are in thousandths here, so that small ones can be moved by little and stay integers.

A weighted mean is the same for any common factor. The bonus is not: it counts points, and is told
the unit. Settings allow weights up to a million; in 64 bits there is room for ten thousand times
that, in thousandths.
"""


def weights_of(scores: Scores) -> dict[str, int]:
    """The weights of all criteria that count, the bonus and custom ones among them."""
    return {criterion.name: criterion.weight for criterion in scores.criteria}


def instance_under(scores: Scores, weights: Mapping[str, int]) -> Instance:
    """What is to be solved under other weights, with everything that is stated.

    Rules and the values of criteria hang on no weight, nor does what a missing value counts; so
    criteria that weigh nothing now stay out.

    Args:
        scores: The people, scored under their own weights.
        weights: Of each of their criteria, in thousandths.

    Raises:
        InfeasibleError: a pair must be made whose score is now too low.
    """
    settings = scores.programme.settings
    valued = [replace(c, weight=weights[c.name]) for c in scores.criteria if not c.is_bonus]
    mentor, mentee = (side_points(scores.points.shape, valued, side) for side in SIDES)
    for bonus in (c for c in scores.criteria if c.is_bonus):
        people = People(scores.programme)
        _, mentee = with_bonus(people, mentee, weights[bonus.name], UNIT)
    points = pair_points(mentor, mentee, settings.side_weights)
    high_enough = points >= 100 * settings.minimum_score
    return stated_instance(
        replace(
            scores,
            points=points,
            mentor_points=mentor,
            mentee_points=mentee,
            acceptable=(scores.rules.hard == 0) & high_enough,
        )
    )
