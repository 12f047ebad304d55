"""Comparisons made by hand: whatever a run is said to have come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rmatch.comparing.comparison import Comparison
from rmatch.comparing.records import Better, Metric, Run, Unit


def metric(name: str, label: str, better: Better, unit: Unit) -> Metric:
    """A metric whose values are given."""
    return Metric(name, label, f"What {name} is.", better, unit, lambda _: None)


PAIRS = metric("pairs", "Pairs", "more", "count")
BLOCKING = metric("blocking_pairs", "Blocking pairs", "less", "count")
CHOICE = metric("any_choice", "Got any choice", "more", "share")
WORST = metric("worst_off", "Worst off", "more", "score")
TASTE = metric("taste", "Taste", "neither", "index")

METRICS = (PAIRS, BLOCKING, CHOICE, WORST, TASTE)

Values = Mapping[str, float | None]


def compared(
    values: Callable[[str, int, int], Values | str],
    strategies: Sequence[str] = ("stable", "greedy"),
    *,
    cases: int = 1,
    seeds: int = 1,
    metrics: Sequence[Metric] = METRICS,
    notices: Sequence[str] = (),
    points: bool = True,
) -> Comparison:
    """Every strategy on every case with every seed.

    Args:
        values: Strategy, case and seed → the metrics' values, or the note of a run that failed.
        strategies: Their names.
        cases: How many.
        seeds: How many.
        metrics: What was measured.
        notices: Of the whole.
        points: Whether scores are hundredths.
    """
    runs = []
    for case in range(cases):
        for seed in range(seeds):
            for name in strategies:
                found = values(name, case, seed)
                failed = isinstance(found, str)
                runs.append(
                    Run(
                        f"cohort {case}",
                        seed,
                        name,
                        "failed" if failed else "feasible",
                        {} if isinstance(found, str) else found,
                        0.5,
                        found if isinstance(found, str) else "",
                        points=points,
                    )
                )
    return Comparison(
        tuple(runs),
        tuple(metrics),
        tuple(strategies),
        tuple(f"cohort {case}" for case in range(cases)),
        tuple(range(seeds)),
        tuple(notices),
    )
