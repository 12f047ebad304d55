"""Pairs that somebody stated: they are candidates wherever they would stand in a list."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rmatch.instance import IntArray
from rmatch.programme.settings import PAIR_LISTS, Settings
from rmatch.scoring.people import People

_MADE = tuple(name for name in PAIR_LISTS if name != "must_not_pair")


def stated_pairs(people: People, settings: Settings) -> tuple[IntArray, IntArray]:
    """(mentor, mentee) indices of every choice of either side, and of pairs that the settings name.

    Those that must be made, that were made before, and that have a waiver. Some come twice.
    """
    found = np.array([*_chosen(people), *_named(people, settings)], dtype=np.int64).reshape(-1, 2)
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
