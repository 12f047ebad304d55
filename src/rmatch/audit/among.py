"""What docs/scoring.md defines, recomputed for candidate pairs alone, with plain loops."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rmatch.audit.declared import IdPair
from rmatch.audit.facts import Facts
from rmatch.audit.judging import Judge
from rmatch.audit.points import EXPERIENCE, TOP, VALUES, experience_bonus
from rmatch.audit.ranks import UNACCEPTABLE, Rank, ranks_of
from rmatch.audit.recompute import PairFacts
from rmatch.audit.rules import World, world_of
from rmatch.audit.tables import Given, mean, weighted_mean
from rmatch.programme import Programme
from rmatch.programme.settings import MINIMUM_SCORE

SAMPLE = 2**20
"""The means that stand for missing values are taken over so many pairs, or over all."""

_WORD = 2**64

_Value = Callable[[Facts, Facts], tuple[int | None, int | None]]
_Scores = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Criterion:
    """One criterion: what it says of a mentor and a mentee, and the means on both sides."""

    weight: int
    serves: tuple[bool, bool]
    value: _Value
    means: tuple[int, int]

    def filled(self, mentor: Facts, mentee: Facts) -> tuple[int | None, int | None]:
        """Points for both sides, the mean where nothing is stated, ``None`` if not served."""
        values = zip(self.serves, self.value(mentor, mentee), self.means, strict=True)
        own, other = (
            (of_side if value is None else value) if served else None
            for served, value, of_side in values
        )
        return own, other


class Among:
    """Candidate pairs recomputed: ``pairs`` by (mentor id, mentee id), and any pair's points.

    Args:
        programme: The people and settings.
        listed: The candidate pairs, by id; that they are the candidates is taken as given.
        given: What cannot be recomputed.
    """

    def __init__(self, programme: Programme, listed: Iterable[IdPair], given: Given | None) -> None:
        self._world = world_of(programme)
        self._given = Given() if given is None else given
        self._mentors = {person.id: person for person in self._world.mentors}
        self._mentees = {person.id: person for person in self._world.mentees}
        self._drawn = list(sampled(self._world, programme.settings.seed))
        self._known: dict[str, _Criterion] = {}
        self.criteria: tuple[str, ...] = self._weighted()
        self.pairs: Mapping[IdPair, PairFacts] = self._pairs(list(listed))

    @property
    def unknown_criteria(self) -> tuple[str, ...]:
        """Criteria that the settings give weight to and that nobody has given values of."""
        weights = self._world.settings.all_weights
        return tuple(name for name, weight in weights.items() if weight and not self.knows(name))

    def knows(self, criterion: str) -> bool:
        """Whether ``breakdown`` can tell this criterion's points, whatever its weight."""
        return criterion in VALUES or criterion == EXPERIENCE or criterion in self._given.criteria

    def breakdown(
        self, mentor: str, mentee: str, criteria: Iterable[str] | None = None
    ) -> dict[str, tuple[int | None, int | None]]:
        """Points (0–10 000) per criterion for mentor and mentee; ``None`` for a side not served."""
        ends = self._mentors[mentor], self._mentees[mentee]
        names = self.criteria if criteria is None else criteria
        return {
            name: (None, self._bonus(*ends))
            if name == EXPERIENCE
            else self._criterion(name).filled(*ends)
            for name in names
        }

    def _weighted(self) -> tuple[str, ...]:
        weights, given = self._world.settings.all_weights, self._given.criteria
        own = [n for n in (*VALUES, EXPERIENCE) if weights[n] > 0 and n not in given]
        return (*own, *(name for name, criterion in given.items() if criterion[0] > 0))

    def _criterion(self, name: str) -> _Criterion:
        if name not in self._known:
            weight, serves, value = self._meaning(name)
            self._known[name] = _Criterion(weight, serves, value, self._means(value))
        return self._known[name]

    def _meaning(self, name: str) -> tuple[int, tuple[bool, bool], _Value]:
        if name in self._given.criteria:
            weight, side, values = self._given.criteria[name]
            serves = side != "mentee", side != "mentor"
            return weight, serves, lambda m, s: values(m.id, s.id)
        function, settings = VALUES[name], self._world.settings
        return (
            settings.all_weights[name],
            (True, True),
            lambda m, s: (function(settings, m, s), function(settings, s, m)),
        )

    def _means(self, value: _Value) -> tuple[int, int]:
        totals, counts = [0, 0], [0, 0]
        for mentor, mentee in self._drawn:
            for side, known in enumerate(value(mentor, mentee)):
                if known is not None:
                    totals[side] += known
                    counts[side] += 1
        return mean(totals[0], counts[0]), mean(totals[1], counts[1])

    def _bonus(self, mentor: Facts, mentee: Facts) -> int:
        weight = self._world.settings.all_weights[EXPERIENCE]
        return experience_bonus(weight, mentor, mentee)

    def _scores(self, mentor: Facts, mentee: Facts) -> _Scores:
        """The mentor's, the mentee's and the pair's score."""
        weighted: tuple[list[tuple[int, int]], ...] = ([], [])
        for name in self.criteria:
            if name != EXPERIENCE:
                criterion = self._criterion(name)
                for side, value in enumerate(criterion.filled(mentor, mentee)):
                    if value is not None:
                        weighted[side].append((criterion.weight, value))
        own, other = map(weighted_mean, weighted)
        if EXPERIENCE in self.criteria:
            other = min(TOP, other + self._bonus(mentor, mentee))
        a, b = self._world.settings.side_weights
        return own, other, weighted_mean([(a, own), (b, other)])

    def _pairs(self, listed: Sequence[IdPair]) -> dict[IdPair, PairFacts]:
        settings = self._world.settings
        judge = Judge(self._world, settings.severities, self._given)
        ends = {pair: (self._mentors[pair[0]], self._mentees[pair[1]]) for pair in listed}
        judged = {pair: judge.judge(*both) for pair, both in ends.items()}
        scores = {pair: self._scores(*both) for pair, both in ends.items()}
        floor = 100 * settings.minimum_score
        excluded = {
            pair: judged[pair].excluded or ((MINIMUM_SCORE,) if scores[pair][2] < floor else ())
            for pair in listed
        }
        free = [pair for pair in listed if not excluded[pair]]
        of_mentors = self._ranks(free, scores, side=0)
        of_mentees = self._ranks(free, scores, side=1)
        facts: dict[IdPair, PairFacts] = {}
        for pair in listed:
            mentor_rank = of_mentors.get(pair, UNACCEPTABLE)
            mentee_rank = of_mentees.get(pair, UNACCEPTABLE)
            facts[pair] = PairFacts(
                excluded=excluded[pair],
                warned=judged[pair].warned,
                questions=judged[pair].questions,
                mentor_score=scores[pair][0],
                mentee_score=scores[pair][1],
                score=scores[pair][2],
                mentor_rank=mentor_rank.rank,
                mentee_rank=mentee_rank.rank,
                mentor_stated=mentor_rank.stated,
                mentee_stated=mentee_rank.stated,
                waived=judged[pair].waived,
            )
        return facts

    def _ranks(
        self, free: Iterable[IdPair], scores: Mapping[IdPair, _Scores], side: int
    ) -> dict[IdPair, Rank]:
        """How one side ranks the candidates that nothing excludes."""
        people = self._mentors if side == 0 else self._mentees
        partners: dict[str, list[tuple[str, int]]] = {}
        for pair in free:
            partners.setdefault(pair[side], []).append((pair[1 - side], scores[pair][side]))
        found: dict[IdPair, Rank] = {}
        for person, own in partners.items():
            ranks = ranks_of(people[person].choice_group, own, self._world.settings.indifference)
            for other, rank in ranks.items():
                found[(person, other) if side == 0 else (other, person)] = rank
        return found


