"""Matchings near others, no larger and as good at what is held: two people change partners.

Where everybody has one place, a matching is a permutation: a row for every mentor and for every
mentee without a partner, a column for every mentee and for every mentor without one. Exchanging the
columns of two rows is every way for two mentors to change partners, or for one to go to somebody
free or to nobody. All exchanges of many matchings are weighed at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray, Stability
from rmatch.solving.terms import Terms

NOBODY = 2**31 - 1
"""The rank of having no partner: below that of everybody."""


@dataclass(frozen=True, slots=True)
class Exchanges:
    """The cells of permutations, rows by columns, and what matchings must keep.

    Attributes:
        instance: Everybody on it has one place.
        pair: (N, N) the index of the acceptable pair there; −1 where there is none.
        allowed: (N, N) whether a matching may hold the cell: an empty one, or a pair in question.
        ranks: (N, N) twice: the mentor's rank of the mentee and the other way round.
        sums: (N, N) what each cell is worth in a sum, and how much it must come to.
    """

    instance: Instance
    pair: IntArray
    allowed: BoolArray
    ranks: tuple[IntArray, IntArray]
    sums: tuple[tuple[IntArray, int], ...]

    @classmethod
    def of(
        cls, instance: Instance, size: int, alive: BoolArray, held: Iterable[tuple[Terms, int]]
    ) -> Exchanges:
        """The exchanges of matchings of so many pairs.

        Args:
            instance: One place a person, no hard quotas.
            size: How many pairs the matchings have.
            alive: (E,) which pairs they may hold.
            held: Sums, and what they must come to at least.
        """
        n, m = instance.n_mentors, instance.n_mentees
        shape = (n + m - size,) * 2
        at = instance.mentor, instance.mentee
        pair = np.full(shape, -1, dtype=np.int64)
        pair[at] = np.arange(instance.n_pairs)
        allowed = np.ones(shape, dtype=bool)
        allowed[:n, :m] = False
        allowed[at] = alive
        ranks = np.full(shape, NOBODY, dtype=np.int64), np.full(shape, NOBODY, dtype=np.int64)
        ranks[0][at], ranks[1][at] = instance.mentor_rank, instance.mentee_rank
        sums = []
        for terms, least in held:
            worth = np.zeros(shape, dtype=np.int64)
            worth[at] = terms.pair + terms.mentor[at[0]] + terms.mentee[at[1]]
            sums.append((worth, least))
        return cls(instance, pair, allowed, ranks, tuple(sums))

    def permutation(self, chosen: IntArray) -> IntArray:
        """(N,) the column of each row in a matching."""
        columns = np.full(len(self.pair), -1, dtype=np.int64)
        columns[self.instance.mentor[chosen]] = self.instance.mentee[chosen]
        columns[columns < 0] = np.setdiff1d(np.arange(len(columns)), columns)
        return columns

    def pairs_of(self, matchings: IntArray) -> IntArray:
        """(matchings, N) the pairs of matchings; −1 where a row has none."""
        return self.pair[np.arange(len(self.pair)), matchings]

    def around(self, matchings: IntArray) -> IntArray:
        """(found, N) every matching that is one exchange away from one of these, and may be had."""
        one, other = np.triu_indices(len(self.pair), 1)
        of_mentors = one < self.instance.n_mentors
        one, other = one[of_mentors], other[of_mentors]
        may = self.allowed[one, matchings[:, other]] & self.allowed[other, matchings[:, one]]
        origin, move = np.nonzero(may)
        found = matchings[origin]
        turn = np.arange(len(found))
        found[turn, one[move]] = matchings[origin, other[move]]
        found[turn, other[move]] = matchings[origin, one[move]]
        rows = np.arange(len(self.pair))
        for worth, least in self.sums:
            found = found[worth[rows, found].sum(axis=1) >= least]
        return found

    def blocking(self, matchings: IntArray) -> IntArray:
        """(matchings,) how many pairs block each, as ``properties.stability`` defines."""
        instance = self.instance
        rows = np.arange(len(self.pair))
        has_mentor = self.ranks[0][rows, matchings]
        has_mentee = np.empty_like(matchings)
        np.put_along_axis(has_mentee, matchings, self.ranks[1][rows, matchings], axis=1)
        held_mentor = has_mentor[:, instance.mentor]
        held_mentee = has_mentee[:, instance.mentee]
        blocks = _blocks(
            instance.stability,
            (instance.mentor_rank < held_mentor, instance.mentee_rank < held_mentee),
            (instance.mentor_rank <= held_mentor, instance.mentee_rank <= held_mentee),
        )
        count: IntArray = blocks.sum(axis=1)
        # Under super stability whoever is matched is at least indifferent to each other.
        made = (self.pairs_of(matchings) >= 0).sum(axis=1)
        return count - made if instance.stability == "super" else count


def _blocks(
    stability: Stability, wants: tuple[BoolArray, BoolArray], may: tuple[BoolArray, BoolArray]
) -> BoolArray:
    """(matchings, E) whether pairs block; those made among them where both need not want to."""
    if stability == "weak":
        return wants[0] & wants[1]
    if stability == "super":
        return may[0] & may[1]
    return (wants[0] & may[1]) | (may[0] & wants[1])
