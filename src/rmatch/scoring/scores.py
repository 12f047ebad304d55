"""Scores: what every pair is worth, what excludes it, and where each point came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray, Instance
from rmatch.programme import Programme
from rmatch.programme.settings import MINIMUM_SCORE, is_confidential
from rmatch.scoring.frame import frame_of
from rmatch.scoring.marking import RuleMarks
from rmatch.scoring.people import SIDES, Side
from rmatch.scoring.ranks import build_instance
from rmatch.scoring.valued import CriterionValues
from rmatch.scoring.weighing import Points

if TYPE_CHECKING:
    import pandas as pd

Person = str | int

CONFIDENTIAL = "confidential"
"""What every confidential rule and every veto reads as."""


@dataclass(frozen=True, eq=False, repr=False)
class Scores:
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

    def why_excluded(
        self, mentor: Person, mentee: Person, *, reveal: bool = False
    ) -> tuple[str, ...]:
        """Codes of everything that excludes a pair; empty for an acceptable one.

        Vetoes and confidential rules all read ``confidential`` unless ``reveal``.
        """
        i, j = self.locate(mentor, mentee)
        codes = self.rules.codes_at(self.rules.hard, i, j)
        if not codes and not self.acceptable[i, j]:
            return (MINIMUM_SCORE,)
        return codes if reveal else masked(codes)

    def warned(self, mentor: Person, mentee: Person, *, reveal: bool = False) -> tuple[str, ...]:
        """Codes of the warn rules that a pair breaks, masked like those of ``why_excluded``."""
        codes = self.rules.codes_at(self.rules.warn, *self.locate(mentor, mentee))
        return codes if reveal else masked(codes)

    def unknown(self, mentor: Person, mentee: Person, *, reveal: bool = False) -> tuple[str, ...]:
        """Codes of the hard rules that cannot be checked for a pair, masked likewise.

        Where something confidential excludes the pair, nothing confidential is unknown besides:
        which of several it is would show in the one being known and the other not.
        """
        codes = self.rules.codes_at(self.rules.unknown, *self.locate(mentor, mentee))
        if reveal:
            return codes
        told = set(self.why_excluded(mentor, mentee)) & {CONFIDENTIAL}
        return tuple(code for code in masked(codes) if code not in told)

    def waived(self, mentor: Person, mentee: Person) -> tuple[str, ...]:
        """Codes of the rules that would exclude a pair, warn of it or be asked, but for a waiver.

        A waiver of a rule that does not concern the pair is not among them. No code here is ever
        confidential: such rules cannot be waived.
        """
        pair = self.locate(mentor, mentee)
        bits = self.rules.waived.get(pair, 0) | self.rules.unasked.get(pair, 0)
        return self.rules.codes_of(bits)

    def breakdown(self, mentor: Person, mentee: Person) -> dict[str, tuple[int | None, int | None]]:
        """Per criterion, its values 0–10 000 on the mentor's and the mentee's side.

        ``None`` where the criterion does not serve that side. A value that was missing is the
        criterion's mean; see ``is_stated``.
        """
        i, j = self.locate(mentor, mentee)
        found = {criterion.name: criterion.of_pair(i, j) for criterion in self.criteria}
        return {name: (_value(of, "mentor"), _value(of, "mentee")) for name, of in found.items()}

    def is_stated(self, criterion: str, side: Side, mentor: Person, mentee: Person) -> bool:
        """Whether the criterion was computed from facts for this pair, rather than filled in.

        Raises:
            KeyError: no such criterion, or one that does not serve this side.
        """
        i, j = self.locate(mentor, mentee)
        named = {c.name: c for c in self.criteria}
        return named[criterion].of_pair(i, j)[side][1]

    def contributions(self, mentor: Person, mentee: Person) -> dict[str, float]:
        """Per criterion, the points (0–100) it adds to the pair's score; they sum to it.

        Up to the rounding of the score and the cap of the bonus.
        """
        i, j = self.locate(mentor, mentee)
        shares = dict(zip(SIDES, self.programme.settings.side_weights, strict=True))
        whole = {side: self._weight_of(side) for side in SIDES}
        result = {}
        for criterion in self.criteria:
            total = 0.0
            for side, (value, _) in criterion.of_pair(i, j).items():
                part = 1 if criterion.is_bonus else criterion.weight / max(1, whole[side])
                total += shares[side] * part * value
            result[criterion.name] = round(total / sum(shares.values()) / 100, 2)
        return result

    def _weight_of(self, side: Side) -> int:
        return sum(c.weight for c in self.criteria if side in c.values and not c.is_bonus)

    def locate(self, mentor: Person, mentee: Person) -> tuple[int, int]:
        """Row and column of a pair.

        Raises:
            KeyError: an id or index that is not in the programme, or two people of one side.
        """
        if isinstance(mentor, str) and mentor in self._columns:
            mentor, mentee = mentee, mentor
        row = self._rows[mentor] if isinstance(mentor, str) else mentor
        column = self._columns[mentee] if isinstance(mentee, str) else mentee
        n, m = self.points.shape
        if not (0 <= row < n and 0 <= column < m):
            raise KeyError((mentor, mentee))
        return row, column

    @cached_property
    def _rows(self) -> Mapping[str, int]:
        return {person.id: i for i, person in enumerate(self.programme.mentors)}

    @cached_property
    def _columns(self) -> Mapping[str, int]:
        return {person.id: j for j, person in enumerate(self.programme.mentees)}

    def to_frame(self) -> pd.DataFrame:
        """One row per pair of people: ids, acceptable, scores 0–100, codes, values by criterion.

        Codes of confidential rules read ``confidential``.
        """
        n, m = self.points.shape
        names = [f"{c.name}_{side}" for c in self.criteria for side in SIDES]
        return frame_of(
            (self._row(i, j) for i in range(n) for j in range(m)), [*_PAIR_COLUMNS, *names]
        )

    def _row(self, i: int, j: int) -> dict[str, object]:
        """One pair's row of the frame."""
        row: dict[str, object] = {
            "mentor": self.programme.mentors[i].id,
            "mentee": self.programme.mentees[j].id,
            "acceptable": bool(self.acceptable[i, j]),
            "score": int(self.points[i, j]) / 100,
            "mentor_score": int(self.mentor_points[i, j]) / 100,
            "mentee_score": int(self.mentee_points[i, j]) / 100,
            "excluded_by": "; ".join(self.why_excluded(i, j)),
            "warned_by": "; ".join(self.warned(i, j)),
            "unchecked": "; ".join(self.unknown(i, j)),
            "waived": "; ".join(self.waived(i, j)),
        }
        for name, (own, other) in self.breakdown(i, j).items():
            row[f"{name}_mentor"] = None if own is None else own / 100
            row[f"{name}_mentee"] = None if other is None else other / 100
        return row


_PAIR_COLUMNS = (
    "mentor",
    "mentee",
    "acceptable",
    "score",
    "mentor_score",
    "mentee_score",
    "excluded_by",
    "warned_by",
    "unchecked",
    "waived",
)


def masked(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Codes as they may be shown: those of confidential rules all read alike, and come first.

    Where one stood among the others would tell which it is.
    """
    hidden = (CONFIDENTIAL,) if any(map(is_confidential, codes)) else ()
    return (*hidden, *(code for code in codes if not is_confidential(code)))


def _value(found: Mapping[Side, tuple[int, bool]], side: Side) -> int | None:
    return found[side][0] if side in found else None
