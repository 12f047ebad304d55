"""Three-valued facts about every pair at once: true, false, unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rmatch.instance import BoolArray, IntArray


@dataclass(frozen=True, slots=True)
class Verdict:
    """(n, m) arrays: where a condition is true, and where it cannot be known."""

    true: BoolArray
    unknown: BoolArray

    def __and__(self, other: Verdict) -> Verdict:
        true = self.true & other.true
        possible = (self.true | self.unknown) & (other.true | other.unknown)
        return Verdict(true, possible & ~true)

    def __or__(self, other: Verdict) -> Verdict:
        true = self.true | other.true
        return Verdict(true, (self.unknown | other.unknown) & ~true)

    @classmethod
    def where(cls, true: BoolArray) -> Verdict:
        """A condition that is always known."""
        return cls(true, np.zeros_like(true))


def equal(mentor: IntArray, mentee: IntArray) -> Verdict:
    """Whether codes are the same, unknown where either is missing (negative)."""
    known = (mentor >= 0)[:, None] & (mentee >= 0)[None, :]
    return Verdict(known & (mentor[:, None] == mentee[None, :]), ~known)


def pairs_mask(shape: tuple[int, int], pairs: Iterable[tuple[int, int]]) -> BoolArray:
    """(n, m) array, true at the given pairs of indices."""
    mask = np.zeros(shape, dtype=bool)
    index = list(pairs)
    if index:
        rows, columns = zip(*index, strict=True)
        mask[list(rows), list(columns)] = True
    return mask
