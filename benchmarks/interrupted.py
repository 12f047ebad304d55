"""Interrupted solving: how soon it ends, and whether what it gives is legal and says what it is.

    python benchmarks/interrupted.py           # 400 a side dense, ten seeds
    python benchmarks/interrupted.py 200

Each cohort is solved with a time limit of half a second, and again without one but cancelled from
another thread after half a second. The audit (``Matching.verify``) checks each answer and is not
timed, nor is scoring.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Sequence

import rmatch
from cohorts import SEEDS, mentoring_like
from comparison import cohort_size
from protocol import keep, median_and_worst, options_of
from tables import Row

NAME = "interrupted"
LABELS = ("400",)
SMOKE = ("30",)
AFTER = 0.5


def by_limit(scores: rmatch.Scores) -> rmatch.Matching:
    """The matching at a time limit."""
    return rmatch.solve(scores, time_limit=AFTER)


def by_cancelling(scores: rmatch.Scores) -> rmatch.Matching:
    """The matching where somebody cancels."""
    cancel = threading.Event()
    timer = threading.Timer(AFTER, cancel.set)
    timer.start()
    try:
        return rmatch.solve(scores, cancel=cancel)
    finally:
        timer.cancel()


WAYS: dict[str, Callable[[rmatch.Scores], rmatch.Matching]] = {
    "time limit": by_limit,
    "cancelled": by_cancelling,
}


def run(label: str, seed: int, way: str) -> Row:
    """One row: how long it took, what came of it and whether that stands."""
    n, share, title = cohort_size(label)
    scores = rmatch.score(mentoring_like(n, seed, share))
    _ = scores.instance
    started = time.perf_counter()
    matching = WAYS[way](scores)
    seconds = time.perf_counter() - started
    if not matching.verify().ok:
        raise SystemExit(f"{title}, seed {seed}, {way}: the audit refuses the matching")
    return {
        "class": f"{title}, {way}",
        "seed": seed,
        "seconds": round(seconds, 4),
        "status": matching.status,
        "levels": "; ".join(
            f"{level.name} {level.value} of {level.bound}" for level in matching.solution.levels
        ),
    }


def main(argv: Sequence[str]) -> None:
    """Run every class both ways and print the table."""
    options = options_of(argv, __doc__, LABELS, SMOKE)
    rmatch.solve(mentoring_like(6, 0)).verify()
    rows = [
        run(label, seed, way)
        for label in options.labels
        for way in WAYS
        for seed in SEEDS[: options.seeds]
    ]
    print(f"{'class':<34}{'median s':>10}{'worst s':>10}{'optimal':>10}{'legal':>10}")
    for title in dict.fromkeys(str(row["class"]) for row in rows):
        mine = [row for row in rows if row["class"] == title]
        median, worst = median_and_worst([float(str(row["seconds"])) for row in mine])
        optimal = sum(row["status"] == "optimal" for row in mine)
        print(
            f"{title:<34}{median:>10.3f}{worst:>10.3f}{optimal:>7}/{len(mine):<2}{len(mine):>7}/{len(mine):<2}"
        )
    print(keep(NAME, rows, options))


if __name__ == "__main__":
    main(sys.argv[1:])
