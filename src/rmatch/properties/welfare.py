"""What a matching is worth at each level, recomputed from its pairs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.properties.feasibility import Chosen, loads
from rmatch.properties.ranks import profile, rank_sums
from rmatch.properties.stability import blocking_pairs
from rmatch.properties.statements import prices
from rmatch.solution import Value

TIE_BREAK_BITS = 36


def pairs(instance: Instance, chosen: Chosen) -> int:
    """How many pairs there are."""
    del instance
    return len(chosen)


def people(instance: Instance, chosen: Chosen) -> int:
    """How many people have a partner."""
    return sum(int(np.count_nonzero(load)) for load in loads(instance, chosen))


def priority(instance: Instance, chosen: Chosen) -> int:
    """The summed priorities of the people who have a partner."""
    mentor_load, mentee_load = loads(instance, chosen)
    return int(
        instance.mentor_priority[mentor_load > 0].sum()
        + instance.mentee_priority[mentee_load > 0].sum()
    )


def stability(instance: Instance, chosen: Chosen) -> int:
    """How many pairs block."""
    return len(blocking_pairs(instance, chosen))


def changes(instance: Instance, chosen: Chosen) -> int:
    """How many standing pairs are broken."""
    kept = np.count_nonzero(instance.standing[np.asarray(chosen, dtype=np.int64)])
    return int(np.count_nonzero(instance.standing) - kept)


def warnings(instance: Instance, chosen: Chosen) -> int:
    """How many pairs break a warn rule."""
    return int(np.count_nonzero(instance.warned[np.asarray(chosen, dtype=np.int64)]))


def score(instance: Instance, chosen: Chosen) -> int:
    """The summed scores of the pairs."""
    return int(instance.score[np.asarray(chosen, dtype=np.int64)].sum())


def leximin(instance: Instance, chosen: Chosen) -> tuple[int, ...]:
    """What everybody's worst partner scores on their own side, ascending; −1 without a partner."""
    index = np.asarray(chosen, dtype=np.int64)
    sides = (
        (instance.mentor[index], instance.mentor_score[index], instance.n_mentors),
        (instance.mentee[index], instance.mentee_score[index], instance.n_mentees),
    )
    worst = []
    for owner, points, count in sides:
        least = np.full(count, _NO_SCORE, dtype=np.int64)
        np.minimum.at(least, owner, points)
        worst.append(np.where(least == _NO_SCORE, -1, least))
    return tuple(np.sort(np.concatenate(worst)).tolist())


_NO_SCORE = np.iinfo(np.int64).max


def rank_maximal(instance: Instance, chosen: Chosen) -> tuple[int, ...]:
    """How many places got rank 1, rank 2, … up to the worst that is possible (Irving, 2003)."""
    return tuple(profile(instance, chosen).tolist())


def generous(instance: Instance, chosen: Chosen) -> tuple[int, ...]:
    """How many places got the worst rank that is possible, the one before, … down to rank 1."""
    return tuple(profile(instance, chosen)[::-1].tolist())


def egalitarian(instance: Instance, chosen: Chosen) -> int:
    """The sum of the ranks of all places (Irving, Leather and Gusfield, 1987)."""
    return sum(rank_sums(instance, chosen))


def min_regret(instance: Instance, chosen: Chosen) -> int:
    """The worst rank of any place; 0 where nobody has one (Gusfield, 1987)."""
    return int(np.flatnonzero(profile(instance, chosen)).max(initial=-1)) + 1


def balanced(instance: Instance, chosen: Chosen) -> int:
    """The larger of the two sides' rank sums (Feder, 1995)."""
    return max(rank_sums(instance, chosen))


def side_equal(instance: Instance, chosen: Chosen) -> int:
    """The difference between the two sides' rank sums (sex-equal: Kato, 1993)."""
    mentors, mentees = rank_sums(instance, chosen)
    return abs(mentors - mentees)


def tie_break_weights(instance: Instance, seed: int, among: Chosen) -> IntArray:
    """One weight of 36 bits per pair of ``among``, from SHA-256 of the seed and the two ids.

    Drawn from ids, so that no order of rows counts. Distinct sums make the best matching unique
    with probability at least 1 − E / 2**36 (isolation lemma; Mulmuley, Vazirani and Vazirani,
    1987).
    """
    mentor_ids, mentee_ids = instance.mentor_ids, instance.mentee_ids
    weights = [
        tie_break_weight(seed, mentor_ids[instance.mentor[e]], mentee_ids[instance.mentee[e]])
        for e in np.asarray(among, dtype=np.int64).tolist()
    ]
    return np.array(weights, dtype=np.int64)


def tie_break_weight(seed: int, mentor_id: str, mentee_id: str) -> int:
    """The weight of one pair: the first 36 bits of SHA-256(seed, mentor id, mentee id)."""
    digest = hashlib.sha256(f"{seed}\x1f{mentor_id}\x1f{mentee_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - TIE_BREAK_BITS)


def tie_break(instance: Instance, chosen: Chosen, seed: int = 0) -> int:
    """The summed tie-break weights of the pairs."""
    return int(tie_break_weights(instance, seed, chosen).sum())


MEASURES: Mapping[str, Callable[[Instance, Chosen], Value]] = {
    "pairs": pairs,
    "people": people,
    "priority": priority,
    "changes": changes,
    "stability": stability,
    "prices": prices,
    "warnings": warnings,
    "score": score,
    "leximin": leximin,
    "rank_maximal": rank_maximal,
    "generous": generous,
    "egalitarian": egalitarian,
    "min_regret": min_regret,
    "balanced": balanced,
    "side_equal": side_equal,
}
"""Every objective that needs no seed, recomputed from the pairs."""


def value_of(name: str, instance: Instance, chosen: Chosen, seed: int) -> Value:
    """The value of objective ``name`` at this matching."""
    return (
        tie_break(instance, chosen, seed)
        if name == "tie_break"
        else MEASURES[name](instance, chosen)
    )
