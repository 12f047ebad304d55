"""Random instances from the literature, seeded, the same on every machine.

``numpy.random.RandomState`` is frozen by NumPy's policy, so its stream never changes; permutations
are orders of uniform draws and every other step is integer arithmetic. ``tests/test_benchmarks.py``
pins a digest of each generator.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from rmatch import Instance

SEEDS = tuple(range(10))
MAX_SCORE = 10_000
LIST_LENGTH = 6
"""Hospitals on each resident's list."""

COARSE_SCORES = 10
"""Values of the score by which hospitals rank applicants."""

IntArray = npt.NDArray[np.int64]


def smti(n: int, p1: float, p2: float, seed: int) -> Instance:
    """A random stable-marriage instance with ties and incomplete lists.

    Every pair of the complete instance is dropped with probability ``p1``, all over again where
    somebody is left with an empty list; each list is a random permutation, and each entry but the
    first ties with the one before it with probability ``p2`` (Gent and Prosser, *An empirical study
    of the stable marriage problem with ties and incomplete lists*, ECAI 2002).

    Args:
        n: People a side.
        p1: Incompleteness, from 0 (complete) to below 1.
        p2: Tie density, from 0 (strict) to 1 (indifferent).
        seed: Of the generator.
    """
    draw = _draw("smti", n, float(p1), float(p2), seed)
    while True:
        keep = draw.random_sample((n, n)) >= p1
        if keep.any(axis=0).all() and keep.any(axis=1).all():
            break
    mentor, mentee = np.nonzero(keep)
    return Instance.from_pairs(
        mentor,
        mentee,
        _ranks(draw, mentor, p2),
        _ranks(draw, mentee, p2),
        mentor_capacity=np.ones(n, dtype=np.int64),
        mentee_capacity=np.ones(n, dtype=np.int64),
        stated=True,
    )


def sparse(
    n: int = 10_000, pairs: int = 50_000, tie_density: float = 0.5, seed: int = 0
) -> Instance:
    """``pairs`` random pairs among ``n`` people a side; lists and ties as in :func:`smti`.

    Lists may be empty here: with five entries on average some always are.
    """
    draw = _draw("sparse", n, pairs, float(tie_density), seed)
    cells: IntArray = np.zeros(0, dtype=np.int64)
    while len(cells) < pairs:
        more = (draw.random_sample(pairs) * (n * n)).astype(np.int64)
        joined = np.concatenate([cells, more])
        _, first = np.unique(joined, return_index=True)
        cells = joined[np.sort(first)][:pairs]
    mentor, mentee = np.divmod(np.sort(cells), n)
    return Instance.from_pairs(
        mentor,
        mentee,
        _ranks(draw, mentor, tie_density),
        _ranks(draw, mentee, tie_density),
        mentor_capacity=np.ones(n, dtype=np.int64),
        mentee_capacity=np.ones(n, dtype=np.int64),
        stated=True,
    )


def strict(n: int, seed: int) -> Instance:
    """Complete strict random lists on both sides, and random scores from 0 to 10 000."""
    draw = _draw("strict", n, seed)
    mentor, mentee = np.divmod(np.arange(n * n, dtype=np.int64), n)
    return Instance.from_pairs(
        mentor,
        mentee,
        _orders(draw.random_sample((n, n))).ravel(),
        _orders(draw.random_sample((n, n))).T.ravel(),
        score=(draw.random_sample(n * n) * (MAX_SCORE + 1)).astype(np.int64),
        mentor_capacity=np.ones(n, dtype=np.int64),
        mentee_capacity=np.ones(n, dtype=np.int64),
        stated=True,
    )


def hrt(
    residents: int = 760, hospitals: int = 53, resident_ties: float = 0.0, seed: int = 0
) -> Instance:
    """Hospitals and residents with ties, like the Scottish Foundation allocation.

    Residents (mentors) list six hospitals, drawn without replacement by popularity: the most
    popular hospital is drawn five times as often as the least. Hospitals (mentees) rank applicants
    by a score of ten values that all of them share, so that their ties are long; their places add
    up to the number of residents, whatever their popularity. In Scotland residents rank strictly;
    with ``resident_ties`` neighbours on their lists tie by chance, which makes it much harder.
    (Sizes and list length as in Irving and Manlove, *Finding large stable matchings*, JEA 2009,
    and Delorme et al., *Mathematical models for stable matching problems with ties and incomplete
    lists*, EJOR 2019.)
    """
    draw = _draw("hrt", residents, hospitals, float(resident_ties), seed)
    popularity = 100 + 400 * np.arange(hospitals, dtype=np.int64) // max(1, hospitals - 1)
    listed = np.array([_listed(draw, popularity) for _ in range(residents)], dtype=np.int64)
    mentor = np.repeat(np.arange(residents, dtype=np.int64), listed.shape[1])
    coarse = (draw.random_sample(residents) * COARSE_SCORES).astype(np.int64)
    return Instance.from_pairs(
        mentor,
        listed.ravel(),
        np.cumsum(draw.random_sample(len(mentor)) >= resident_ties),
        -coarse[mentor],
        mentor_capacity=np.ones(residents, dtype=np.int64),
        mentee_capacity=_places(draw, residents, hospitals),
        stated=True,
    )


def _draw(*label: object) -> np.random.RandomState:
    """A stream of its own for every generator, size and seed."""
    digest = hashlib.sha256(repr(label).encode()).digest()
    return np.random.RandomState(np.frombuffer(digest, dtype="<u4").astype(np.uint32))


def _ranks(draw: np.random.RandomState, owner: IntArray, tie_density: float) -> IntArray:
    """(E,) a random order of each owner's list in which neighbours tie by chance."""
    order = np.lexsort((draw.random_sample(len(owner)), owner))
    worse = draw.random_sample(len(owner)) >= tie_density
    ranks = np.empty(len(owner), dtype=np.int64)
    ranks[order] = np.cumsum(worse)  # Instance.from_pairs makes them start from 1
    return ranks


def _orders(draws: npt.NDArray[np.float64]) -> IntArray:
    """(n, n) each row's order as places from 0."""
    places = np.argsort(np.argsort(draws, axis=1, kind="stable"), axis=1, kind="stable")
    return places.astype(np.int64)


def _listed(draw: np.random.RandomState, popularity: IntArray) -> list[int]:
    """One resident's hospitals in the order drawn."""
    wanted = min(LIST_LENGTH, len(popularity))
    running = np.cumsum(popularity)
    listed: list[int] = []
    while len(listed) < wanted:
        hospital = int(np.searchsorted(running, draw.random_sample() * running[-1], side="right"))
        if hospital not in listed:
            listed.append(hospital)
    return listed


def _places(draw: np.random.RandomState, residents: int, hospitals: int) -> IntArray:
    """(hospitals,) at least one place each, the rest at random, ``residents`` in all."""
    extra = (draw.random_sample(max(0, residents - hospitals)) * hospitals).astype(np.int64)
    return 1 + np.bincount(extra, minlength=hospitals).astype(np.int64)
