"""A comparison as data frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rmatch.comparing.estimates import Estimate, Interval, PairedDifference
from rmatch.comparing.records import Metric, Run
from rmatch.comparing.samples import seen
from rmatch.reporting.frames import frame

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("case", "seed", "strategy", "ended", "seconds", "note")
"""Of the frame of runs, beside the metrics."""
_ESTIMATE = ("strategy", "metric", "n", "mean", "low", "high")
_DIFFERENCE = (
    *("difference", "difference_low", "difference_high"),
    *("better", "equal", "worse", "better_low", "better_high"),
)


def runs_frame(runs: Iterable[Run], metrics: Sequence[Metric]) -> pd.DataFrame:
    """One row a run."""
    names = [metric.name for metric in metrics]
    records: list[dict[str, object]] = [
        {
            "case": run.case,
            "seed": run.seed,
            "strategy": run.strategy,
            "ended": run.ended,
            **{metric.name: seen(run, metric) for metric in metrics},
            "seconds": run.seconds,
            "note": run.note,
        }
        for run in runs
    ]
    return frame(records, ["case", "seed", "strategy", "ended", *names, "seconds", "note"])


def summary_frame(estimates: Iterable[Estimate]) -> pd.DataFrame:
    """One row a strategy and metric."""
    return frame([summary_record(one) for one in estimates], [*_ESTIMATE, *_DIFFERENCE])


def summary_record(one: Estimate) -> dict[str, object]:
    """An estimate and its difference, flat."""
    low, high = _ends(one.interval)
    values = (one.strategy, one.metric, one.n, one.mean, low, high)
    return {**dict(zip(_ESTIMATE, values, strict=True)), **_difference(one.difference)}


def _difference(found: PairedDifference | None) -> dict[str, object]:
    if found is None:
        return dict.fromkeys(_DIFFERENCE)
    values = (
        *(found.mean, *_ends(found.interval)),
        *(found.better, found.equal, found.worse, *_ends(found.better_share)),
    )
    return dict(zip(_DIFFERENCE, values, strict=True))


def _ends(interval: Interval | None) -> tuple[float | None, float | None]:
    return interval or (None, None)
