"""A comparison as tables, text and picture read it: what is shown of it, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rmatch.comparing.estimates import Estimate
from rmatch.comparing.numbers import interval_text, number
from rmatch.comparing.records import Metric, Run
from rmatch.comparing.samples import SECONDS, Samples
from rmatch.explaining.wording import counted

HEADLINE: Mapping[str, str] = {
    "pairs": "pairs",
    "unmatched": "no\npartner",
    "blocking_pairs": "blocking\npairs",
    "any_choice": "got a\nchoice",
    "mentor_score": "score,\nmentors",
    "mentee_score": "score,\nmentees",
    "worst_off": "worst\noff",
}
"""The metrics that a coordinator looks at first, each with a heading that is narrow."""
BESIDE = ("pairs", "blocking_pairs", "any_choice", "worst_off")
"""The metrics whose differences to the baseline are shown; the summary has all."""
FEW = 8
"""So many metrics are all shown: somebody chose them."""
MANY = 100
"""Over so many cohorts a mean is known to a digit more."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A comparison beside one baseline, with everything worked out."""

    runs: tuple[Run, ...]
    metrics: tuple[Metric, ...]
    strategies: tuple[str, ...]
    cases: tuple[str, ...]
    seeds: tuple[int, ...]
    notices: tuple[str, ...]
    baseline: str
    samples: Samples
    estimates: Mapping[tuple[str, str], Estimate]

    @property
    def first(self) -> tuple[Metric, ...]:
        """The metrics that are shown at first sight."""
        if len(self.metrics) <= FEW:
            return self.metrics
        by_name = {metric.name: metric for metric in self.metrics}
        return tuple(by_name[name] for name in HEADLINE if name in by_name)

    @property
    def set_beside(self) -> tuple[Metric, ...]:
        """Those whose differences to the baseline are shown."""
        return tuple(one for one in self.first if one.name in BESIDE) or self.first

    @property
    def rest(self) -> tuple[Metric, ...]:
        """The others, and the seconds."""
        return (*(one for one in self.metrics if one not in self.first), SECONDS)

    @property
    def count(self) -> int:
        """Over how many cohorts or lots means are taken."""
        return len(self.samples.units)

    @property
    def is_mean(self) -> bool:
        """Whether a number is the mean of several."""
        return len(self.runs) > len(self.strategies)

    @property
    def finer(self) -> int:
        """So many digits more has a mean than one value: two where there are many units."""
        return self.is_mean + (self.count >= MANY)

    @property
    def has_intervals(self) -> bool:
        """Whether there are enough units for intervals."""
        return any(one.interval is not None for one in self.estimates.values())

    @property
    def over(self) -> str:
        """``40 cohorts``."""
        return counted(self.count, self.samples.kind)

    def value(self, strategy: str, metric: Metric) -> str:
        """What a strategy comes to."""
        found = self.estimates.get((strategy, metric.name))
        return number(metric, found.mean if found else None, finer=self.finer)

    def interval(self, strategy: str, metric: Metric) -> str:
        """Its interval; nothing where there is none."""
        found = self.estimates.get((strategy, metric.name))
        return interval_text(metric, found.interval, finer=self.finer) if found else ""

    def beside(self, strategy: str, metric: Metric) -> tuple[str, str, str] | None:
        """Difference to the baseline, its interval, and better, equal and worse counted."""
        found = self.estimates.get((strategy, metric.name))
        if found is None or found.difference is None:
            return None
        gain = found.difference
        counts = (gain.better, gain.equal, gain.worse)
        return (
            number(metric, gain.mean, finer=self.finer, signed=True),
            interval_text(metric, gain.interval, finer=self.finer, signed=True),
            " / ".join("–" if one is None else str(one) for one in counts),
        )


def heading(metric: Metric) -> str:
    """A narrow heading, its words one below the other."""
    return HEADLINE.get(metric.name) or "\n".join(metric.label.split(" "))
