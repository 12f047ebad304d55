"""Candidate lists of a programme: pools from an index, exact scores, the best of each side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray, IntArray
from rmatch.programme import Programme
from rmatch.scoring.candidate_scores import CandidateScores
from rmatch.scoring.cells import Cells
from rmatch.scoring.choosing import EVERY_PAIR
from rmatch.scoring.criteria import bonus
from rmatch.scoring.listing import CHUNK, NOBODY, best_partners
from rmatch.scoring.lots import person_lots
from rmatch.scoring.marking import Marking, RuleMarks
from rmatch.scoring.people import SIDES, Side
from rmatch.scoring.protocol import TOP, Criterion, Rule
from rmatch.scoring.rules import BuiltInRule
from rmatch.scoring.sampling import sampled_pairs
from rmatch.scoring.scoring import CellScores, Measures, means_over, measures, score_cells
from rmatch.scoring.stated_pairs import chosen_pairs
from rmatch.scoring.valued import criterion_values
from rmatch.scoring.weighing import Means, Points, SideSums, add_values, pair_points
from rmatch.work import count


def score_candidates(
    programme: Programme,
    per_person: int,
    *,
    criteria: Iterable[Criterion] = (),
    rules: Iterable[Rule] = (),
) -> CandidateScores:
    """Score each person's candidates.

    Missing values count the mean over a sample of pairs that hangs on the programme's seed, and so
    do lots between partners whom points make equal.

    Args:
        programme: The people and settings.
        per_person: Places in a list.
        criteria: Criteria of your own; they are asked about every pair.
        rules: Rules of your own; likewise.

    Raises:
        InputError: the settings weigh a criterion, or waive a rule, that does not exist.
        ValueError: a custom criterion or rule with a taken name or values out of range, or any
            where there are too many pairs to ask it about.
    """
    criteria, rules = tuple(criteria), tuple(rules)
    _refuse_tables(programme, (*criteria, *rules))
    measured = measures(programme, criteria, rules)
    people, seed = measured.people, programme.settings.seed
    means = means_over(measured, Cells.listed(*sampled_pairs(people, seed)))
    rows, columns = _listed(measured, means, per_person)
    scored = _scored(measured, means, rows, columns)
    valued = [criterion_values(people, one, means) for one in measured.criteria]
    if measured.bonus_weight:
        valued.append(criterion_values(people, None, means, measured.bonus_weight))
    listed = CandidateScores(
        programme=programme,
        per_person=per_person,
        criteria=tuple(valued),
        measured=measured,
        means=means,
        named=np.zeros(len(scored["rows"]), dtype=bool),
        custom=measured.custom,
        **scored,
    )
    return listed.stating(programme)


def _refuse_tables(programme: Programme, custom: tuple[object, ...]) -> None:
    count = len(programme.mentors) * len(programme.mentees)
    if custom and count > EVERY_PAIR:
        raise ValueError(
            f"criteria and rules of your own see every pair at once, and this programme has "
            f"{count} pairs of people: more than the {EVERY_PAIR} for which such tables are made"
        )


def _listed(measured: Measures, means: Means, k: int) -> tuple[IntArray, IntArray]:
    """(mentor, mentee) indices of everything in a list or stated, in order, each pair once."""
    people = measured.people
    m = people.shape[1]
    seed = people.programme.settings.seed
    ids = [[person.id for person in side] for side in (people.mentors, people.mentees)]
    lots = person_lots(seed, ids[0]), person_lots(seed, ids[1])
    keys = []
    for side in SIDES:
        lists = best_partners(people, side, k, lots, _Judge.of(measured, means, side))
        keys.append(_keys(lists, side, m))
    rows, columns = chosen_pairs(people)
    found = np.sort(np.concatenate([*keys, rows * m + columns]))
    return np.divmod(found[np.diff(found, prepend=-1) > 0], max(1, m))


def _keys(lists: npt.NDArray[np.int32], side: Side, m: int) -> IntArray:
    person, place = np.nonzero(lists != NOBODY)
    partner = lists[person, place].astype(np.int64)
    return person * m + partner if side == "mentor" else partner * m + person


@dataclass(frozen=True, slots=True, eq=False)
class _Judge:
    """Scores pairs of one side's people with partners, no more of it than their lists need."""

    measured: Measures
    means: Means
    side: Side
    hard: tuple[BuiltInRule, ...]

    @classmethod
    def of(cls, measured: Measures, means: Means, side: Side) -> _Judge:
        hard = tuple(rule for rule in measured.rules if rule.severity == "hard")
        return cls(measured, means, side, hard)

    def points(self, persons: IntArray, partners: IntArray) -> tuple[Points, Points]:
        """The persons' own points, and the pairs'."""
        count(judged=len(persons))
        cells = self._cells(persons, partners)
        measured = self.measured
        sums = [SideSums(measured.criteria, side, cells.shape) for side in SIDES]
        add_values(measured.people, cells, measured.criteria, sums, slice(None))
        mentor, mentee = (one.points(self.means, [slice(None)]) for one in sums)
        if measured.bonus_weight:
            added = bonus(measured.people, cells, measured.bonus_weight)
            mentee = np.minimum(TOP, mentee + added)
        weights = measured.people.programme.settings.side_weights
        pair = pair_points(mentor, mentee, weights)
        return (mentor if self.side == "mentor" else mentee), pair

    def acceptable(self, persons: IntArray, partners: IntArray) -> BoolArray:
        """Whom no hard rule and no minimum excludes."""
        cells = self._cells(persons, partners)
        people = self.measured.people
        if people.programme.settings.minimum_score > 0:
            return score_cells(self.measured, cells, self.means).acceptable
        marking = Marking(people, self.hard, cells.shape)
        marking.add(cells, slice(None))
        return np.asarray(marking.hard == 0)

    def _cells(self, persons: IntArray, partners: IntArray) -> Cells:
        ends = (persons, partners) if self.side == "mentor" else (partners, persons)
        return Cells.listed(*ends)


