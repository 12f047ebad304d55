"""Pairs that somebody stated: they are candidates wherever they would stand in a list."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rmatch.instance import IntArray
from rmatch.programme.settings import PAIR_LISTS, Settings
from rmatch.scoring.people import People

_MADE = tuple(name for name in PAIR_LISTS if name != "must_not_pair")


def chosen_pairs(people: People) -> tuple[IntArray, IntArray]:
    """(mentor, mentee) indices of every choice of either side; some come twice."""
    return _indices(_chosen(people))


def named_in(settings: Settings, people: People) -> tuple[IntArray, IntArray]:
    """(mentor, mentee) indices of pairs that the settings name; some come twice.

    Those that must be made, that were made before, and that have a waiver.
    """
    return _indices(_named(people, settings))


def _indices(pairs: Iterator[tuple[int, int]]) -> tuple[IntArray, IntArray]:
    found = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _chosen(people: People) -> Iterator[tuple[int, int]]:
    for i, person in enumerate(people.mentors):
        yield from ((i, people.mentee_index[name]) for group in person.choices for name in group)
    for j, person in enumerate(people.mentees):
        yield from ((people.mentor_index[name], j) for group in person.choices for name in group)


def _named(people: People, settings: Settings) -> Iterator[tuple[int, int]]:
    named = [pair for name in _MADE for pair in getattr(settings, name)]
    named += [(mentor, mentee) for mentor, mentee, _ in settings.waivers]
    yield from ((people.mentor_index[one], people.mentee_index[other]) for one, other in named)
