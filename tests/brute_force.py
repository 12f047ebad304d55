"""The oracle: every matching of a small instance, judged by the plainest words for each objective.

Nothing of ``rmatch.properties`` or ``rmatch.solving`` is used, only the instance's arrays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rmatch.instance import Instance

Pair = tuple[int, int]
Matching = tuple[Pair, ...]


@dataclass(frozen=True)
class Facts:
    """What is known of one acceptable pair."""

    mentor_rank: int
    mentee_rank: int
    score: int
    warned: bool


class Problem:
    """An instance as dictionaries of plain integers."""

    def __init__(self, instance: Instance, seed: int = 0) -> None:
        self.seed = seed
        self.ids = (instance.mentor_ids, instance.mentee_ids)
        self.capacity = (instance.mentor_capacity.tolist(), instance.mentee_capacity.tolist())
        self.priorities = (instance.mentor_priority.tolist(), instance.mentee_priority.tolist())
        columns = ("mentor", "mentee", "mentor_rank", "mentee_rank", "score", "warned")
        rows = zip(*(getattr(instance, name).tolist() for name in columns), strict=True)
        self.pairs: dict[Pair, Facts] = {(i, j): Facts(*facts) for i, j, *facts in rows}


def matchings(problem: Problem) -> Iterator[Matching]:
    """Every set of acceptable pairs in which nobody has more partners than places."""
    todo = list(problem.pairs)
    places = ([*problem.capacity[0]], [*problem.capacity[1]])

    def extend(at: int, made: Matching) -> Iterator[Matching]:
        if at == len(todo):
            yield made
            return
        yield from extend(at + 1, made)
        i, j = todo[at]
        if places[0][i] > 0 and places[1][j] > 0:
            places[0][i] -= 1
            places[1][j] -= 1
            yield from extend(at + 1, (*made, todo[at]))
            places[0][i] += 1
            places[1][j] += 1

    return extend(0, ())


def pairs(problem: Problem, matching: Matching) -> int:
    """How many pairs."""
    del problem
    return len(matching)


def people(problem: Problem, matching: Matching) -> int:
    """How many people with a partner."""
    del problem
    return len({i for i, _ in matching}) + len({j for _, j in matching})


def priority(problem: Problem, matching: Matching) -> int:
    """What the people with a partner count for."""
    mentors, mentees = {i for i, _ in matching}, {j for _, j in matching}
    return sum(problem.priorities[0][i] for i in mentors) + sum(
        problem.priorities[1][j] for j in mentees
    )


def blocking(problem: Problem, matching: Matching) -> list[Pair]:
    """Pairs not made, of whom each has a free place or likes somebody they got less."""
    mentor_got: list[list[int]] = [[] for _ in problem.capacity[0]]
    mentee_got: list[list[int]] = [[] for _ in problem.capacity[1]]
    for i, j in matching:
        mentor_got[i].append(problem.pairs[i, j].mentor_rank)
        mentee_got[j].append(problem.pairs[i, j].mentee_rank)
    made = set(matching)
    found = []
    for (i, j), facts in problem.pairs.items():
        mentor_free = len(mentor_got[i]) < problem.capacity[0][i]
        mentee_free = len(mentee_got[j]) < problem.capacity[1][j]
        mentor_would = mentor_free or any(rank > facts.mentor_rank for rank in mentor_got[i])
        mentee_would = mentee_free or any(rank > facts.mentee_rank for rank in mentee_got[j])
        if (i, j) not in made and mentor_would and mentee_would:
            found.append((i, j))
    return found


def stability(problem: Problem, matching: Matching) -> int:
    """How many pairs block."""
    return len(blocking(problem, matching))


def warnings(problem: Problem, matching: Matching) -> int:
    """How many pairs break a warn rule."""
    return sum(problem.pairs[pair].warned for pair in matching)


def score(problem: Problem, matching: Matching) -> int:
    """The scores, added up."""
    return sum(problem.pairs[pair].score for pair in matching)


def tie_break(problem: Problem, matching: Matching) -> int:
    """The first 36 bits (nine hexadecimal digits) of each pair's hash, added up."""
    total = 0
    for i, j in matching:
        text = "\x1f".join([str(problem.seed), problem.ids[0][i], problem.ids[1][j]])
        total += int(hashlib.sha256(text.encode()).hexdigest()[:9], 16)
    return total


WANTED: dict[str, tuple[Callable[[Problem, Matching], int], Callable[[list[int]], int]]] = {
    "pairs": (pairs, max),
    "people": (people, max),
    "priority": (priority, max),
    "stability": (stability, min),
    "warnings": (warnings, min),
    "score": (score, max),
    "tie_break": (tie_break, max),
}
"""Every objective and whether the most or the fewest is best."""


@dataclass(frozen=True)
class Best:
    """The best value of each level in turn, and all matchings that reach every one of them."""

    levels: dict[str, int]
    matchings: list[Matching]


def best(instance: Instance, objectives: Sequence[str], seed: int = 0) -> Best:
    """The best there is, by looking at every matching: level after level, keeping the best."""
    problem = Problem(instance, seed)
    left = list(matchings(problem))
    levels = {}
    for name in objectives:
        measure, choose = WANTED[name]
        values = [measure(problem, matching) for matching in left]
        levels[name] = choose(values)
        left = [
            matching for matching, value in zip(left, values, strict=True) if value == levels[name]
        ]
    return Best(levels, left)


def stable_matchings(instance: Instance) -> list[Matching]:
    """Every matching that no pair blocks."""
    problem = Problem(instance)
    return [matching for matching in matchings(problem) if not blocking(problem, matching)]
