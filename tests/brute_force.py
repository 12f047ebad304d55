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
    mentor_score: int
    mentee_score: int
    warned: bool
    forced: bool
    standing: bool


@dataclass(frozen=True)
class Quota:
    """A count that must, or had better, lie between limits."""

    pairs: dict[Pair, int]
    people: tuple[list[int], list[int]]
    minimum: int
    maximum: int | None
    price: int | None

    def off(self, matching: Matching) -> int:
        """By how much the count is off its limits."""
        count = sum(self.pairs[pair] for pair in matching)
        for side in (0, 1):
            count += sum(self.people[side][person] for person in {pair[side] for pair in matching})
        if count < self.minimum:
            return self.minimum - count
        return count - self.maximum if self.maximum is not None and count > self.maximum else 0


class Problem:
    """An instance as dictionaries of plain integers."""

    def __init__(self, instance: Instance, seed: int = 0) -> None:
        self.seed = seed
        self.ids = (instance.mentor_ids, instance.mentee_ids)
        self.capacity = (instance.mentor_capacity.tolist(), instance.mentee_capacity.tolist())
        self.priorities = (instance.mentor_priority.tolist(), instance.mentee_priority.tolist())
        columns = ("mentor", "mentee", *Facts.__dataclass_fields__)
        rows = zip(*(getattr(instance, name).tolist() for name in columns), strict=True)
        self.pairs: dict[Pair, Facts] = {(i, j): Facts(*facts) for i, j, *facts in rows}
        self.stability = instance.stability
        self.quotas = [
            Quota(
                dict(zip(self.pairs, quota.pair.tolist(), strict=True)),
                (quota.mentor.tolist(), quota.mentee.tolist()),
                quota.minimum,
                quota.maximum,
                quota.price,
            )
            for quota in instance.quotas
        ]


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

    return (matching for matching in extend(0, ()) if _as_stated(problem, matching))


def _as_stated(problem: Problem, matching: Matching) -> bool:
    """Whether every pair is made that must be, and every quota without a price holds."""
    must = {pair for pair, facts in problem.pairs.items() if facts.forced}
    hard = [quota for quota in problem.quotas if quota.price is None]
    return must <= set(matching) and not any(quota.off(matching) for quota in hard)


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
    """Pairs not made, of whom each has a free place or likes somebody they got less.

    Strong: somebody they got no more will do for one of the two; super: for both. Who is held by a
    pair that must be made is nobody they could give up.
    """
    got: tuple[list[list[int]], list[list[int]]] = (
        [[] for _ in problem.capacity[0]],
        [[] for _ in problem.capacity[1]],
    )
    places = ([*problem.capacity[0]], [*problem.capacity[1]])
    for i, j in matching:
        facts = problem.pairs[i, j]
        places[0][i] -= 1
        places[1][j] -= 1
        if not facts.forced:
            got[0][i].append(facts.mentor_rank)
            got[1][j].append(facts.mentee_rank)
    found = []
    for (i, j), facts in problem.pairs.items():
        if (i, j) in matching:
            continue
        sides = ((0, i, facts.mentor_rank), (1, j, facts.mentee_rank))
        strictly = [
            places[s][p] > 0 or any(other > rank for other in got[s][p]) for s, p, rank in sides
        ]
        weakly = [
            places[s][p] > 0 or any(other >= rank for other in got[s][p]) for s, p, rank in sides
        ]
        blocks = {
            "weak": all(strictly),
            "strong": all(weakly) and any(strictly),
            "super": all(weakly),
        }[problem.stability]
        if blocks:
            found.append((i, j))
    return found


def stability(problem: Problem, matching: Matching) -> int:
    """How many pairs block."""
    return len(blocking(problem, matching))


def changes(problem: Problem, matching: Matching) -> int:
    """How many pairs that were made before are not made now."""
    return sum(facts.standing for pair, facts in problem.pairs.items() if pair not in matching)


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


