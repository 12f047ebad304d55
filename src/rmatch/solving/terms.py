"""What a linear level adds up: weights of pairs, and of people who have a partner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray


@dataclass(frozen=True, slots=True)
class Terms:
    """A sum over a matching, always to be made *most*.

    pair: (E,) weight of each pair; mentor, mentee: (n,), (m,) weight of each person with a partner.
    """

    pair: IntArray
    mentor: IntArray
    mentee: IntArray

    def worth(self, instance: Instance, chosen: IntArray) -> int:
        """The sum at a matching."""
        mentors = np.unique(instance.mentor[chosen])
        mentees = np.unique(instance.mentee[chosen])
        return int(
            self.pair[chosen].sum() + self.mentor[mentors].sum() + self.mentee[mentees].sum()
        )

    def as_pairs(self, instance: Instance) -> IntArray | None:
        """(E,) the same sum over pairs alone; ``None`` where people with several places count."""
        mentor, mentee = self.mentor[instance.mentor], self.mentee[instance.mentee]
        several_mentor = instance.mentor_capacity[instance.mentor] > 1
        several_mentee = instance.mentee_capacity[instance.mentee] > 1
        if mentor[several_mentor].any() or mentee[several_mentee].any():
            return None
        return self.pair + mentor + mentee

    def only(self, keep: BoolArray) -> Terms:
        """The same terms over some of the pairs."""
        return Terms(self.pair[keep], self.mentor, self.mentee)


def pair_terms(instance: Instance, pair: IntArray) -> Terms:
    """A sum of which only pairs are part."""
    return Terms(
        pair=pair.astype(np.int64),
        mentor=np.zeros(instance.n_mentors, dtype=np.int64),
        mentee=np.zeros(instance.n_mentees, dtype=np.int64),
    )


def different(sums: Iterable[Terms], instance: Instance) -> Iterator[Terms]:
    """Sums without those that only count pairs once more; with one place each, people are twice it.

    What is nothing for every pair is left out too.
    """
    is_counted = False
    for terms in sums:
        weights = terms.as_pairs(instance)
        is_even = weights is not None and (len(weights) == 0 or bool(np.ptp(weights) == 0))
        is_nothing = is_even and not np.any(weights)
        if not is_nothing and not (is_even and is_counted):
            yield terms
        is_counted = is_counted or (is_even and not is_nothing)
