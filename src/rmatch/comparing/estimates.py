"""What every strategy comes to at every metric, and beside a baseline, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rmatch.comparing.records import Better, Metric
from rmatch.comparing.samples import FloatArray, Samples
from rmatch.comparing.statistics import DIGITS, FEWEST, mean_intervals, share_interval

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """A strategy beside the baseline, unit by unit.

    Attributes:
        mean: Of the strategy's value less the baseline's.
        interval: Of this mean; ``None`` where there are too few units.
        better: In how many units the strategy's value is the better one; ``None`` where which way
            is better is for people to judge.
        equal: In how many both are the same.
        worse: In how many it is the worse one; ``None`` as above.
        better_share: Exact interval of the share in which it is better; ``None`` where there are
            too few units, or nothing is better.
    """

    mean: float
    interval: Interval | None
    better: int | None
    equal: int
    worse: int | None
    better_share: Interval | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A strategy's mean at a metric.

    Attributes:
        strategy: Whose.
        metric: Of what.
        n: Over how many cohorts or lots.
        mean: Scores as people see them.
        interval: 95 %; ``None`` where there are too few units.
        difference: Beside the baseline; ``None`` for the baseline itself, and where it has none.
    """

    strategy: str
    metric: str
    n: int
    mean: float
    interval: Interval | None
    difference: PairedDifference | None


@dataclass(frozen=True, slots=True)
class _Rows:
    """A metric's rows: every strategy's values, and what each is more than the baseline's."""

    metric: Metric
    strategies: tuple[str, ...]
    values: FloatArray
    gains: FloatArray | None


def estimates(
    samples: Samples, metrics: Sequence[Metric], baseline: str
) -> dict[tuple[str, str], Estimate]:
    """Strategy and metric → what it comes to; nothing where a metric has no value anywhere.

    Raises:
        MissingExtraError: there are units enough for intervals, and scipy is not installed.
    """
    tables = [one for metric in metrics if (one := _rows(samples, metric, baseline)) is not None]
    intervals = _all_intervals(tables)
    return {
        (name, table.metric.name): _estimate(table, k, name, baseline, intervals)
        for table in tables
        for k, name in enumerate(table.strategies)
    }


def _rows(samples: Samples, metric: Metric, baseline: str) -> _Rows | None:
    strategies, values = samples.of(metric.name)
    if not values.size:
        return None
    gains = None
    if baseline in strategies:
        gains = (values - values[strategies.index(baseline)]).round(DIGITS)
    return _Rows(metric, strategies, values, gains)


_Key = tuple[str, str, bool]
"""Metric, strategy, and whether it is the gain that the interval is of."""


def _all_intervals(tables: Sequence[_Rows]) -> dict[_Key, Interval | None]:
    """Of all rows with as many units at once: they share what is drawn."""
    keys: dict[int, list[_Key]] = {}
    rows: dict[int, list[FloatArray]] = {}
    for table in tables:
        for is_gain, values in ((False, table.values), (True, table.gains)):
            if values is not None:
                names = [(table.metric.name, name, is_gain) for name in table.strategies]
                keys.setdefault(values.shape[1], []).extend(names)
                rows.setdefault(values.shape[1], []).append(values)
    found: dict[_Key, Interval | None] = {}
    for units, named in keys.items():
        limits = mean_intervals(np.concatenate(rows[units])).tolist()
        for key, (low, high) in zip(named, limits, strict=True):
            found[key] = None if units < FEWEST else (low, high)
    return found


def _estimate(
    table: _Rows, row: int, name: str, baseline: str, intervals: dict[_Key, Interval | None]
) -> Estimate:
    metric, values = table.metric, table.values[row]
    difference = None
    if table.gains is not None and name != baseline:
        interval = intervals[metric.name, name, True]
        difference = _difference(table.gains[row], metric.better, interval)
    return Estimate(
        name,
        metric.name,
        len(values),
        float(values.mean()),
        intervals[metric.name, name, False],
        difference,
    )


def _difference(gains: FloatArray, way: Better, interval: Interval | None) -> PairedDifference:
    more, less = int((gains > 0).sum()), int((gains < 0).sum())
    equal, mean = len(gains) - more - less, float(gains.mean())
    if way == "neither":
        return PairedDifference(mean, interval, None, equal, None, None)
    better, worse = (more, less) if way == "more" else (less, more)
    share = share_interval(better, len(gains)) if len(gains) >= FEWEST else None
    return PairedDifference(mean, interval, better, equal, worse, share)
