"""What is averaged over: a value a strategy and cohort (or lot), where all can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from rmatch.comparing.records import Ended, Metric, Run

FloatArray = npt.NDArray[np.float64]
Kind = Literal["cohort", "lot"]

MADE: frozenset[Ended] = frozenset(("optimal", "feasible"))
"""How a run ended that made a matching."""


def _not_measured(_: object) -> None:
    """Solving was timed by whoever solved."""


SECONDS = Metric(
    "seconds",
    "seconds to solve",
    "How long solving took on this machine, without scoring and checking.",
    "less",
    "seconds",
    _not_measured,
)
"""The time, shown beside the metrics of a matching."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """The values of every metric, paired: a column is the same cohort (or lot) for all strategies.

    Attributes:
        kind: What a column is: a cohort, its value the mean over its seeds; or a lot, which is a
            seed, where there is one cohort.
        made: The strategies that made a matching anywhere, in order: the rows.
        units: The cohorts or lots in which all of these made one: the columns.
        left_out: Those in which one of them did not.
        values: Metric's name → (strategies, units), scores as people see them; not a number where
            a metric has no meaning.
    """

    kind: Kind
    made: tuple[str, ...]
    units: tuple[str, ...]
    left_out: tuple[str, ...]
    values: Mapping[str, FloatArray]

    def of(self, metric: str) -> tuple[tuple[str, ...], FloatArray]:
        """The strategies that have the metric anywhere, and their values where all of them do."""
        values = self.values[metric]
        known = ~np.isnan(values)
        rows = np.asarray(known.any(axis=1))
        kept = values[rows][:, known[rows].all(axis=0)]
        return tuple(name for name, has in zip(self.made, rows, strict=True) if has), kept


def samples_of(
    runs: Sequence[Run],
    metrics: Sequence[Metric],
    strategies: Sequence[str],
    cases: Sequence[str],
) -> Samples:
    """The runs as paired samples.

    Args:
        runs: Of every strategy on every case, with the same seeds for all that compete on it.
        metrics: What was measured.
        strategies: In the order of the rows.
        cases: With several, they are the units; with one, the seeds are.
    """
    found = {(run.strategy, run.case, run.seed): run for run in runs if run.ended in MADE}
    made = tuple(one for one in strategies if any(name == one for name, _, _ in found))
    kind: Kind = "cohort" if len(cases) > 1 else "lot"
    groups = _groups(runs, kind)
    whole = {
        unit: keys
        for unit, keys in groups.items()
        if made and all((name, *key) in found for name in made for key in keys)
    }
    shape = (len(made), len(whole))
    return Samples(
        kind,
        made,
        tuple(whole),
        tuple(unit for unit in groups if unit not in whole),
        {
            metric.name: np.array(
                [
                    [_mean([seen(found[name, *key], metric) for key in keys])]
                    for name in made
                    for keys in whole.values()
                ],
                dtype=np.float64,
            ).reshape(shape)
            for metric in (*metrics, SECONDS)
        },
    )


def _groups(runs: Sequence[Run], kind: Kind) -> dict[str, list[tuple[str, int]]]:
    """Unit → the cases and seeds that its value is the mean of, in the order of the runs."""
    found: dict[str, dict[tuple[str, int], None]] = {}
    for run in runs:
        unit = run.case if kind == "cohort" else str(run.seed)
        found.setdefault(unit, {})[run.case, run.seed] = None
    return {unit: list(keys) for unit, keys in found.items()}


def seen(run: Run, metric: Metric) -> float | None:
    """A metric's value of a run, a score as people see it; ``None`` where there is none."""
    if metric is SECONDS:
        return run.seconds
    value = run.values.get(metric.name)
    return value / 100 if value is not None and run.points and metric.unit == "score" else value


def _mean(values: Sequence[float | None]) -> float:
    """Not a number where one of them is missing: a mean of the others would compare unlike."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else float("nan")
