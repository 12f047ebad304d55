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
        true = both(self.true, other.true)
        possible = both(either(self.true, self.unknown), either(other.true, other.unknown))
        return Verdict(true, but(possible, true))

    def __or__(self, other: Verdict) -> Verdict:
        true = either(self.true, other.true)
        return Verdict(true, but(either(self.unknown, other.unknown), true))

    @classmethod
    def where(cls, true: BoolArray) -> Verdict:
        """A condition that is always known."""
        return cls(true, np.zeros_like(true))

    @classmethod
    def certain(cls, true: BoolArray) -> Verdict:
        """The same, with a lone "no" that broadcasts."""
        return cls(true, np.zeros((1,) * true.ndim, dtype=bool))


# NumPy is ten times as fast at bytes as at truths where one side of two is broadcast.


def either(one: BoolArray, other: BoolArray) -> BoolArray:
    """Where one or the other is true."""
    return np.bitwise_or(one.view(np.uint8), other.view(np.uint8)).view(np.bool_)


def both(one: BoolArray, other: BoolArray) -> BoolArray:
    """Where one and the other are true."""
    return np.bitwise_and(one.view(np.uint8), other.view(np.uint8)).view(np.bool_)


def but(one: BoolArray, other: BoolArray) -> BoolArray:
    """Where one is true and the other is not."""
    found: BoolArray = np.greater(one.view(np.uint8), other.view(np.uint8))
    return found
