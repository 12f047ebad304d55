"""Means that say how sure they are: a BCa bootstrap interval over instances (Efron, 1987)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rmatch.comparing.statistics import mean_intervals


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over instances with its interval.

    Attributes:
        mean: Of the values.
        low: End of the 95 % interval; ``None`` with fewer than ten values.
        high: The other end.
        count: How many values there are.
    """

    mean: float
    low: float | None
    high: float | None
    count: int

    def shown(self, digits: int = 1, factor: float = 1.0) -> str:
        """For a table."""
        middle = f"{self.mean * factor:.{digits}f}"
        if self.low is None or self.high is None:
            return f"{middle} (of {self.count})"
        if self.low == self.high:
            return f"{middle} (always)"
        return f"{middle} ({self.low * factor:.{digits}f} to {self.high * factor:.{digits}f})"


def mean_of(values: Sequence[float]) -> Mean:
    """The mean; an interval of no width where all values are equal."""
    sample = np.asarray(values, dtype=float)
    low, high = (float(end) for end in mean_intervals(sample[None, :])[0])
    known = not math.isnan(low)
    return Mean(float(sample.mean()), low if known else None, high if known else None, len(sample))
