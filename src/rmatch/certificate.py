"""Certificates: integers that prove a solution's levels, for anyone to check without a solver.

Both are about what is left once the pairs that must be made are made: the places they leave, and
the acceptable pairs of people who have one (docs/certificates.md says how to check them by hand).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cut:
    """People of whom every pair needs one: no matching has more pairs than they have places.

    Acceptable pairs without any of them count one each, beside their places. A matching with as
    many pairs as that is the largest (König, 1931; with capacities, Ford and Fulkerson, 1956).

    Attributes:
        mentors: indices of the mentors covered, ascending.
        mentees: indices of the mentees covered, ascending.
    """

    mentors: tuple[int, ...]
    mentees: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Prices:
    """What a place of everybody costs at some of the levels, which are linear sums.

    A vector a person, in the order of ``levels`` and compared from the left. What no matching can
    be worth more than is the sum of what places cost and of what pairs are worth beyond both their
    places, where those are more than nothing. A matching worth exactly that is best at all of these
    levels (linear programming duality, over integer vectors in their lexicographic order), whatever
    else a matching must keep.

    Attributes:
        levels: names of the levels, in the order in which they were decided.
        mentors: (n,) vectors of integers.
        mentees: (m,) vectors of integers.
    """

    levels: tuple[str, ...]
    mentors: tuple[tuple[int, ...], ...] = field(repr=False)
    mentees: tuple[tuple[int, ...], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What there is of evidence; levels with neither are counted, or reported and not checked."""

    cut: Cut | None = None
    prices: Prices | None = None
