"""95 % intervals: the one door to scipy.

Rates have Wilson's interval, which UK public health uses for rates of few people: it holds its
level on average where the exact one is needlessly wide (Brown, Cai and DasGupta, *Interval
Estimation for a Binomial Proportion*, 2001). Means have Student's: a bootstrap, BCa included, is
too narrow for ten to thirty people (Hesterberg, *What Teachers Should Know about the Bootstrap*,
2015), and would need a seed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, stdev
from typing import Any

from rmatch.errors import MissingExtraError

LEVEL = 0.95
Interval = tuple[float, float]


def open_stats() -> Any:
    """The package ``scipy.stats``, or the error that says how to install it."""
    try:
        from scipy import stats  # type: ignore[import-untyped]
    except ImportError:
        stats = None
    if stats is None:
        raise MissingExtraError("scipy", "equity", "the equity report")
    return stats


def rate_interval(count: int, of: int) -> Interval:
    """Wilson's interval of a rate, in shares of 1; ``of`` is at least 1."""
    found = open_stats().binomtest(count, of).proportion_ci(LEVEL, method="wilson")
    return float(found.low), float(found.high)


def mean_interval(values: Sequence[float]) -> Interval:
    """Student's interval of a mean; a point where all of the (two or more) are equal."""
    mean, error = fmean(values), stdev(values) / math.sqrt(len(values))
    if error == 0:
        return mean, mean
    low, high = open_stats().t.interval(LEVEL, len(values) - 1, loc=mean, scale=error)
    return float(low), float(high)
