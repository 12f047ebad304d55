"""Candidate scores: of a large programme the pairs worth looking at, with their attribution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.programme import Programme
from rmatch.programme.settings import MINIMUM_SCORE
from rmatch.scoring.cells import Cells
from rmatch.scoring.frame import frame_of
from rmatch.scoring.listed_ranks import listed_instance
from rmatch.scoring.marking import RuleMarks
from rmatch.scoring.pair_scores import PairFound, PairScores, Person, masked
from rmatch.scoring.scoring import CellScores, Measures, score_cells
from rmatch.scoring.stated_pairs import named_in
from rmatch.scoring.valued import CriterionValues
from rmatch.scoring.weighing import Means, Points

if TYPE_CHECKING:
    import pandas as pd


_NEEDS_EVERY_PAIR = (
    "{} needs every pair, and only candidates were scored: score the programme with "
    "candidates='all', or ask about one pair"
)
_MARKS = ("hard", "warn", "unknown")
_ARRAYS = ("rows", "columns", "points", "mentor_points", "mentee_points", "named")


@dataclass(frozen=True, eq=False, repr=False)
class CandidateScores(PairScores):
    """The scores of each person's candidates; what ``rmatch.score(programme, candidates=k)`` gives.

    The lists hold the best k acceptable partners by each side's own points, a few by what the pair
    scores, every stated choice of either side, and the pairs that the settings name. A pair that
    breaks a hard rule is in none. Where a list is shorter than k, everybody acceptable to that
    person is in it. A pair that is no candidate can be asked about all the same, and is scored
    then.

    Attributes:
        per_person: k.
        rows: (E,) mentor index of each candidate pair, ascending.
        columns: (E,) mentee index, ascending for each mentor.
        points: (E,) pair scores.
        mentor_points: (E,) the mentors' side of it.
        mentee_points: (E,) the mentees' side of it.
        rules: which warn rules every candidate pair breaks, and what cannot be checked.
        criteria: the criteria that count.
        measured: what pairs are measured by.
        means: what missing values count.
        named: (E,) whether a pair is a candidate because the settings name it, and for that alone.
        custom: criteria and rules beside the built-in ones.
    """

    programme: Programme
    per_person: int
    rows: IntArray
    columns: IntArray
    points: Points
    mentor_points: Points
    mentee_points: Points
    rules: RuleMarks
    criteria: tuple[CriterionValues, ...]
    measured: Measures
    means: Means
    named: BoolArray
    custom: tuple[tuple[Any, ...], tuple[Any, ...]] = ((), ())

    def __repr__(self) -> str:
        n, m = self.shape
        return (
            f"CandidateScores({n} × {m}, {len(self.rows)} candidate pairs, "
            f"the best {self.per_person} of each person)"
        )

    @cached_property
    def instance(self) -> Instance:
        """The candidate pairs with ranks and scores, ready to be solved."""
        return listed_instance(
            self.programme,
            self.rows,
            self.columns,
            points=self.points,
            sides={"mentor": self.mentor_points, "mentee": self.mentee_points},
            warned=self.rules.warn != 0,
        )

    @property
    def candidates(self) -> int:
        """How many candidates everybody has."""
        return self.per_person

    @property
    def cost(self) -> NoReturn:
        """There is none: a matrix needs every pair.

        Raises:
            ValueError: always.
        """
        raise ValueError(_NEEDS_EVERY_PAIR.format("a cost matrix"))

    @property
    def acceptable(self) -> NoReturn:
        """There is no such table: every candidate pair is acceptable, others are not looked at.

        Raises:
            ValueError: always.
        """
        raise ValueError(_NEEDS_EVERY_PAIR.format("a table of all pairs"))

    # Questions about one pair ---------------------------------------------------------------------

    def is_candidate(self, mentor: Person, mentee: Person) -> bool:
        """Whether a pair is in the lists; one that is not can never be matched."""
        return self._place(*self.locate(mentor, mentee)) is not None

    def pairs_at(self, places: tuple[IntArray, ...]) -> Iterator[tuple[int, int]]:
        """(mentor, mentee) indices of places in the arrays of marks."""
        (at,) = places
        return zip(self.rows[at].tolist(), self.columns[at].tolist(), strict=True)

    def _place(self, row: int, column: int) -> int | None:
        low, high = self._start[row : row + 2].tolist()
        at = low + int(np.searchsorted(self.columns[low:high], column))
        return at if at < high and int(self.columns[at]) == column else None

    @cached_property
    def _start(self) -> IntArray:
        """(n + 1,) offsets: the candidates of mentor i are ``_start[i]:_start[i + 1]``."""
        return np.searchsorted(self.rows, np.arange(self.shape[0] + 1))

    def found(self, row: int, column: int) -> PairFound:
        """One pair's points and marks, by indices."""
        at = self._place(row, column)
        if at is not None:
            scored: CandidateScores | CellScores = self
            acceptable = True
        else:
            scored = score_cells(self.measured, Cells.listed([row], [column]), self.means)
            at, acceptable = 0, bool(scored.acceptable[0])
        rules, pair = scored.rules, (row, column)
        return PairFound(
            points=int(scored.points[at]),
            mentor_points=int(scored.mentor_points[at]),
            mentee_points=int(scored.mentee_points[at]),
            acceptable=acceptable,
            hard=int(rules.hard[at]),
            warn=int(rules.warn[at]),
            unknown=int(rules.unknown[at]),
            waived=rules.waived.get(pair, 0) | rules.unasked.get(pair, 0),
        )

    def excluding(self, person: str, *, reveal: bool = False) -> dict[str, int]:
        """How many of all possible partners of somebody each code excludes, as it may be shown."""
        scored = score_cells(self.measured, self._everybody(person), self.means)
        bits, counts = np.unique(scored.rules.hard, return_counts=True)
        total: Counter[str] = Counter()
        for own, count in zip(bits.tolist(), counts.tolist(), strict=True):
            codes = scored.rules.codes_of(own)
            total.update(dict.fromkeys(codes if reveal else masked(codes), count))
        total[MINIMUM_SCORE] += int(np.count_nonzero(~scored.acceptable & (scored.rules.hard == 0)))
        return {code: count for code, count in total.items() if count}

    def allowed_for(self, person: str) -> tuple[str, ...]:
        """Ids of all possible partners of somebody whom no rule excludes, in no list too."""
        others = self.programme.mentees if person in self._rows else self.programme.mentors
        scored = score_cells(self.measured, self._everybody(person), self.means)
        return tuple(others[k].id for k in np.flatnonzero(scored.acceptable).tolist())

    def _everybody(self, person: str) -> Cells:
        """All pairs of one person."""
        n, m = self.shape
        if person in self._rows:
            return Cells.listed(np.full(m, self._rows[person]), np.arange(m))
        return Cells.listed(np.arange(n), np.full(n, self._columns[person]))

    # What else is stated --------------------------------------------------------------------------

    def stating(self, programme: Programme) -> CandidateScores:
        """The candidates of a programme that differs in what is stated alone, not in waivers."""
        bare = self._only(~self.named) if self.named.any() else self
        named = named_in(programme.settings, self.measured.people)
        return replace(bare, programme=programme)._with(*named)

    def including(self, pairs: Iterable[tuple[str, str]]) -> CandidateScores:
        """These candidates with some more pairs, by (mentor, mentee) id, if they are acceptable."""
        index = [self.locate(*pair) for pair in pairs]
        rows, columns = np.array(index, dtype=np.int64).reshape(-1, 2).T
        return self._with(rows, columns)

    def _only(self, keep: BoolArray) -> CandidateScores:
        arrays = {name: getattr(self, name)[keep] for name in _ARRAYS}
        marks = {name: getattr(self.rules, name)[keep] for name in _MARKS}
        return replace(self, **arrays, rules=replace(self.rules, **marks))

    def _with(self, rows: IntArray, columns: IntArray) -> CandidateScores:
        m = self.shape[1]
        here = self.rows.astype(np.int64) * m + self.columns
        wanted = np.sort(rows * m + columns)
        wanted = wanted[np.diff(wanted, prepend=-1) > 0]
        # What is here is in order: asking it costs less than a set of all of it.
        new = wanted[~_among(wanted, here)]
        if not len(new):
            return self
        added = score_cells(self.measured, Cells.listed(*np.divmod(new, m)), self.means)
        keep = added.acceptable
        key = np.concatenate([here, new[keep]])
        order = np.argsort(key, kind="stable")
        rules, more = self.rules, added.rules

        def joined(own: npt.NDArray[Any], more: npt.NDArray[Any]) -> npt.NDArray[Any]:
            return np.concatenate([own, more[keep]])[order]

        return replace(
            self,
            rows=(key // m)[order].astype(self.rows.dtype),
            columns=(key % m)[order].astype(self.columns.dtype),
            points=joined(self.points, added.points),
            mentor_points=joined(self.mentor_points, added.mentor_points),
            mentee_points=joined(self.mentee_points, added.mentee_points),
            named=np.concatenate([self.named, np.ones(int(keep.sum()), dtype=bool)])[order],
            rules=RuleMarks(
                rules.codes,
                **{name: joined(getattr(rules, name), getattr(more, name)) for name in _MARKS},
                waived={**rules.waived, **more.waived},
                unasked={**rules.unasked, **more.unasked},
            ),
        )

    # Tables ---------------------------------------------------------------------------------------

    def to_frame(self) -> pd.DataFrame:
        """One row per candidate pair, as that of ``Scores`` for all pairs."""
        pairs = zip(self.rows.tolist(), self.columns.tolist(), strict=True)
        return frame_of((self._row(i, j) for i, j in pairs), self._frame_columns)

    def sizes(self) -> Mapping[str, int]:
        """How many candidates everybody has, by id."""
        counts = [
            np.bincount(index, minlength=size)
            for index, size in zip((self.rows, self.columns), self.shape, strict=True)
        ]
        ids = (person.id for person in self.programme.people)
        return dict(zip(ids, np.concatenate(counts).tolist(), strict=True))


def _among(wanted: IntArray, ascending: IntArray) -> BoolArray:
    """Which of some numbers are among others that are in order."""
    at = np.searchsorted(ascending, wanted)
    inside = at < len(ascending)
    found = np.zeros(len(wanted), dtype=bool)
    found[inside] = ascending[at[inside]] == wanted[inside]
    return found