def prices(problem: Problem, matching: Matching) -> int:
    """Every unit off the limits of a quota with a price, at that price."""
    return sum(quota.price * quota.off(matching) for quota in problem.quotas if quota.price)


def leximin(problem: Problem, matching: Matching) -> tuple[int, ...]:
    """Everybody's worst partner, by their own score; -1 for nobody; the worst-off first."""
    values = []
    for side in (0, 1):
        for person in range(len(problem.capacity[side])):
            own = [problem.pairs[pair] for pair in matching if pair[side] == person]
            values.append(
                min((f.mentor_score if side == 0 else f.mentee_score for f in own), default=-1)
            )
    return tuple(sorted(values))


def ranks(problem: Problem, matching: Matching) -> tuple[list[int], list[int]]:
    """The rank that every place of the mentors, and of the mentees, got; free: the last and one."""
    found: tuple[list[int], list[int]] = ([], [])
    for side in (0, 1):
        for person, places in enumerate(problem.capacity[side]):
            own = {
                pair: (facts.mentor_rank, facts.mentee_rank)[side]
                for pair, facts in problem.pairs.items()
                if pair[side] == person
            }
            got = [rank for pair, rank in own.items() if pair in matching]
            free = max(own.values(), default=0) + 1
            found[side].extend(got + [free] * (places - len(got)))
    return found


def _worst_possible(problem: Problem) -> int:
    return max(
        (rank for side in ranks(problem, ()) for rank in side),
        default=0,
    )


def rank_maximal(problem: Problem, matching: Matching) -> tuple[int, ...]:
    """How many first, second and further ranks."""
    every = [rank for side in ranks(problem, matching) for rank in side]
    return tuple(every.count(rank) for rank in range(1, _worst_possible(problem) + 1))


def generous(problem: Problem, matching: Matching) -> tuple[int, ...]:
    """How many of the last rank, the one before, and so on."""
    return rank_maximal(problem, matching)[::-1]


def egalitarian(problem: Problem, matching: Matching) -> int:
    """All ranks added up."""
    return sum(map(sum, ranks(problem, matching)))


def min_regret(problem: Problem, matching: Matching) -> int:
    """The worst rank anybody got."""
    return max((rank for side in ranks(problem, matching) for rank in side), default=0)


def balanced(problem: Problem, matching: Matching) -> int:
    """The rank sum of the side that does worse."""
    return max(map(sum, ranks(problem, matching)))


def side_equal(problem: Problem, matching: Matching) -> int:
    """How far the sides' rank sums are apart."""
    mentors, mentees = map(sum, ranks(problem, matching))
    return abs(mentors - mentees)


Value = int | tuple[int, ...]
WANTED: dict[str, tuple[Callable[[Problem, Matching], Value], Callable[[list[Value]], Value]]] = {
    "pairs": (pairs, max),
    "people": (people, max),
    "priority": (priority, max),
    "changes": (changes, min),
    "stability": (stability, min),
    "prices": (prices, min),
    "warnings": (warnings, min),
    "score": (score, max),
    "leximin": (leximin, max),
    "rank_maximal": (rank_maximal, max),
    "generous": (generous, min),
    "egalitarian": (egalitarian, min),
    "min_regret": (min_regret, min),
    "balanced": (balanced, min),
    "side_equal": (side_equal, min),
    "tie_break": (tie_break, max),
}
"""Every objective and whether the most or the fewest is best."""


@dataclass(frozen=True)
class Best:
    """The best value of each level in turn, and all matchings that reach every one of them."""

    levels: dict[str, Value]
    matchings: list[Matching]


def best(instance: Instance, objectives: Sequence[str], seed: int = 0) -> Best | None:
    """The best there is, by looking at every matching: level after level, keeping the best.

    ``None`` where no matching keeps what was stated.
    """
    problem = Problem(instance, seed)
    left = list(matchings(problem))
    if not left:
        return None
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
