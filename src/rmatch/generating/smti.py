"""Random instances of stable marriage with ties and incomplete lists, as in the literature."""

from __future__ import annotations

import numpy as np

from rmatch.errors import InputError, Place, Problem
from rmatch.generating.drawing import Stream
from rmatch.instance import Instance, IntArray

MOST_DRAWS = 1_000
MOST_PEOPLE = 5_000

_HOPELESS = 1e-12
"""A chance so small that nothing is drawn to see: for many people that takes minutes."""


def smti(n: int, p1: float, p2: float, seed: int = 0) -> Instance:
    """A random instance of ``n`` a side, by the generator of Gent and Prosser.

    (*An empirical study of the stable marriage problem with ties and incomplete lists*, ECAI 2002.)
    Everybody ranks everybody of the other side at random. Each pair is then deleted from both lists
    with probability ``p1``; where that leaves anybody an empty list, the deletions are thrown away
    and drawn again, all of them, as in the paper. Last, each entry of a list but the first is tied
    with the one before it with probability ``p2``. (The lists are independent of the deletions, so
    that only the deletions need drawing again.)

    Args:
        n: People a side, 1 to 5 000.
        p1: Incompleteness, from 0 (complete lists) to below 1.
        p2: Tie density, from 0 (strict lists) to 1 (everybody indifferent).
        seed: 0 or more.

    Returns:
        One place each, scores of 0; the lists count as stated.

    Raises:
        InputError: arguments out of their limits; or ``p1`` too close to 1 for ``n``: 1 000 draws
            each left somebody an empty list, or are next to certain to.

    >>> smti(10, 0.5, 0.25, seed=1)
    Instance(10 mentors, 10 mentees, 46 acceptable pairs)
    """
    _check(n, p1, p2, seed)
    mentor, mentee = np.nonzero(_kept(Stream(seed, "smti pairs", n, float(p1)), n, p1))
    ones = np.ones(n, dtype=np.int64)
    return Instance.from_pairs(
        mentor,
        mentee,
        _ranks(Stream(seed, "smti mentors", n), mentor, mentee, n, p2),
        _ranks(Stream(seed, "smti mentees", n), mentee, mentor, n, p2),
        mentor_capacity=ones,
        mentee_capacity=ones,
        stated=True,
    )


def _kept(stream: Stream, n: int, p1: float) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """(n, n) the pairs that are not deleted; nobody is without one."""
    no_empty_mentor = (1 - p1**n) ** n  # in one draw; that no mentee's is empty either, is less
    if MOST_DRAWS * no_empty_mentor > _HOPELESS:
        for _ in range(MOST_DRAWS):
            kept = ~stream.chance(p1, n, n)
            if kept.any(axis=0).all() and kept.any(axis=1).all():
                return kept
    raise _refusal(
        "p1", p1, f"leaves somebody among {n} a side an empty list in each of {MOST_DRAWS} draws"
    )


def _ranks(stream: Stream, owner: IntArray, other: IntArray, n: int, p2: float) -> IntArray:
    """(E,) ranks; ``Instance.from_pairs`` makes them start from 1."""
    order = np.lexsort((stream.uniform(n, n)[owner, other], owner))
    worse = ~stream.chance(p2, len(owner))
    ranks = np.empty(len(owner), dtype=np.int64)
    ranks[order] = np.cumsum(worse)
    return ranks


def _check(n: int, p1: float, p2: float, seed: int) -> None:
    limits = (
        ("n", _whole(n) and 1 <= n <= MOST_PEOPLE, n, f"must be 1 to {MOST_PEOPLE}"),
        ("p1", _number(p1) and 0 <= p1 < 1, p1, "must be 0 or more and below 1"),
        ("p2", _number(p2) and 0 <= p2 <= 1, p2, "must be 0 to 1"),
        ("seed", _whole(seed) and seed >= 0, seed, "must be a whole number, 0 or more"),
    )
    wrong = [_refusal(name, value, why) for name, fits, value, why in limits if not fits]
    if wrong:
        raise InputError(problem for refusal in wrong for problem in refusal.problems)


def _refusal(name: str, value: object, why: str) -> InputError:
    return InputError([Problem(why, Place(column=name), value=str(value), shown=True)])


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
