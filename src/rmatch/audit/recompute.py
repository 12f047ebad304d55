"""Everything docs/scoring.md defines, recomputed from the raw programme with plain loops."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from rmatch.audit.alike import values_of
from rmatch.audit.declared import IdPair
from rmatch.audit.facts import Facts
from rmatch.audit.judged import judged_rows
from rmatch.audit.judging import Judge, Judgement
from rmatch.audit.points import BONUS_LOOKS_AT, EXPERIENCE, TOP, VALUES, experience_bonus
from rmatch.audit.ranks import UNACCEPTABLE, Rank, ranks_of
from rmatch.audit.rules import World, world_of
from rmatch.audit.tables import (
    Column,
    Given,
    Table,
    built_in,
    positions,
    rounded_means,
    taken,
)
from rmatch.programme import Programme
from rmatch.programme.settings import MINIMUM_SCORE

Grid = list[list[int]]
T = TypeVar("T")


class PairFacts(NamedTuple):
    """What is true of one pair of the programme, acceptable or not.

    ``excluded``, ``warned``, ``questions`` and ``waived`` (what would be among the others but for a
    waiver) are codes in order of the alphabet (questions are listed for excluded pairs too); scores
    are 0–10 000; a rank of 0 is unacceptable.
    """

    excluded: tuple[str, ...]
    warned: tuple[str, ...]
    questions: tuple[str, ...]
    mentor_score: int
    mentee_score: int
    score: int
    mentor_rank: int
    mentee_rank: int
    mentor_stated: bool
    mentee_stated: bool
    waived: tuple[str, ...] = ()

    @property
    def acceptable(self) -> bool:
        """Whether no hard rule excludes the pair."""
        return not self.excluded


class Recomputed:
    """A programme recomputed: ``pairs`` by (mentor id, mentee id), and every pair's points."""

    def __init__(self, world: World, given: Given) -> None:
        self._world = world
        self._given = given
        self._rows = positions(world.mentors)
        self._columns = positions(world.mentees)
        self._tables: dict[str, Table] = {}
        self.criteria: tuple[str, ...] = self._weighted()
        self.pairs: Mapping[IdPair, PairFacts] = self._pairs()

    @property
    def unknown_criteria(self) -> tuple[str, ...]:
        """Criteria that the settings give weight to and that nobody has given values of."""
        known = {*VALUES, EXPERIENCE, *self._given.criteria}
        weights = self._world.settings.all_weights
        return tuple(name for name, weight in weights.items() if weight and name not in known)

    def knows(self, criterion: str) -> bool:
        """Whether ``breakdown`` can tell this criterion's points, whatever its weight."""
        return criterion in VALUES or criterion == EXPERIENCE or criterion in self._given.criteria

    def breakdown(
        self, mentor: str, mentee: str, criteria: Iterable[str] | None = None
    ) -> dict[str, tuple[int | None, int | None]]:
        """Points (0–10 000) per criterion for mentor and mentee; ``None`` for a side not served.

        Without ``criteria``, those with positive weight. What is not stated counts the mean.
        ``experience`` shows the bonus, before the cap, on the mentee's side.
        """
        i, j = self._rows[mentor], self._columns[mentee]
        return {
            name: self._points(name, i, j)
            for name in (self.criteria if criteria is None else criteria)
        }

    def not_stated(self, mentor: str, mentee: str) -> frozenset[tuple[str, str]]:
        """The (criterion, side) of positive weight that have no value for this pair."""
        i, j = self._rows[mentor], self._columns[mentee]
        return frozenset(
            (name, side)
            for name in self.criteria
            if name != EXPERIENCE
            for side, column, person, partner in (
                ("mentor", self._table(name).mentor, i, j),
                ("mentee", self._table(name).mentee, j, i),
            )
            if column is not None and column.rows[person][partner] is None
        )

    def _weighted(self) -> tuple[str, ...]:
        weights = self._world.settings.all_weights
        given = self._given.criteria
        own = [n for n in (*VALUES, EXPERIENCE) if weights[n] > 0 and n not in given]
        return (*own, *(name for name, criterion in given.items() if criterion[0] > 0))

    def _table(self, name: str) -> Table:
        if name not in self._tables:
            given = self._given.criteria.get(name)
            self._tables[name] = (
                built_in(self._world, name) if given is None else taken(self._world, name, given)
            )
        return self._tables[name]

    def _points(self, name: str, i: int, j: int) -> tuple[int | None, int | None]:
        if name == EXPERIENCE:
            return None, self._bonus(i, j)
        table = self._table(name)
        return (
            None if table.mentor is None else table.mentor.value(i, j),
            None if table.mentee is None else table.mentee.value(j, i),
        )

    def _bonus(self, i: int, j: int) -> int:
        weight = self._world.settings.all_weights[EXPERIENCE]
        return experience_bonus(weight, self._world.mentors[i], self._world.mentees[j])

    def _mentor_scores(self) -> Grid:
        columns = ((t.weight, t.mentor) for t in self._served())
        return _side_scores(
            [(w, c) for w, c in columns if c is not None], self._world.mentors, len(self._columns)
        )

    def _mentee_scores(self) -> Grid:
        """By mentee and then mentor, the bonus included."""
        columns = ((t.weight, t.mentee) for t in self._served())
        plain = _side_scores(
            [(w, c) for w, c in columns if c is not None], self._world.mentees, len(self._rows)
        )
        if EXPERIENCE not in self.criteria:
            return plain
        bonus = partial(experience_bonus, self._world.settings.all_weights[EXPERIENCE])
        bonuses = values_of(
            lambda s, m: bonus(m, s), self._world.mentees, self._world.mentors, BONUS_LOOKS_AT
        )
        return [
            [min(TOP, score + more) for score, more in zip(row, own, strict=True)]
            for row, own in zip(plain, bonuses, strict=True)
        ]

    def _served(self) -> list[Table]:
        return [self._table(name) for name in self.criteria if name != EXPERIENCE]

    def _pairs(self) -> dict[IdPair, PairFacts]:
        of_mentors, of_mentees = (
            self._mentor_scores(),
            _turned(self._mentee_scores(), len(self._rows)),
        )
        scores = self._scores(of_mentors, of_mentees)
        judged = list(judged_rows(Judge(self._world, self._world.settings.severities, self._given)))
        excluded = self._excluded(judged, scores)
        by_mentor, by_mentee = self._ranks(excluded, of_mentors, of_mentees)
        mentees = [mentee.id for mentee in self._world.mentees]
        facts: dict[IdPair, PairFacts] = {}
        for i, mentor in enumerate(self._world.mentors):
            own = zip(
                mentees,
                judged[i],
                excluded[i],
                of_mentors[i],
                of_mentees[i],
                scores[i],
                by_mentee,
                strict=True,
            )
            for mentee, judgement, codes, of_mentor, of_mentee, score, their_ranks in own:
                mentor_rank = by_mentor[i].get(mentee, UNACCEPTABLE)
                mentee_rank = their_ranks.get(mentor.id, UNACCEPTABLE)
                facts[mentor.id, mentee] = PairFacts(
                    codes,
                    judgement.warned,
                    judgement.questions,
                    of_mentor,
                    of_mentee,
                    score,
                    mentor_rank.rank,
                    mentee_rank.rank,
                    mentor_rank.stated,
                    mentee_rank.stated,
                    judgement.waived,
                )
        return facts

    def _scores(self, of_mentors: Grid, of_mentees: Grid) -> Grid:
        """The pairs' scores: both sides' by the sides' weights."""
        a, b = self._world.settings.side_weights
        sides = zip(of_mentors, of_mentees, strict=True)
        return [
            rounded_means([a * x + b * y for x, y in zip(*both, strict=True)], a + b)
            for both in sides
        ]

    def _excluded(self, judged: list[list[Judgement]], scores: Grid) -> list[list[tuple[str, ...]]]:
        """Codes of what excludes each pair, by mentor and then mentee."""
        floor = 100 * self._world.settings.minimum_score
        too_low = (MINIMUM_SCORE,)
        return [
            [
                judgement.excluded or (too_low if score < floor else ())
                for judgement, score in zip(row, own, strict=True)
            ]
            for row, own in zip(judged, scores, strict=True)
        ]

    def _ranks(
        self, excluded: list[list[tuple[str, ...]]], of_mentors: Grid, of_mentees: Grid
    ) -> tuple[list[dict[str, Rank]], list[dict[str, Rank]]]:
        mentors, mentees = self._world.mentors, self._world.mentees
        grid = self._world.settings.indifference
        turned = _turned(excluded, len(mentees))
        return (
            [
                _ranks(*row, mentees, grid)
                for row in zip(mentors, excluded, of_mentors, strict=True)
            ],
            [
                _ranks(*row, mentors, grid)
                for row in zip(mentees, turned, _turned(of_mentees, len(mentees)), strict=True)
            ],
        )


