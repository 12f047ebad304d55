"""What a comparison came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rmatch.comparing.records import Metric, Run
from rmatch.matching import Matching


@dataclass(frozen=True)
class Comparison:
    """Every run of a comparison, and what was compared.

    Attributes:
        runs: One strategy on one case with one seed each.
        metrics: What was measured.
        strategies: Their names, in order.
        cases: Their names, in order.
        seeds: Of ties and lots, in order.
        notices: What should be known of all of it.
        matchings: Strategy → its matching with the first seed, where there is one case.
    """

    runs: tuple[Run, ...]
    metrics: tuple[Metric, ...]
    strategies: tuple[str, ...]
    cases: tuple[str, ...]
    seeds: tuple[int, ...]
    notices: tuple[str, ...] = ()
    matchings: Mapping[str, Matching] = field(default_factory=dict, compare=False)
