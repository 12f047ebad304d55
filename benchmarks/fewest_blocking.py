"""The fewest blocking pairs of a largest matching, where it forces some and where it forces none.

    python benchmarks/fewest_blocking.py                  # every class, ten seeds
    python benchmarks/fewest_blocking.py forcing:50:10    # one class

Classes: ``forcing:50:10`` and ``forcing:200:3`` force one to seven (``forcing.py``);
``cohort:200:10`` are the first ten seeds of such cohorts with more pairs, and ``lists:200`` random
lists with few ties in which a tenth of the pairs is acceptable (some of these nobody has settled).
``cohort:100`` is dense and forces none, and ``required:100`` the same with stability asked first,
before ``pairs``: what counting costs where there is nothing to count.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import rmatch
from cohorts import SEEDS, mentoring_like
from comparison import Benchmark, Case, cohort_size
from forcing import FEWEST, forcing
from generators import smti

COUNTED = ("pairs", "stability")
LISTS_P1, LISTS_P2 = 0.9, 0.15


def case(label: str, seed: int) -> Case:
    """An instance of one of the kinds above."""
    kind, _, rest = label.partition(":")
    n, share, title = cohort_size(rest)
    if kind == "forcing":
        return Case(f"forcing, {title}", lambda: forcing(rest, seed), COUNTED)
    if kind == "lists":
        title = f"lists with few ties, {n} at 10 %"
        return Case(title, lambda: smti(n, LISTS_P1, LISTS_P2, seed), COUNTED)
    order = ("stability", "pairs") if kind == "required" else COUNTED
    title = f"stability required, {title}" if kind == "required" else title
    return Case(title, lambda: rmatch.score(mentoring_like(n, seed, share)).instance, order)


def seeds(label: str) -> Sequence[int]:
    """The seeds found for a forcing class, the first ten otherwise."""
    kind, _, rest = label.partition(":")
    return tuple(FEWEST[rest]) if kind == "forcing" and rest in FEWEST else SEEDS


BENCHMARK = Benchmark(
    name="fewest_blocking",
    doc=__doc__,
    labels=(
        "forcing:50:10",
        "forcing:200:3",
        "cohort:200:10",
        "lists:200",
        "cohort:100",
        "required:100",
    ),
    smoke=("forcing:14:20", "lists:20", "cohort:14", "required:14"),
    case=case,
    seeds=seeds,
)

if __name__ == "__main__":
    BENCHMARK.main(sys.argv[1:])
