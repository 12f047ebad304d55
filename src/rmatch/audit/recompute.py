"""Everything docs/scoring.md defines, recomputed from the raw programme with plain loops."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rmatch.audit.declared import IdPair
from rmatch.audit.facts import Facts
from rmatch.audit.judging import Judge, Judgement
from rmatch.audit.points import EXPERIENCE, TOP, VALUES, experience_bonus
from rmatch.audit.ranks import UNACCEPTABLE, Rank, ranks_of
from rmatch.audit.rules import World, world_of
from rmatch.audit.tables import (
    Column,
    Given,
    Table,
    built_in,
    positions,
    taken,
    weighted_mean,
)
from rmatch.programme import Programme
from rmatch.programme.settings import MINIMUM_SCORE

Grid = list[list[int]]


@dataclass(frozen=True, slots=True)
class PairFacts:
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
            for side, column in (
                ("mentor", self._table(name).mentor),
                ("mentee", self._table(name).mentee),
            )
            if column is not None and column.rows[i][j] is None
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
            None if table.mentee is None else table.mentee.value(i, j),
        )

    def _bonus(self, i: int, j: int) -> int:
        weight = self._world.settings.all_weights[EXPERIENCE]
        return experience_bonus(weight, self._world.mentors[i], self._world.mentees[j])

    def _side_scores(self, columns: list[tuple[int, Column]]) -> Grid:
        return [
            [
                weighted_mean([(weight, column.value(i, j)) for weight, column in columns])
                for j in range(len(self._columns))
            ]
            for i in range(len(self._rows))
        ]

    def _mentor_scores(self) -> Grid:
        tables = [self._table(name) for name in self.criteria if name != EXPERIENCE]
        return self._side_scores([(t.weight, t.mentor) for t in tables if t.mentor is not None])

    def _mentee_scores(self) -> Grid:
        tables = [self._table(name) for name in self.criteria if name != EXPERIENCE]
        plain = self._side_scores([(t.weight, t.mentee) for t in tables if t.mentee is not None])
        if EXPERIENCE not in self.criteria:
            return plain
        return [
            [min(TOP, score + self._bonus(i, j)) for j, score in enumerate(row)]
            for i, row in enumerate(plain)
        ]

    def _pairs(self) -> dict[IdPair, PairFacts]:
        world, settings = self._world, self._world.settings
        of_mentors, of_mentees = self._mentor_scores(), self._mentee_scores()
        judge = Judge(world, settings.severities, self._given)
        a, b = settings.side_weights
        judged: dict[IdPair, tuple[Judgement, int]] = {}
        for i, mentor in enumerate(world.mentors):
            for j, mentee in enumerate(world.mentees):
                weighted = [(a, of_mentors[i][j]), (b, of_mentees[i][j])]
                judged[mentor.id, mentee.id] = judge.judge(mentor, mentee), weighted_mean(weighted)
        floor = 100 * settings.minimum_score
        excluded = {
            pair: judgement.excluded or ((MINIMUM_SCORE,) if score < floor else ())
            for pair, (judgement, score) in judged.items()
        }
        by_mentor, by_mentee = self._ranks(excluded, of_mentors, of_mentees)
        facts: dict[IdPair, PairFacts] = {}
        for pair, (judgement, score) in judged.items():
            i, j = self._rows[pair[0]], self._columns[pair[1]]
            mentor_rank = by_mentor[i].get(pair[1], UNACCEPTABLE)
            mentee_rank = by_mentee[j].get(pair[0], UNACCEPTABLE)
            facts[pair] = PairFacts(
                excluded=excluded[pair],
                warned=judgement.warned,
                questions=judgement.questions,
                mentor_score=of_mentors[i][j],
                mentee_score=of_mentees[i][j],
                score=score,
                mentor_rank=mentor_rank.rank,
                mentee_rank=mentee_rank.rank,
                mentor_stated=mentor_rank.stated,
                mentee_stated=mentee_rank.stated,
                waived=judgement.waived,
            )
        return facts

    def _ranks(
        self, excluded: Mapping[IdPair, tuple[str, ...]], of_mentors: Grid, of_mentees: Grid
    ) -> tuple[list[dict[str, Rank]], list[dict[str, Rank]]]:
        mentors, mentees = self._world.mentors, self._world.mentees
        grid = self._world.settings.indifference
        by_mentor = [
            ranks_of(
                m.choice_group,
                [(s.id, of_mentors[i][j]) for j, s in enumerate(mentees) if _free(excluded, m, s)],
                grid,
            )
            for i, m in enumerate(mentors)
        ]
        by_mentee = [
            ranks_of(
                s.choice_group,
                [(m.id, of_mentees[i][j]) for i, m in enumerate(mentors) if _free(excluded, m, s)],
                grid,
            )
            for j, s in enumerate(mentees)
        ]
        return by_mentor, by_mentee


def _free(excluded: Mapping[IdPair, tuple[str, ...]], mentor: Facts, mentee: Facts) -> bool:
    return not excluded[mentor.id, mentee.id]


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
