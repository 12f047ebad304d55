"""95 % intervals of means and of shares: the one door to scipy here.

Means have the bias-corrected and accelerated bootstrap (Efron, *Better Bootstrap Confidence
Intervals*, 1987), which assumes no shape of counts, shares and ranks. The same resampled units
serve all rows of a table, so that a thousand cohorts take a second; every row's interval is what
``scipy.stats.bootstrap`` gives for it alone. Shares have the exact interval of Clopper and Pearson
(*The Use of Confidence or Fiducial Limits*, 1934).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from rmatch.errors import MissingExtraError

FloatArray = npt.NDArray[np.float64]

LEVEL = 0.95
FEWEST = 10
"""Over fewer units than this no interval is given: it would look surer than it is."""
RESAMPLES = 9_999
DRAWN = 20_000_000
"""About so many units are drawn at most: of very many cohorts, fewer resamples are enough."""
BATCH = 500
"""So many resamples are in memory at a time."""
SEED = 2027
DIGITS = 9
"""Means equal to so many digits are the same: sums taken in another order differ in the last."""


def open_stats() -> Any:
    """The package ``scipy.stats``, or the error that says how to install it."""
    try:
        from scipy import stats  # type: ignore[import-untyped]
    except ImportError:
        stats = None
    if stats is None:
        raise MissingExtraError("scipy", "compare", "intervals over cohorts or seeds")
    return stats


def mean_intervals(rows: FloatArray) -> FloatArray:
    """The interval of each row's mean.

    Args:
        rows: (rows, units), no value missing.

    Returns:
        (rows, 2) low and high; a point where all units are equal, not a number where there are
        fewer than ``FEWEST`` units.
    """
    count, units = rows.shape
    found = np.full((count, 2), np.nan)
    if units < FEWEST:
        return found
    equal = np.ptp(rows, axis=1) == 0
    found[equal] = rows[equal, :1]
    if not equal.all():
        found[~equal] = _bootstrapped(rows[~equal])
    return found


def share_interval(count: int, of: int) -> tuple[float, float]:
    """Clopper and Pearson's interval of ``count`` in ``of``; ``of`` is at least 1."""
    found = open_stats().binomtest(count, of).proportion_ci(LEVEL, method="exact")
    return float(found.low), float(found.high)


def _bootstrapped(rows: FloatArray) -> FloatArray:
    """(rows, 2) of rows that are not all equal."""
    low, high = _interval(rows, "BCa")
    # Where nearly all units are equal, no resample may lie beyond the mean: no BCa.
    lost = np.isnan(low) | np.isnan(high)
    if lost.any():
        low[lost], high[lost] = _interval(rows[lost], "percentile")
    return np.stack([low, high], axis=1)


def _interval(rows: FloatArray, method: str) -> tuple[FloatArray, FloatArray]:
    units = rows.shape[1]

    def means(drawn: npt.NDArray[np.int64], axis: int = -1) -> FloatArray:
        """(rows, …) means of the units drawn: how often each is, times its value."""
        del axis  # always the last
        flat = drawn.reshape(-1, drawn.shape[-1])
        which = flat + units * np.arange(len(flat))[:, None]
        often = np.bincount(which.ravel(), minlength=len(flat) * units).reshape(-1, units)
        found = rows @ often.T.astype(np.float64) / drawn.shape[-1]
        return np.asarray(found.round(DIGITS).reshape(len(rows), *drawn.shape[:-1]))

    import warnings

    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore")  # of degenerate rows, which are told by what they lack
        interval = (
            open_stats()
            .bootstrap(
                (np.arange(units),),
                means,
                n_resamples=min(RESAMPLES, max(999, DRAWN // units)),
                batch=BATCH,
                vectorized=True,
                confidence_level=LEVEL,
                method=method,
                rng=np.random.default_rng(SEED),
            )
            .confidence_interval
        )
    return np.array(interval.low), np.array(interval.high)
