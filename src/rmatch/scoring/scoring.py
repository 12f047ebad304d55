"""From people to points: apply every rule and criterion, keep what each said."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rmatch.errors import InputError
from rmatch.instance import BoolArray
from rmatch.programme import Programme
from rmatch.programme.settings import DEFAULT_WEIGHTS, default_severities
from rmatch.scoring.cells import Cells
from rmatch.scoring.criteria import BONUS, Weighed, bonus
from rmatch.scoring.custom import checked_criteria, checked_rules
from rmatch.scoring.marking import Marking, RuleMarks, active_rules
from rmatch.scoring.people import SIDES, People, Side
from rmatch.scoring.protocol import TOP, Criterion, Rule
from rmatch.scoring.rules import BuiltInRule
from rmatch.scoring.scores import Scores
from rmatch.scoring.unknown import unknown_names
from rmatch.scoring.valued import criterion_values
from rmatch.scoring.weighing import (
    Means,
    Points,
    SideSums,
    add_values,
    pair_points,
    weighed_criteria,
)
from rmatch.work import count

BLOCK = 2**16
"""Pairs that are scored together: what is made of them fits in a processor's own cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """What a programme's pairs are measured by: the people, and the criteria and rules that count.

    Attributes:
        people: Everyone.
        criteria: The criteria, without the bonus.
        rules: The rules that are on.
        custom: A user's own criteria and rules, as they were given.
    """

    people: People
    criteria: tuple[Weighed, ...]
    rules: tuple[BuiltInRule, ...]
    custom: tuple[tuple[Criterion, ...], tuple[Rule, ...]]

    @property
    def bonus_weight(self) -> int:
        """Of experience; 0 where it does not count."""
        return self.people.programme.settings.all_weights[BONUS]


@dataclass(frozen=True, slots=True, eq=False)
class CellScores:
    """What ``score_cells`` says of cells, all in their shape.

    Attributes:
        points: Pair scores.
        mentor_points: The mentors' side of them.
        mentee_points: The mentees' side of them.
        acceptable: Whether no hard rule excludes the pair and its score is high enough.
        rules: Which rules every pair breaks.
    """

    points: Points
    mentor_points: Points
    mentee_points: Points
    acceptable: BoolArray
    rules: RuleMarks


def measures(
    programme: Programme, criteria: Iterable[Criterion] = (), rules: Iterable[Rule] = ()
) -> Measures:
    """What the pairs of a programme are measured by; criteria and rules of one's own are asked.

    Raises:
        InputError: the settings weigh a criterion, or waive a rule, that does not exist.
        ValueError: a custom criterion or rule with a taken name or values out of range.
    """
    criteria = checked_criteria(criteria, DEFAULT_WEIGHTS)
    rules = checked_rules(rules, default_severities())
    people = People(programme)
    settings = programme.settings
    if problems := tuple(unknown_names(settings, criteria, rules)):
        raise InputError(problems)
    return Measures(
        people,
        weighed_criteria(people, settings.all_weights, criteria),
        active_rules(people, settings, rules),
        (tuple(criteria), tuple(rules)),
    )


def score(
    programme: Programme, *, criteria: Iterable[Criterion] = (), rules: Iterable[Rule] = ()
) -> Scores:
    """Score every pair of a programme, with what excludes it and where each point came from.

    Args:
        programme: The people and settings.
        criteria: Criteria of your own, beside the built-in ones.
        rules: Rules of your own.

    Raises:
        InputError: the settings weigh a criterion, or waive a rule, that does not exist.
        ValueError: a custom criterion or rule with a taken name or values out of range.
    """
    measured = measures(programme, criteria, rules)
    shape = measured.people.shape
    blocks = [(Cells.block(part.start, part.stop, shape[1]), part) for part in row_blocks(shape)]
    scored, means = _scored(measured, blocks, None, shape)
    valued = [criterion_values(measured.people, one, means) for one in measured.criteria]
    if measured.bonus_weight:
        valued.append(criterion_values(measured.people, None, means, measured.bonus_weight))
    return Scores(
        programme=programme,
        points=scored.points,
        mentor_points=scored.mentor_points,
        mentee_points=scored.mentee_points,
        acceptable=scored.acceptable,
        rules=scored.rules,
        criteria=tuple(valued),
        custom=measured.custom,
    )


def row_blocks(shape: tuple[int, int]) -> list[slice]:
    """Rows so many at a time that a block has about ``BLOCK`` pairs."""
    n, m = shape
    step = max(1, BLOCK // max(1, m))
    return [slice(start, min(n, start + step)) for start in range(0, n, step)]


def score_cells(measured: Measures, cells: Cells, means: Means) -> CellScores:
    """Score some pairs.

    Args:
        measured: What they are measured by.
        cells: Which pairs; what is made of them is held all at once.
        means: What missing values count, by criterion and side.
    """
    return _scored(measured, [(cells, slice(None))], means, cells.shape)[0]


def means_over(measured: Measures, cells: Cells) -> dict[tuple[str, Side], int]:
    """The means of the known values of some pairs, by criterion and side."""
    count(judged=math.prod(cells.shape))
    sums = [SideSums(measured.criteria, side, cells.shape) for side in SIDES]
    add_values(measured.people, cells, measured.criteria, sums, slice(None))
    return {key: mean for one in sums for key, mean in one.means().items()}


def _scored(
    measured: Measures,
    parts: Sequence[tuple[Cells, slice]],
    means: Means | None,
    shape: tuple[int, ...],
) -> tuple[CellScores, Means]:
    """The scores of all parts, and the means: of the known values of all, unless given."""
    people, settings = measured.people, measured.people.programme.settings
    count(scored=math.prod(shape))
    sums = [SideSums(measured.criteria, side, shape) for side in SIDES]
    marking = Marking(people, measured.rules, shape)
    for cells, part in parts:
        add_values(people, cells, measured.criteria, sums, part)
        marking.add(cells, part)
    if means is None:
        means = {key: mean for one in sums for key, mean in one.means().items()}
    slices = [part for _, part in parts]
    mentor, mentee = (one.points(means, slices) for one in sums)
    points = np.empty(shape, dtype=np.int32)
    acceptable = np.empty(shape, dtype=bool)
    for cells, part in parts:
        if measured.bonus_weight:
            added = bonus(people, cells, measured.bonus_weight)
            mentee[part] = np.minimum(TOP, mentee[part] + added)
        points[part] = pair_points(mentor[part], mentee[part], settings.side_weights)
        acceptable[part] = marking.hard[part] == 0
        acceptable[part] &= points[part] >= 100 * settings.minimum_score
    return CellScores(points, mentor, mentee, acceptable, marking.done()), means
