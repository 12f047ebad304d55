"""The best-score stable matching of the largest size, proved: mentoring-like cohorts.

    python benchmarks/stable_score.py                 # every class, ten seeds
    python benchmarks/stable_score.py 100 400:10      # 100 dense; 400 where vetoes leave 10 %

Seconds of solving up to and including the level ``score``; scoring is not timed. The peers get the
level ``score`` alone, stable and of the largest size. At 1 000 dense the limit is a minute: what
counts there is the gap.
"""

from __future__ import annotations

import sys

import rmatch
from cohorts import mentoring_like
from comparison import Benchmark, Case, cohort_size

LARGE = 1_000
LARGE_LIMIT = 60.0


def case(label: str, seed: int) -> Case:
    """A cohort of so many people a side."""
    n, share, title = cohort_size(label)
    return Case(
        title,
        lambda: rmatch.score(mentoring_like(n, seed, share)).instance,
        ("pairs", "stability", "score"),
        peers=n < LARGE,
        limit=LARGE_LIMIT if n >= LARGE else None,
    )


BENCHMARK = Benchmark(
    name="stable_score",
    doc=__doc__,
    labels=("100", "200:30", "200", "400:10", "1000"),
    smoke=("14", "20:50"),
    case=case,
)

if __name__ == "__main__":
    BENCHMARK.main(sys.argv[1:])
