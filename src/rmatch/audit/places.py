"""The objectives over ranks: what every place of everybody has got, matched or free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rmatch.audit.declared import IdPair
from rmatch.audit.outcome import Outcome
from rmatch.audit.recompute import PairFacts
from rmatch.audit.roster import Place


def rank_maximal(outcome: Outcome) -> tuple[int, ...]:
    """How many places got rank 1, 2, … up to the worst that a place can get."""
    got = _every_rank(outcome)
    return tuple(got.count(rank) for rank in range(1, _worst_possible(outcome) + 1))


def generous(outcome: Outcome) -> tuple[int, ...]:
    """The same from the worst rank down to the first."""
    return rank_maximal(outcome)[::-1]


def egalitarian(outcome: Outcome) -> int:
    """All ranks added up."""
    return sum(_every_rank(outcome))


def min_regret(outcome: Outcome) -> int:
    """The worst rank of any place."""
    return max(_every_rank(outcome), default=0)


def balanced(outcome: Outcome) -> int:
    """The rank sum of the side that does worse."""
    return max(_sums(outcome))


def side_equal(outcome: Outcome) -> int:
    """How far the two sides' rank sums are apart."""
    mentors, mentees = _sums(outcome)
    return abs(mentors - mentees)


def _sums(outcome: Outcome) -> tuple[int, int]:
    mentors, mentees = _side_ranks(outcome)
    return sum(mentors), sum(mentees)


def _every_rank(outcome: Outcome) -> list[int]:
    mentors, mentees = _side_ranks(outcome)
    return mentors + mentees


def _side_ranks(outcome: Outcome) -> tuple[list[int], list[int]]:
    """The rank of every place of the mentors, and of the mentees."""
    made = [outcome.pairs[pair] for pair in outcome.made.pairs]
    roster, free = outcome.roster, free_ranks(outcome.pairs)
    return (
        [facts.mentor_rank for facts in made] + _free_places(outcome, roster.mentors, free),
        [facts.mentee_rank for facts in made] + _free_places(outcome, roster.mentees, free),
    )


def _free_places(outcome: Outcome, people: Iterable[Place], free: Mapping[str, int]) -> list[int]:
    room = outcome.made.room
    return [free.get(person.id, 1) for person in people for _ in range(room[person.id])]


def _worst_possible(outcome: Outcome) -> int:
    free = free_ranks(outcome.pairs)
    return max((free.get(p.id, 1) for p in outcome.roster.people if p.capacity > 0), default=0)


def free_ranks(pairs: Mapping[IdPair, PairFacts]) -> dict[str, int]:
    """What a free place counts as: one more than the last acceptable partner; 1 without any."""
    free: dict[str, int] = {}
    for (mentor, mentee), facts in pairs.items():
        if facts.acceptable:
            free[mentor] = max(free.get(mentor, 1), facts.mentor_rank + 1)
            free[mentee] = max(free.get(mentee, 1), facts.mentee_rank + 1)
    return free
