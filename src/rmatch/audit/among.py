"""What docs/scoring.md defines, recomputed for candidate pairs alone, with plain loops."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from rmatch.audit.alike import Drawn, total_of
from rmatch.audit.declared import IdPair
from rmatch.audit.facts import Facts
from rmatch.audit.judging import Judge
from rmatch.audit.points import EXPERIENCE, LOOKS_AT, TOP, VALUES, experience_bonus
from rmatch.audit.ranks import UNACCEPTABLE, Rank, ranks_of
from rmatch.audit.recompute import PairFacts
from rmatch.audit.rules import World, world_of
from rmatch.audit.tables import Given, GivenValues, mean, weighted_mean
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
        places = sampled(self._world, programme.settings.seed)
        self._drawn = (
            Drawn(self._world.mentors, places[0]),
            Drawn(self._world.mentees, places[1]),
        )
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
            given = self._given.criteria.get(name)
            self._known[name] = self._built_in(name) if given is None else self._taken(given)
        return self._known[name]

    def _built_in(self, name: str) -> _Criterion:
        settings, looks_at = self._world.settings, LOOKS_AT[name]
        function = partial(VALUES[name], settings)
        mentors, mentees = self._drawn
        return _Criterion(
            settings.all_weights[name],
            (True, True),
            lambda m, s: (function(m, s), function(s, m)),
            (
                mean(*total_of(function, mentors, mentees, looks_at)),
                mean(*total_of(function, mentees, mentors, looks_at)),
            ),
        )

    def _taken(self, given: tuple[int, str, GivenValues]) -> _Criterion:
        weight, side, values = given
        mentors, mentees = self._drawn
        drawn = [
            values(mentors.people[i].id, mentees.people[j].id)
            for i, j in zip(mentors.places, mentees.places, strict=True)
        ]
        return _Criterion(
            weight,
            (side != "mentee", side != "mentor"),
            lambda m, s: values(m.id, s.id),
            (_mean_of([own for own, _ in drawn]), _mean_of([other for _, other in drawn])),
        )

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


def _mean_of(values: Sequence[int | None]) -> int:
    known = [value for value in values if value is not None]
    return mean(sum(known), len(known))


# The pairs over which means are taken ------------------------------------------------------------


def sampled(world: World, seed: int, size: int = SAMPLE) -> tuple[list[int], list[int]]:
    """Places of the pairs that docs/scoring.md draws for the means; of all where they are no more.

    Returns:
        Of each pair the mentor's place among the world's mentors, and the mentee's.
    """
    mentors, mentees = world.mentors, world.mentees
    if len(mentors) * len(mentees) <= size:
        places = [(i, j) for i in range(len(mentors)) for j in range(len(mentees))]
        return [i for i, _ in places], [j for _, j in places]
    return (
        _drawn(_by_lot(mentors, seed), _first_word(f"{seed}\x1fm\x1fsample"), size),
        _drawn(_by_lot(mentees, seed), _first_word(f"{seed}\x1fs\x1fsample"), size),
    )


def _by_lot(people: Sequence[Facts], seed: int) -> list[int]:
    def lot(place: int) -> tuple[int, str]:
        person = people[place].id
        return _first_word(f"{seed}\x1f{person}"), person

    return sorted(range(len(people)), key=lot)


def _first_word(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def _drawn(places: Sequence[int], key: int, size: int) -> list[int]:
    """The first so many of number ``x · count // 2**32``, x the upper half of SplitMix64 words."""
    count, drawn = len(places), []
    start = key * 0x9E3779B97F4A7C15
    for number in range(size):
        state = (number + start) % _WORD
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 % _WORD
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB % _WORD
        drawn.append(places[((state ^ (state >> 31)) >> 32) * count >> 32])
    return drawn
