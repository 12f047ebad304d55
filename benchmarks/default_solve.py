"""The default solve, all levels with the tie-break, proved: seconds from a programme to a matching.

    python benchmarks/default_solve.py            # 14, 50 and 100 a side, ten seeds each
    python benchmarks/default_solve.py 14 200     # other sizes

Imports are excluded (one small cohort is solved first), scoring is included, CP-SAT has one worker.
Each seed is solved twice and must give the same pairs. Beside it, the same programme by the
strategy ``best_score``, which asks for no stability: the ratio is what stability costs in time.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import rmatch
from cohorts import SEEDS, mentoring_like
from protocol import keep, median_and_worst, options_of

SIZES = ("14", "50", "100")
SMOKE = ("14",)


def timed(programme: rmatch.Programme, strategy: str) -> tuple[rmatch.Matching, float]:
    """The matching and the seconds that it took."""
    started = time.perf_counter()
    matching = rmatch.solve(programme, strategy=strategy)
    return matching, time.perf_counter() - started


def run(n: int, seed: int) -> dict[str, object]:
    """One row: a cohort solved twice and once without stability."""
    programme = mentoring_like(n, seed)
    matching, first = timed(programme, "stable")
    again, second = timed(programme, "stable")
    _, unstable = timed(programme, "best_score")
    if matching.status != "optimal" or matching.pairs != again.pairs:
        raise SystemExit(f"n={n} seed={seed}: {matching.status}, or two answers")
    return {
        "n": n,
        "seed": seed,
        "acceptable_pairs": matching.instance.n_pairs,
        "seconds": round(min(first, second), 4),
        "seconds_best_score": round(unstable, 4),
        **{f"level_{level.name}": level.value for level in matching.solution.levels},
    }


def main(argv: Sequence[str]) -> None:
    """Run every size and print the table."""
    options = options_of(argv, __doc__, SIZES, SMOKE)
    sizes = tuple(map(int, options.labels))
    timed(mentoring_like(6, 0), "stable")
    rows = [run(n, seed) for n in sizes for seed in SEEDS[: options.seeds]]
    print(f"{'n':>5} {'median s':>9} {'worst s':>9} {'× best_score':>13}")
    for n in sizes:
        mine = [row for row in rows if row["n"] == n]
        median, worst = median_and_worst([float(str(row["seconds"])) for row in mine])
        base, _ = median_and_worst([float(str(row["seconds_best_score"])) for row in mine])
        print(f"{n:>5} {median:>9.3f} {worst:>9.3f} {median / base:>13.1f}")
    print(keep("default_solve", rows, options))


if __name__ == "__main__":
    main(sys.argv[1:])
