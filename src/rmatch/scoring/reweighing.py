"""The same people scored under other weights: only what hangs on the weights is computed again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from rmatch.instance import Instance
from rmatch.scoring.cells import Cells
from rmatch.scoring.criteria import bonus
from rmatch.scoring.people import SIDES, People, Side
from rmatch.scoring.protocol import TOP
from rmatch.scoring.scores import Scores
from rmatch.scoring.scoring import row_blocks
from rmatch.scoring.statements import stated_instance
from rmatch.scoring.valued import CriterionValues
from rmatch.scoring.weighing import pair_points, rounded

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
    people = People(scores.programme)
    mentor, mentee, points = (np.empty(people.shape, dtype=np.int32) for _ in range(3))
    for part in row_blocks(people.shape):
        cells = Cells.block(part.start, part.stop, people.shape[1])
        mentor[part], mentee[part] = (
            _side_points(scores.criteria, weights, cells, side) for side in SIDES
        )
        for one in (c for c in scores.criteria if c.is_bonus):
            added = bonus(people, cells, weights[one.name], UNIT)
            mentee[part] = np.minimum(TOP, mentee[part] + added)
        points[part] = pair_points(mentor[part], mentee[part], settings.side_weights)
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


def _side_points(
    criteria: Iterable[CriterionValues], weights: Mapping[str, int], cells: Cells, side: Side
) -> npt.NDArray[np.int64]:
    """The weighted mean of the values of one side, missing ones filled in as they were."""
    served = [one for one in criteria if side in one.values and not one.is_bonus]
    sums = np.zeros(cells.shape, dtype=np.int64)
    for one in served:
        sums += np.multiply(one.at(cells, side), weights[one.name], dtype=np.int64)
    return rounded(sums, sum(weights[one.name] for one in served))
