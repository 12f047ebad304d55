"""Parts of an instance that share nobody are solved apart, and put together again.

Where every level is a sum over the parts (or, for vectors, a sum of counts), the best of the whole
is the best of every part: orders of objectives compare integer vectors from the left, and adding
vectors keeps such an order. Quotas tie parts together, and so do the larger of two sums, their
difference, and a worst rank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rmatch.instance import PAIR_ARRAYS, PERSON_ARRAYS, Instance, IntArray

NOT_A_SUM = frozenset({"prices", "min_regret", "balanced", "side_equal"})
"""Levels of a whole that are not the sum of those of its parts."""

WORTH_IT = 1_000
"""Pairs below which parts are solved together: a search of their own would cost more."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part: its instance, and which of the whole's pairs its pairs are."""

    instance: Instance
    pairs: IntArray


def parts_of(instance: Instance, levels: Sequence[str]) -> list[Part]:
    """The parts to solve apart, largest first; the instance alone where that would not do."""
    whole = [Part(instance, np.arange(instance.n_pairs))]
    if instance.quotas or NOT_A_SUM & set(levels) or instance.n_pairs < 2 * WORTH_IT:
        return whole
    groups = list(_groups(labels(instance)))
    return whole if len(groups) == 1 else [_part(instance, pairs) for pairs in groups]


def labels(instance: Instance) -> IntArray:
    """(E,) the part that each pair belongs to: the least of its people's numbers."""
    label = np.arange(instance.n_mentors + instance.n_mentees)
    ends = instance.mentor, instance.n_mentors + instance.mentee
    while True:
        least = np.minimum(label[ends[0]], label[ends[1]])
        before = label.copy()
        for end in ends:
            np.minimum.at(label, end, least)
        label = label[label]
        if np.array_equal(before, label):
            return label[instance.mentor]


def _groups(label: IntArray) -> Iterator[IntArray]:
    """The pairs of every large part, and those of the small ones a good number at a time."""
    order = np.argsort(label, kind="stable")
    starts = np.flatnonzero(np.diff(label[order], prepend=-1))
    parts = np.split(order, starts[1:]) if len(order) else []
    together: list[IntArray] = []
    for part in sorted(parts, key=len, reverse=True):
        together.append(part)
        if sum(map(len, together)) >= WORTH_IT:
            yield np.sort(np.concatenate(together))
            together = []
    if together:
        yield np.sort(np.concatenate(together))


def _part(instance: Instance, pairs: IntArray) -> Part:
    """The instance of some pairs and their people; ranks stay dense, nobody's list is cut."""
    mentors, mentor = np.unique(instance.mentor[pairs], return_inverse=True)
    mentees, mentee = np.unique(instance.mentee[pairs], return_inverse=True)
    columns = {name: getattr(instance, name)[pairs] for name in PAIR_ARRAYS}
    people = {
        name: getattr(instance, name)[mentors if name.startswith("mentor") else mentees]
        for name in PERSON_ARRAYS
    }
    part = Instance.from_pairs(
        **{**columns, "mentor": mentor, "mentee": mentee},
        **people,
        mentor_ids=[instance.mentor_ids[i] for i in mentors.tolist()],
        mentee_ids=[instance.mentee_ids[j] for j in mentees.tolist()],
        stated=instance.stated,
        stability=instance.stability,
    )
    return Part(part, pairs)