def _scored(measured: Measures, means: Means, rows: IntArray, columns: IntArray) -> dict[str, Any]:
    """The pairs that are acceptable, with what they score, a chunk at a time."""
    parts = [_part(one, *ends) for one, ends in _chunks(measured, means, rows, columns)]
    codes = parts[0][1].codes
    together = {name: np.concatenate([part[0][name] for part in parts]) for name in parts[0][0]}
    waived = {key: bits for _, rules in parts for key, bits in rules.waived.items()}
    unasked = {key: bits for _, rules in parts for key, bits in rules.unasked.items()}
    marks = [together.pop(name) for name in ("hard", "warn", "unknown")]
    return {
        **together,
        "rules": RuleMarks(
            codes, hard=marks[0], warn=marks[1], unknown=marks[2], waived=waived, unasked=unasked
        ),
    }


def _chunks(
    measured: Measures, means: Means, rows: IntArray, columns: IntArray
) -> Iterator[tuple[CellScores, tuple[IntArray, IntArray]]]:
    for at in range(0, max(1, len(rows)), CHUNK):
        ends = rows[at : at + CHUNK], columns[at : at + CHUNK]
        yield score_cells(measured, Cells.listed(*ends), means), ends


def _part(
    scored: CellScores, rows: IntArray, columns: IntArray
) -> tuple[dict[str, npt.NDArray[Any]], RuleMarks]:
    keep = scored.acceptable
    tables: dict[str, npt.NDArray[Any]] = {
        "rows": rows.astype(np.int32),
        "columns": columns.astype(np.int32),
        "points": scored.points,
        "mentor_points": scored.mentor_points,
        "mentee_points": scored.mentee_points,
        "hard": scored.rules.hard,
        "warn": scored.rules.warn,
        "unknown": scored.rules.unknown,
    }
    return {name: np.asarray(table[keep]) for name, table in tables.items()}, scored.rules
