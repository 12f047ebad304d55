"""A thousand generated cohorts of 14 a side, every strategy, by one ``compare`` in two processes.

What the analyst asks for: one call, a row for every run. Making and scoring the cohorts, solving,
auditing and measuring are all in the time. ``leximin`` may stop at its limit, and is counted.

python benchmarks/thousand.py           # 1 000 cohorts
python benchmarks/thousand.py 100       # fewer
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

import rmatch
from protocol import keep, options_of
from rmatch.generating import cohorts

WORKERS = 2
LIMIT, SMOKE_LIMIT = 10.0, 0.5
"""Seconds for each solve."""


def main(argv: Sequence[str]) -> None:
    """Compare over as many cohorts as asked for; say how long it took and how runs ended."""
    options = options_of(argv, __doc__, ("1000",), ("2",))
    rows: list[dict[str, object]] = []
    limit = SMOKE_LIMIT if options.smoke else LIMIT
    for label in options.labels:
        started = time.perf_counter()
        with ProcessPoolExecutor(WORKERS) as executor:
            comparison = rmatch.compare(
                cohorts("pairs_14", int(label)), executor=executor, time_limit=limit
            )
        seconds = time.perf_counter() - started
        rows += [_row(label, name, comparison.runs, seconds) for name in comparison.strategies]
        print(f"  {label} cohorts, {len(comparison.strategies)} strategies: {seconds:.1f} s")
        for row in rows[-len(comparison.strategies) :]:
            print(f"    {row['strategy']}: {row['solving_seconds']} s of solving, {row['ended']}")
    print(keep("thousand", rows, options))


def _row(label: str, name: str, runs: Sequence[object], seconds: float) -> dict[str, object]:
    mine = [run for run in runs if run.strategy == name]
    ended = Counter(run.ended for run in mine)
    return {
        "cohorts": label,
        "strategy": name,
        "runs": len(mine),
        "ended": "; ".join(f"{count} {how}" for how, count in sorted(ended.items())),
        "solving_seconds": f"{sum(run.seconds or 0.0 for run in mine):.2f}",
        "whole_seconds": f"{seconds:.2f}",
        "workers": WORKERS,
    }


if __name__ == "__main__":
    main(sys.argv[1:])
