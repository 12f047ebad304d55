"""Scores: what every pair is worth, what excludes it, and where each point came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray, Instance
from rmatch.programme import Programme
from rmatch.scoring.marking import RuleMarks
from rmatch.scoring.pair_scores import PairFound, PairScores
from rmatch.scoring.ranks import build_instance
from rmatch.scoring.valued import CriterionValues
from rmatch.scoring.weighing import Points

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Scores(PairScores):
    """Every pair's score with its attribution; what ``rmatch.score`` returns.

    Rows are ``programme.mentors``, columns ``programme.mentees``. All scores are integers
    0–10 000, shown to people as 0.0–100.0. Pairs are named by two ids, either way round, or by
    two indices (mentor, mentee).

    Attributes:
        points: (n, m) pair scores.
        mentor_points: (n, m) the mentors' side of it.
        mentee_points: (n, m) the mentees' side of it.
        acceptable: (n, m) whether no hard rule excludes the pair and its score is high enough.
        rules: which rules every pair breaks.
        criteria: the values behind the points.
    """

    programme: Programme
    points: Points
    mentor_points: Points
    mentee_points: Points
    acceptable: BoolArray
    rules: RuleMarks
    criteria: tuple[CriterionValues, ...]
    custom: tuple[tuple[Any, ...], tuple[Any, ...]] = ((), ())

    def __repr__(self) -> str:
        n, m = self.points.shape
        return f"Scores({n} × {m}, {int(self.acceptable.sum())} acceptable pairs)"

    def _repr_html_(self) -> str:
        from rmatch.scoring.scores_html import scores_html

        return scores_html(self)

    @cached_property
    def cost(self) -> npt.NDArray[np.float64]:
        """(n, m) cost matrix for any assignment solver: 10 000 − points, forbidden pairs ``inf``.

        Safe for ``scipy.optimize.linear_sum_assignment``, which ignores masks but heeds ``inf``.
        """
        return np.where(self.acceptable, 10_000.0 - self.points, np.inf)

    @cached_property
    def instance(self) -> Instance:
        """The acceptable pairs with ranks and scores, ready to be solved."""
        return build_instance(
            self.programme,
            acceptable=self.acceptable,
            points=self.points,
            sides={"mentor": self.mentor_points, "mentee": self.mentee_points},
            warned=self.rules.warn != 0,
        )

    def found(self, row: int, column: int) -> PairFound:
        """One pair's points and marks, by indices."""
        at, rules = (row, column), self.rules
        return PairFound(
            points=int(self.points[at]),
            mentor_points=int(self.mentor_points[at]),
            mentee_points=int(self.mentee_points[at]),
            acceptable=bool(self.acceptable[at]),
            hard=int(rules.hard[at]),
            warn=int(rules.warn[at]),
            unknown=int(rules.unknown[at]),
            waived=rules.waived.get(at, 0) | rules.unasked.get(at, 0),
        )

    def stating(self, programme: Programme) -> Self:
        """The scores of a programme that differs in what is stated alone, not in waivers."""
        return replace(self, programme=programme)

    def including(self, pairs: Iterable[tuple[str, str]]) -> Self:
        """These scores: every acceptable pair is in their instance."""
        del pairs
        return self

    def to_frame(self) -> pd.DataFrame:
        """One row per pair of people: ids, acceptable, scores 0–100, codes, values by criterion.

        Codes of confidential rules read ``confidential``.
        """
        n, m = self.shape
        from rmatch.scoring.frame import frame_of

        return frame_of((self._row(i, j) for i in range(n) for j in range(m)), self._frame_columns)
