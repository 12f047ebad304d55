"""What a comparison of strategies comes to: a façade, whose methods forward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rmatch.comparing import frames
from rmatch.comparing.estimates import Estimate, estimates
from rmatch.comparing.html import comparison_html
from rmatch.comparing.plot import comparison_chart
from rmatch.comparing.records import Metric, Run
from rmatch.comparing.samples import SECONDS, Samples, samples_of
from rmatch.comparing.shown import Shown
from rmatch.comparing.text import comparison_text
from rmatch.reporting.wrapping import WIDTH

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from rmatch.matching import Matching

BASELINE = "stable"
"""Where it is compared, the others are set beside it unless another is named."""


@dataclass(frozen=True, repr=False)
class Comparison:
    """Strategies side by side; ``str()`` and a notebook show a table, ``plot()`` a picture.

    Attributes:
        runs: Every strategy on every case with every seed.
        metrics: What was measured; the seconds of solving are shown beside them.
        strategies: As they are called here, in order.
        cases: The cohorts or instances, by name.
        seeds: Of ties and lots.
        notices: What should be known of the whole.
        matchings: Strategy → its matching with the first seed, where there is one case.
    """

    runs: tuple[Run, ...]
    metrics: tuple[Metric, ...]
    strategies: tuple[str, ...]
    cases: tuple[str, ...]
    seeds: tuple[int, ...]
    notices: tuple[str, ...] = ()
    matchings: Mapping[str, Matching] = field(default_factory=dict, compare=False)

    def __getitem__(self, strategy: str) -> Matching:
        try:
            return self.matchings[strategy]
        except KeyError:
            kept = ", ".join(self.matchings) or "none; matchings of one cohort alone are kept"
            raise KeyError(f"no matching of {strategy!r} is kept; there are {kept}") from None

    def __repr__(self) -> str:
        return (
            f"Comparison({len(self.strategies)} strategies, {len(self.cases)} cases, "
            f"{len(self.seeds)} seeds)"
        )

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        return comparison_html(self._shown(None))

    def to_text(self, *, width: int = WIDTH, baseline: str | None = None) -> str:
        """The table and what is to be seen in it, in plain words.

        Args:
            width: Columns to write in.
            baseline: The strategy that the others are set beside; ``stable``, else the first.

        Raises:
            MissingExtraError: there are cohorts or seeds enough for intervals, and no scipy.
            ValueError: the baseline is not compared.
        """
        return comparison_text(self._shown(baseline), width)

    def to_frame(self) -> pd.DataFrame:
        """One row a run: case, seed, strategy, how it ended, every metric, seconds and note.

        Scores are as people see them, shares from 0 to 1.
        """
        return frames.runs_frame(self.runs, self.metrics)

    def summary(self, *, baseline: str | None = None) -> pd.DataFrame:
        """One row a strategy and metric: the mean, and the difference to the baseline's.

        Only cohorts (or seeds, where there is one cohort) count in which all strategies made a
        matching; ``n`` says how many. ``low`` and ``high`` are the 95 % interval, missing below 10.

        Args:
            baseline: The strategy that the others are set beside; ``stable``, else the first.

        Raises:
            MissingExtraError: there are cohorts or seeds enough for intervals, and no scipy.
            ValueError: the baseline is not compared.
        """
        return frames.summary_frame(self.estimates(baseline=baseline))

    def estimates(self, *, baseline: str | None = None) -> tuple[Estimate, ...]:
        """The rows of the summary as records; arguments and errors as there."""
        return tuple(self._shown(baseline).estimates.values())

    def plot(self, *, baseline: str | None = None) -> alt.ConcatChart:
        """A panel a metric: a strategy a row, a dot where it is, a bar as far as the interval.

        Args:
            baseline: The strategy at whose value a line is drawn; ``stable``, else the first.

        Raises:
            MissingExtraError: altair is not installed (or scipy, where there are intervals).
            ValueError: the baseline is not compared.
        """
        return comparison_chart(self._shown(baseline))

    def _shown(self, baseline: str | None) -> Shown:
        against = self._baseline(baseline)
        return Shown(
            self.runs,
            self.metrics,
            self.strategies,
            self.cases,
            self.seeds,
            self.notices,
            against,
            self._samples,
            self._estimates(against),
        )

    def _baseline(self, name: str | None) -> str:
        if name is not None and name not in self.strategies:
            raise ValueError(
                f"{name!r} is not compared; the baseline can be {', '.join(self.strategies)}"
            )
        usual = BASELINE if BASELINE in self.strategies else next(iter(self.strategies), "")
        return name or usual

    @cached_property
    def _samples(self) -> Samples:
        return samples_of(self.runs, self.metrics, self.strategies, self.cases)

    @cached_property
    def _found(self) -> dict[str, dict[tuple[str, str], Estimate]]:
        """Baseline → estimates: a thousand cohorts take a second, so they are made once."""
        return {}

    def _estimates(self, baseline: str) -> dict[tuple[str, str], Estimate]:
        if baseline not in self._found:
            self._found[baseline] = estimates(self._samples, (*self.metrics, SECONDS), baseline)
        return self._found[baseline]

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}