def _ranks(
    person: Facts,
    excluded: Sequence[tuple[str, ...]],
    scores: Sequence[int],
    partners: Sequence[Facts],
    grid: int,
) -> dict[str, Rank]:
    """How one person ranks those whom nothing excludes, by id."""
    free = zip(partners, excluded, scores, strict=True)
    own = [(partner.id, score) for partner, codes, score in free if not codes]
    return ranks_of(person.choice_group, own, grid)


def _side_scores(
    columns: Sequence[tuple[int, Column]], people: Sequence[Facts], partners: int
) -> Grid:
    """Each person's score of each partner, before any bonus."""
    whole = sum(weight for weight, _ in columns)
    if not whole:
        return [[0] * partners for _ in people]
    rows = zip(*(column.weighted(weight) for weight, column in columns), strict=True)
    return [rounded_means(map(sum, zip(*of, strict=True)), whole) for of in rows]


def _turned(rows: Sequence[Sequence[T]], count: int) -> list[list[T]]:
    """The columns of ``rows`` as rows; ``count`` of them, also where there are no rows."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(count)]


_OF_PROGRAMMES: dict[int, tuple[weakref.ref[Programme], Recomputed]] = {}
"""By identity, as long as the programme lives: it is frozen, and several matchings are of one."""


def recompute(programme: Programme, given: Given | None = None) -> Recomputed:
    """Every pair of ``programme``: rules, points, scores and ranks.

    Worked out once where nothing is taken as given: the matchings that are compared are of one
    programme, and what is true of it does not depend on what any of them claims.
    """
    if given is not None:
        return Recomputed(world_of(programme), given)
    known = _OF_PROGRAMMES.get(id(programme))
    if known is not None and known[0]() is programme:
        return known[1]
    recomputed = Recomputed(world_of(programme), Given())
    _remember(programme, recomputed)
    return recomputed


def _remember(programme: Programme, recomputed: Recomputed) -> None:
    key = id(programme)

    def forget(gone: weakref.ref[Programme]) -> None:
        known = _OF_PROGRAMMES.get(key)
        if known is not None and known[0] is gone:
            _OF_PROGRAMMES.pop(key, None)

    _OF_PROGRAMMES[key] = weakref.ref(programme, forget), recomputed
