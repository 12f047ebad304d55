"""Right claims about random matchings of an instance, with every value from the oracle."""

from __future__ import annotations

import random

import brute_force
from brute_force import Matching, Problem
from rmatch.audit import Audit, Claim, ClaimedPair, audit_arrays
from rmatch.claims import listed_pairs, roster_of, stated_of
from rmatch.instance import Instance

SEED = 5
Ids = tuple[tuple[str, str], ...]


def some_matching(problem: Problem, seed: int) -> Matching:
    """Acceptable pairs within capacity, one after the other; statements are not looked at."""
    draw = random.Random(seed)  # noqa: S311 (a seeded generator is wanted, no secret)
    room = {(side, k): n for side in (0, 1) for k, n in enumerate(problem.capacity[side])}
    made = []
    for pair in draw.sample(list(problem.pairs), len(problem.pairs)):
        i, j = (0, pair[0]), (1, pair[1])
        if room[i] and room[j] and draw.random() < 0.7:
            room[i] -= 1
            room[j] -= 1
            made.append(pair)
    return tuple(sorted(made))


def claim_for(problem: Problem, made: Matching) -> Claim:
    """Everything that can be claimed about ``made``, rightly; nothing is claimed to be proved."""
    measures = {name: measure for name, (measure, _) in brute_force.WANTED.items()}
    return Claim(
        pairs=tuple(_claimed(problem, pair) for pair in made),
        unmatched=tuple(
            name
            for side in (0, 1)
            for k, name in enumerate(problem.ids[side])
            if all(pair[side] != k for pair in made)
        ),
        blocking_pairs=ids(problem, tuple(brute_force.blocking(problem, made))),
        objectives={name: measure(problem, made) for name, measure in measures.items()},
        optimal=False,
        order=tuple(measures),
        tie_break_seed=problem.seed,
    )


def _claimed(problem: Problem, pair: brute_force.Pair) -> ClaimedPair:
    facts = problem.pairs[pair]
    return ClaimedPair(
        *ids(problem, (pair,))[0],
        score=facts.score,
        mentor_score=facts.mentor_score,
        mentee_score=facts.mentee_score,
        mentor_rank=facts.mentor_rank,
        mentee_rank=facts.mentee_rank,
    )


def ids(problem: Problem, pairs: Matching) -> Ids:
    """The pairs by id."""
    return tuple((problem.ids[0][i], problem.ids[1][j]) for i, j in pairs)


def audited(instance: Instance, claim: Claim) -> Audit:
    """The audit of a claim about an instance, as ``Matching.verify`` asks for it."""
    return audit_arrays(roster_of(instance), listed_pairs(instance), claim, stated_of(instance))