# The pairs over which means are taken ------------------------------------------------------------


def sampled(world: World, seed: int, size: int = SAMPLE) -> Iterator[tuple[Facts, Facts]]:
    """The pairs that docs/scoring.md draws for the means; all where they are no more."""
    mentors, mentees = world.mentors, world.mentees
    if len(mentors) * len(mentees) <= size:
        yield from ((m, s) for m in mentors for s in mentees)
        return
    ends = (_by_lot(mentors, seed), _first_word(f"{seed}\x1fm\x1fsample"))
    others = (_by_lot(mentees, seed), _first_word(f"{seed}\x1fs\x1fsample"))
    for number in range(size):
        yield _drawn(*ends, number), _drawn(*others, number)


def _by_lot(people: Iterable[Facts], seed: int) -> list[Facts]:
    return sorted(people, key=lambda person: (_first_word(f"{seed}\x1f{person.id}"), person.id))


def _first_word(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def _drawn(people: Sequence[Facts], key: int, number: int) -> Facts:
    """Person number ``x · count // 2**32``, with x the upper half of SplitMix64 of the number."""
    state = (number + key * 0x9E3779B97F4A7C15) % _WORD
    state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 % _WORD
    state = (state ^ (state >> 27)) * 0x94D049BB133111EB % _WORD
    return people[((state ^ (state >> 31)) >> 32) * len(people) >> 32]
