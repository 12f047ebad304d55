"""Questions about one pair, whether every pair was scored or each person's candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING, Any, Self

from rmatch.instance import Instance, IntArray
from rmatch.programme import Programme
from rmatch.programme.settings import MINIMUM_SCORE, is_confidential
from rmatch.scoring.cells import Cells
from rmatch.scoring.marking import RuleMarks
from rmatch.scoring.people import SIDES, Side
from rmatch.scoring.valued import CriterionValues

if TYPE_CHECKING:
    import pandas as pd

Person = str | int

CONFIDENTIAL = "confidential"
"""What every confidential rule and every veto reads as."""

PAIR_COLUMNS = (
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


@dataclass(frozen=True, slots=True)
class PairFound:
    """What is known of one pair; rules as bits, a bit per rule.

    Attributes:
        points: Its score.
        mentor_points: The mentor's side of it.
        mentee_points: The mentee's side of it.
        acceptable: Whether no hard rule excludes the pair and its score is high enough.
        hard: Hard rules that it breaks.
        warn: Warn rules that it breaks.
        unknown: Hard rules that cannot be checked.
        waived: Rules that would be among these but for a waiver.
    """

    points: int
    mentor_points: int
    mentee_points: int
    acceptable: bool
    hard: int
    warn: int
    unknown: int
    waived: int


class PairScores:
    """Scores with their attribution. Pairs are named by two ids, either way round, or two indices.

    Attributes:
        programme: The people and settings.
        rules: Which rules pairs break.
        criteria: The values behind the points.
        custom: Criteria and rules beside the built-in ones.
    """

    programme: Programme
    rules: RuleMarks
    criteria: tuple[CriterionValues, ...]
    custom: tuple[tuple[Any, ...], tuple[Any, ...]]

    @property
    def instance(self) -> Instance:
        """The pairs that can be matched with ranks and scores, ready to be solved."""
        raise NotImplementedError

    def found(self, row: int, column: int) -> PairFound:
        """One pair's points and marks, by indices."""
        raise NotImplementedError

    def to_frame(self) -> pd.DataFrame:
        """A row per pair."""
        raise NotImplementedError

    def stating(self, programme: Programme) -> Self:
        """The scores of a programme that differs in what is stated alone, not in waivers."""
        raise NotImplementedError

    def including(self, pairs: Iterable[tuple[str, str]]) -> Self:
        """Scores in whose instance these pairs are, by (mentor, mentee) id, if acceptable."""
        raise NotImplementedError

    @property
    def candidates(self) -> int | None:
        """How many candidates everybody has; ``None`` where every pair was looked at."""
        return None

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentors and mentees."""
        return len(self.programme.mentors), len(self.programme.mentees)

    def pairs_at(self, places: tuple[IntArray, ...]) -> Iterator[tuple[int, int]]:
        """(mentor, mentee) indices of places in the arrays of marks, as ``nonzero`` gives them."""
        return zip(*(index.tolist() for index in places), strict=True)

    def is_candidate(self, mentor: Person, mentee: Person) -> bool:
        """Whether a pair was looked at; one that was not can never be matched."""
        self.locate(mentor, mentee)
        return True

    def points_of(self, mentor: Person, mentee: Person) -> int:
        """What a pair scores, 0–10 000, also where it is excluded."""
        return self.found(*self.locate(mentor, mentee)).points

    def why_excluded(
        self, mentor: Person, mentee: Person, *, reveal: bool = False
    ) -> tuple[str, ...]:
        """Codes of everything that excludes a pair; empty for an acceptable one.

        Vetoes and confidential rules all read ``confidential`` unless ``reveal``.
        """
        found = self.found(*self.locate(mentor, mentee))
        if not found.hard and not found.acceptable:
            return (MINIMUM_SCORE,)
        return self._codes(found.hard, reveal=reveal)

    def excluding(self, person: str, *, reveal: bool = False) -> dict[str, int]:
        """How many of all possible partners of somebody each code excludes, as it may be shown."""
        others = self.programme.mentees if person in self._rows else self.programme.mentors
        return Counter(
            code for other in others for code in self.why_excluded(person, other.id, reveal=reveal)
        )

    def allowed_for(self, person: str) -> tuple[str, ...]:
        """Ids of all possible partners of somebody whom no rule excludes, in no list too."""
        others = self.programme.mentees if person in self._rows else self.programme.mentors
        return tuple(other.id for other in others if not self.why_excluded(person, other.id))

    def warned(self, mentor: Person, mentee: Person, *, reveal: bool = False) -> tuple[str, ...]:
        """Codes of the warn rules that a pair breaks, masked like those of ``why_excluded``."""
        return self._codes(self.found(*self.locate(mentor, mentee)).warn, reveal=reveal)

    def unknown(self, mentor: Person, mentee: Person, *, reveal: bool = False) -> tuple[str, ...]:
        """Codes of the hard rules that cannot be checked for a pair, masked likewise.

        Where something confidential excludes the pair, nothing confidential is unknown besides:
        which of several it is would show in the one being known and the other not.
        """
        found = self.found(*self.locate(mentor, mentee))
        codes = self._codes(found.unknown, reveal=reveal)
        if reveal:
            return codes
        told = set(self._codes(found.hard, reveal=False)) & {CONFIDENTIAL}
        return tuple(code for code in codes if code not in told)

    def _codes(self, bits: int, *, reveal: bool) -> tuple[str, ...]:
        codes = self.rules.codes_of(bits)
        return codes if reveal else masked(codes)

    def waived(self, mentor: Person, mentee: Person) -> tuple[str, ...]:
        """Codes of the rules that would exclude a pair, warn of it or be asked, but for a waiver.

        A waiver of a rule that does not concern the pair is not among them. No code here is ever
        confidential: such rules cannot be waived.
        """
        return self.rules.codes_of(self.found(*self.locate(mentor, mentee)).waived)

    def breakdown(self, mentor: Person, mentee: Person) -> dict[str, tuple[int | None, int | None]]:
        """Per criterion, its values 0–10 000 on the mentor's and the mentee's side.

        ``None`` where the criterion does not serve that side. A value that was missing is the
        criterion's mean; see ``is_stated``.
        """
        i, j = self.locate(mentor, mentee)
        found = {criterion.name: criterion.of_pair(i, j) for criterion in self.criteria}
        return {name: (_value(of, "mentor"), _value(of, "mentee")) for name, of in found.items()}

    def breakdowns(
        self, pairs: Sequence[tuple[str, str]]
    ) -> list[dict[str, tuple[int | None, int | None]]]:
        """``breakdown`` of many pairs by (mentor, mentee) id, at once."""
        cells = self._cells(pairs)
        nothing = [None] * len(pairs)
        columns = {
            criterion.name: [
                criterion.at(cells, side).tolist() if side in criterion.values else nothing
                for side in SIDES
            ]
            for criterion in self.criteria
        }
        rows = [list(zip(*sides, strict=True)) for sides in columns.values()]
        return [dict(zip(columns, row, strict=True)) for row in _across(rows, len(pairs))]

    def contributions_of(self, pairs: Sequence[tuple[str, str]]) -> list[dict[str, float]]:
        """``contributions`` of many pairs by (mentor, mentee) id, at once."""
        cells = self._cells(pairs)
        columns: dict[str, list[float]] = {}
        for criterion in self.criteria:
            parts = [(side, criterion.at(cells, side).tolist()) for side in criterion.values]
            columns[criterion.name] = [
                self._contribution(criterion, zip([side for side, _ in parts], row, strict=True))
                for row in zip(*(values for _, values in parts), strict=True)
            ]
        return [
            dict(zip(columns, row, strict=True))
            for row in _across(list(columns.values()), len(pairs))
        ]

    def _cells(self, pairs: Sequence[tuple[str, str]]) -> Cells:
        rows = [self._rows[mentor] for mentor, _ in pairs]
        return Cells.listed(rows, [self._columns[mentee] for _, mentee in pairs])

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
        return {
            criterion.name: self._contribution(
                criterion,
                ((side, value) for side, (value, _) in criterion.of_pair(i, j).items()),
            )
            for criterion in self.criteria
        }

    def _contribution(
        self, criterion: CriterionValues, values: Iterable[tuple[Side, int]]
    ) -> float:
        shares, total = self._shares, 0.0
        for side, value in values:
            part = 1 if criterion.is_bonus else criterion.weight / max(1, self._weights[side])
            total += shares[side] * part * value
        return round(total / sum(shares.values()) / 100, 2)

    @cached_property
    def _shares(self) -> Mapping[Side, int]:
        return dict(zip(SIDES, self.programme.settings.side_weights, strict=True))

    @cached_property
    def _weights(self) -> Mapping[Side, int]:
        """What a side's criteria weigh together."""
        return {
            side: sum(c.weight for c in self.criteria if side in c.values and not c.is_bonus)
            for side in SIDES
        }

    def locate(self, mentor: Person, mentee: Person) -> tuple[int, int]:
        """Row and column of a pair.

        Raises:
            KeyError: an id or index that is not in the programme, or two people of one side.
        """
        if isinstance(mentor, str) and mentor in self._columns:
            mentor, mentee = mentee, mentor
        row = self._rows[mentor] if isinstance(mentor, str) else mentor
        column = self._columns[mentee] if isinstance(mentee, str) else mentee
        n, m = self.shape
        if not (0 <= row < n and 0 <= column < m):
            raise KeyError((mentor, mentee))
        return row, column

    @cached_property
    def _rows(self) -> Mapping[str, int]:
        return {person.id: i for i, person in enumerate(self.programme.mentors)}

    @cached_property
    def _columns(self) -> Mapping[str, int]:
        return {person.id: j for j, person in enumerate(self.programme.mentees)}

    def _row(self, i: int, j: int) -> dict[str, object]:
        """One pair's row of the frame."""
        found = self.found(i, j)
        row: dict[str, object] = {
            "mentor": self.programme.mentors[i].id,
            "mentee": self.programme.mentees[j].id,
            "acceptable": found.acceptable,
            "score": found.points / 100,
            "mentor_score": found.mentor_points / 100,
            "mentee_score": found.mentee_points / 100,
            "excluded_by": "; ".join(self.why_excluded(i, j)),
            "warned_by": "; ".join(self.warned(i, j)),
            "unchecked": "; ".join(self.unknown(i, j)),
            "waived": "; ".join(self.waived(i, j)),
        }
        for name, (own, other) in self.breakdown(i, j).items():
            row[f"{name}_mentor"] = None if own is None else own / 100
            row[f"{name}_mentee"] = None if other is None else other / 100
        return row

    @property
    def _frame_columns(self) -> list[str]:
        return [*PAIR_COLUMNS, *(f"{c.name}_{side}" for c in self.criteria for side in SIDES)]


def masked(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Codes as they may be shown: those of confidential rules all read alike, and come first.

    Where one stood among the others would tell which it is.
    """
    hidden = (CONFIDENTIAL,) if any(map(is_confidential, codes)) else ()
    return (*hidden, *(code for code in codes if not is_confidential(code)))


def _across(columns: Sequence[Sequence[Any]], count: int) -> Iterable[tuple[Any, ...]]:
    """The rows of some columns; as many empty ones where there are no columns."""
    return zip(*columns, strict=True) if columns else repeat((), count)


def _value(found: Mapping[Side, tuple[int, bool]], side: Side) -> int | None:
    return found[side][0] if side in found else None
