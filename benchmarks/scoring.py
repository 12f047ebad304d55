"""Scoring every pair of a programme: seconds, and memory beside what the result itself takes.

    python benchmarks/scoring.py               # 100, 1 000 and 4 000 a side, three seeds each
    python benchmarks/scoring.py 100 2000      # other sizes

Imports are excluded (one small cohort is scored first). Up to 100 a side the same pairs are scored
by the plain loops of the audit as well, which must say the same; ``x loops`` is how many times as
long those take. Memory is what NumPy and Python asked for in a run of its own, at most at one time;
``x result`` is that beside the tables that come out. ``instance`` is what the solver is handed.
Seconds are of the processor, so that other work on the machine counts for less.
"""

from __future__ import annotations

import dataclasses
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

import rmatch
from cohorts import SEEDS
from protocol import keep, median_and_worst, options_of
from rmatch.audit import recompute
from rmatch.generating import CohortShape, generate
from rmatch.scoring import Scores

SIZES = ("100", "1000", "4000")
SMOKE = ("14",)
MOST_SEEDS = 3
PLAIN_LOOPS = 100
"""The largest side that is scored by plain loops as well."""

T = TypeVar("T")


def programme_of(n: int, seed: int) -> rmatch.Programme:
    """A cohort of several regions, with everything that people usually say."""
    return generate(CohortShape(mentors=n, mentees=n, deaneries=10, employers=20), seed)


def timed(made: Callable[[], T]) -> tuple[T, float]:
    """What comes out, and the processor's seconds."""
    started = time.process_time()
    result = made()
    return result, time.process_time() - started


def peak(programme: rmatch.Programme) -> int:
    """The most bytes at one time while a programme is scored."""
    tracemalloc.start()
    try:
        rmatch.score(programme)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def bytes_of(scores: Scores) -> int:
    """What the tables of the result take."""
    rules = [value for value in vars_of(scores.rules) if isinstance(value, np.ndarray)]
    tables = [value for value in vars_of(scores) if isinstance(value, np.ndarray)]
    return sum(table.nbytes for table in (*tables, *rules))


def vars_of(record: object) -> list[object]:
    """The values of a record's fields."""
    return [getattr(record, field.name) for field in dataclasses.fields(record)]  # type: ignore[arg-type]


def run(n: int, seed: int) -> dict[str, object]:
    """One row: a programme scored, turned into an instance, and perhaps scored by plain loops."""
    programme = programme_of(n, seed)
    return {"n": n, "seed": seed, **figures(programme), "peak_bytes": peak(programme)}


def figures(programme: rmatch.Programme) -> dict[str, object]:
    """What one scoring takes, and what comes of it."""
    scores, seconds = timed(lambda: rmatch.score(programme))
    _, instance_seconds = timed(lambda: scores.instance)
    is_small = len(programme.mentors) <= PLAIN_LOOPS
    return {
        "seconds": round(seconds, 4),
        "seconds_instance": round(instance_seconds, 4),
        "seconds_plain_loops": round(plain_loops(programme, scores), 4) if is_small else None,
        "result_bytes": bytes_of(scores),
    }


def plain_loops(programme: rmatch.Programme, scores: Scores) -> float:
    """Seconds of the audit's own scoring, which must agree."""
    truth, seconds = timed(lambda: recompute(programme))
    for pair, facts in truth.pairs.items():
        if scores.points[scores.locate(*pair)] != facts.score:
            raise SystemExit(f"{len(programme.mentors)} a side: two scores of one pair")
    return seconds


def main(argv: Sequence[str]) -> None:
    """Run every size and print the table."""
    options = options_of(argv, __doc__, SIZES, SMOKE)
    rmatch.score(programme_of(6, 0))
    seeds = SEEDS[: min(MOST_SEEDS, options.seeds)]
    rows = [run(n, seed) for n in map(int, options.labels) for seed in seeds]
    print(
        f"{'n':>5} {'median s':>9} {'worst s':>9} {'instance s':>11} {'x loops':>8} {'x result':>9}"
    )
    for n in map(int, options.labels):
        print(line(n, [row for row in rows if row["n"] == n]))
    print(keep("scoring", rows, options))


def line(n: int, rows: Sequence[dict[str, object]]) -> str:
    """One size's row of the table."""
    median, worst = median_and_worst(floats(rows, "seconds"))
    instance, _ = median_and_worst(floats(rows, "seconds_instance"))
    loops = "–"
    if rows[0]["seconds_plain_loops"] is not None:
        loops = f"{median_and_worst(floats(rows, 'seconds_plain_loops'))[0] / median:.0f}"
    memory = max(floats(rows, "peak_bytes")) / max(floats(rows, "result_bytes"))
    return f"{n:>5} {median:>9.3f} {worst:>9.3f} {instance:>11.3f} {loops:>8} {memory:>9.2f}"


def floats(rows: Sequence[dict[str, object]], name: str) -> list[float]:
    """One column."""
    return [float(str(row[name])) for row in rows]


if __name__ == "__main__":
    main(sys.argv[1:])
