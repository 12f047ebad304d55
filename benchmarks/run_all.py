"""Every benchmark, one after the other.

python benchmarks/run_all.py                         # hours: every class, every seed
python benchmarks/run_all.py smti strict --seeds 3   # some of them, with options for each
python benchmarks/run_all.py --quick                 # minutes: rmatch beside its peers, short caps
python benchmarks/run_all.py --smoke                 # seconds: tiny sizes, nothing is written
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Mapping, Sequence

import candidates
import cold_start
import default_solve
import dense
import fewest_blocking
import forcing_cost
import from_people
import interrupted
import national
import quality
import scale
import scoring
import smti
import sparse
import speed
import stable_scale
import stable_score
import strict
import thousand
import why_not

REGISTRY: Mapping[str, Callable[[Sequence[str]], None]] = {
    "default_solve": default_solve.main,
    "cold_start": cold_start.main,
    "stable_score": stable_score.BENCHMARK.main,
    "fewest_blocking": fewest_blocking.BENCHMARK.main,
    "smti": smti.BENCHMARK.main,
    "strict": strict.BENCHMARK.main,
    "sparse": sparse.BENCHMARK.main,
    "dense": dense.main,
    "forcing_cost": forcing_cost.main,
    "interrupted": interrupted.main,
    "national": national.main,
    "from_people": from_people.main,
    "why_not": why_not.main,
    "speed": speed.main,
    "quality": quality.main,
    "thousand": thousand.main,
    "stable_scale": stable_scale.main,
    "candidates": candidates.main,
    "scoring": scoring.main,
    "scale": scale.main,
}
"""Every benchmark by name; ``tests/test_benchmarks.py`` runs the smoke mode of each."""

QUICK = ("speed", "quality", "dense", "scale")
"""What ``--quick`` runs unless names are given."""


def main(argv: Sequence[str]) -> None:
    """Run the benchmarks that are named first, all by default, with the options that follow."""
    names = list(itertools.takewhile(lambda text: not text.startswith("-"), argv))
    if unknown := sorted(set(names) - set(REGISTRY)):
        raise SystemExit(f"unknown: {', '.join(unknown)}; known are {', '.join(REGISTRY)}")
    for name in names or (QUICK if "--quick" in argv else REGISTRY):
        print(f"{name}:", flush=True)
        REGISTRY[name](argv[len(names) :])


if __name__ == "__main__":
    main(sys.argv[1:])
