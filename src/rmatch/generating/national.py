"""Cohorts too large to compare everybody with everybody: straight from arrays to an instance."""

from __future__ import annotations

import numpy as np

from rmatch.errors import InputError, Place, Problem
from rmatch.generating.arrays import Choices, Side
from rmatch.generating.choosing import NOBODY, Market, choose
from rmatch.generating.cohort import check_seed, shape_of
from rmatch.generating.drawing import Stream
from rmatch.generating.drawn import Drawn, draw
from rmatch.generating.shape import CohortShape
from rmatch.instance import Instance, IntArray

_BAND = 500
"""Width of the bands of side scores that rank whoever was not named, as ``indifference`` does."""

_MOST_CANDIDATES = 200


def generate_instance(shape: CohortShape | str, seed: int = 0, *, candidates: int = 10) -> Instance:
    """The cohort of :func:`generate` as a sparse instance, without making people of it.

    Acceptable are the pairs in which either named the other, and ``candidates`` more mentees for
    each mentor, drawn as choices are, as a coordinator's shortlist would hold; less those who must
    not meet: supervised, managed, declared, vetoed, or of one employer and specialty. A pair
    declared under a rule that only warns is acceptable, and warned of. Whom a person named come
    first, in that order; the others follow by bands of the side's score.

    The scores are a **stand-in**, not those of :func:`rmatch.score`, which compares everybody with
    everybody: a side's score is half the place of the choice (10 000 for the first, 0 for somebody
    not named) and half the share of wanted topics that the other offers; the pair's is six parts
    the mentor's and four the mentee's.

    Args:
        shape: As for :func:`generate`.
        seed: As for :func:`generate`; the people, choices and conflicts are the same.
        candidates: Mentees shortlisted for each mentor, 0 to 200; fewer where they were named
            anyway.

    Raises:
        InputError: as :func:`generate`, or candidates out of their limits.
    """
    is_whole = isinstance(candidates, int) and not isinstance(candidates, bool)
    if not is_whole or not 0 <= candidates <= _MOST_CANDIDATES:
        message = f"must be a whole number from 0 to {_MOST_CANDIDATES}"
        place = Place(column="candidates")
        raise InputError([Problem(message, place, value=str(candidates), shown=True)])
    shape = shape_of(shape)
    check_seed(seed)
    drawn = draw(shape, seed)
    codes = _pairs(shape, seed, drawn, candidates)
    mentor, mentee = np.divmod(codes, shape.mentees)
    scores = _side_scores(drawn, mentor, mentee)
    return Instance.from_pairs(
        mentor,
        mentee,
        _ranks(drawn.mentor_choices, mentor, mentee, scores[0]),
        _ranks(drawn.mentee_choices, mentee, mentor, scores[1]),
        score=(6 * scores[0] + 4 * scores[1] + 5) // 10,
        mentor_score=scores[0],
        mentee_score=scores[1],
        warned=np.isin(codes, drawn.barred.warned(shape.mentees)),
        mentor_capacity=drawn.mentors.capacity,
        mentee_capacity=drawn.mentees.capacity,
        mentor_priority=drawn.mentors.carried_over,
        mentee_priority=drawn.mentees.carried_over,
        mentor_ids=drawn.mentors.ids,
        mentee_ids=drawn.mentees.ids,
    )


def _pairs(shape: CohortShape, seed: int, drawn: Drawn, candidates: int) -> IntArray:
    """The acceptable pairs as sorted codes: mentor index · mentees + mentee index."""
    mentors, mentees = drawn.mentors, drawn.mentees
    counts = np.full(mentors.size, candidates)
    stream = Stream(seed, "candidates")
    market = Market(mentees.wanted, mentors.latent, mentees.latent, shape.correlation)
    more = choose(stream, counts, market)
    shortlisted = Choices(more, np.zeros(more.shape, dtype=bool))
    codes = np.unique(
        np.concatenate(
            [
                drawn.mentor_choices.codes(True, mentees.size),
                drawn.mentee_choices.codes(False, mentees.size),
                shortlisted.codes(True, mentees.size),
            ]
        )
    )
    codes = codes[~np.isin(codes, drawn.barred.codes(mentees.size))]
    mentor, mentee = np.divmod(codes, mentees.size)
    together = mentors.employer[mentor] == mentees.employer[mentee]
    together &= mentors.specialty[mentor] == mentees.specialty[mentee]
    return np.asarray(codes[~together])


def _side_scores(drawn: Drawn, mentor: IntArray, mentee: IntArray) -> tuple[IntArray, IntArray]:
    """(mentor's, mentee's) score of each pair, 0–10 000."""
    chosen = _chosen(drawn.mentor_choices, mentor, mentee)
    also = _chosen(drawn.mentee_choices, mentee, mentor)
    topics = _topics(drawn.mentors, drawn.mentees, mentor, mentee)
    offered = _topics(drawn.mentees, drawn.mentors, mentee, mentor)
    return (chosen + topics) // 2, (also + offered) // 2


def _places(named: Choices, person: IntArray, other: IntArray) -> IntArray:
    """The place of each person's partner among their choices from 1, ties sharing; 0: not named."""
    places = np.cumsum(~named.tied, axis=1)
    found = np.zeros(len(person), dtype=np.int64)
    for column in range(named.others.shape[1]):
        here = named.others[person, column] == other
        found[here] = places[person[here], column]
    return found


def _chosen(named: Choices, person: IntArray, other: IntArray) -> IntArray:
    most = max(1, named.others.shape[1])
    place = _places(named, person, other)
    return np.where(place > 0, 10_000 * (most + 1 - place) // most, 0)


def _topics(side: Side, others: Side, person: IntArray, other: IntArray) -> IntArray:
    """How many of the wanted topics the other offers, of 10 000; 0 where none is wanted."""
    wants, offers = _bits(side.wants), _bits(others.offers)
    wanted = np.bitwise_count(wants[person]).astype(np.int64)
    shared = np.bitwise_count(wants[person] & offers[other]).astype(np.int64)
    return np.asarray(10_000 * shared // np.maximum(1, wanted))


def _bits(topics: IntArray) -> IntArray:
    bits = np.where(topics == NOBODY, 0, np.left_shift(1, np.maximum(topics, 0)))
    return np.asarray(bits.sum(axis=1), dtype=np.int64)


def _ranks(named: Choices, person: IntArray, other: IntArray, score: IntArray) -> IntArray:
    place = _places(named, person, other)
    after = named.others.shape[1] + 1 + (10_000 - score) // _BAND
    return np.where(place > 0, place, after)
