"""Three-valued facts about many pairs at once: true, false, unknown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rmatch.instance import BoolArray


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a condition is true, and where it cannot be known.

    Of the cells that were asked about, or broadcasting to them; a rule of a user's own gives (n, m)
    arrays.
    """

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

    @classmethod
    def certain(cls, true: BoolArray) -> Verdict:
        """The same, with a lone "no" that broadcasts."""
        return cls(true, np.zeros((1,) * true.ndim, dtype=bool))
