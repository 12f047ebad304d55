"""Means that say how sure they are: a BCa bootstrap interval over instances (Efron, 1987)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 2_000
CONFIDENCE = 0.95
FEWEST = 5
"""Values from which resampling says anything."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over instances with its interval.

    Attributes:
        mean: Of the values.
        low: End of the 95 % interval; ``None`` with fewer than five values.
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
    from scipy import stats  # noqa: PLC0415 - loads in 0.8 s

    sample = np.asarray(values, dtype=float)
    middle = float(sample.mean())
    if len(sample) < FEWEST:
        return Mean(middle, None, None, len(sample))
    if np.ptp(sample) == 0:
        return Mean(middle, middle, middle, len(sample))
    with warnings.catch_warnings():
        # A sample of hardly more than one value leaves BCa undefined; the percentiles do then.
        warnings.simplefilter("ignore")
        for method in ("BCa", "percentile"):
            ends = stats.bootstrap(
                (sample,),
                np.mean,
                n_resamples=RESAMPLES,
                confidence_level=CONFIDENCE,
                method=method,
                rng=np.random.default_rng(0),
            ).confidence_interval
            if np.isfinite([ends.low, ends.high]).all():
                break
    return Mean(middle, float(ends.low), float(ends.high), len(sample))
