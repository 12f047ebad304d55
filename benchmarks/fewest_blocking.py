"""The fewest blocking pairs of a largest matching, where it forces some and where it forces none.

    python benchmarks/fewest_blocking.py                  # every class, ten seeds
    python benchmarks/fewest_blocking.py cohort:50:10     # one class

The classes of ``forcing.py`` force one to seven. ``cohort:200:10`` are the first ten seeds of such
cohorts with more pairs, which force none, though that takes finding. ``cohort:100`` is dense and
forces none, and ``required:100`` is the same with stability asked first, before ``pairs``: what
counting costs where there is nothing to count.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import rmatch
from cohorts import SEEDS, mentoring_like
from comparison import Benchmark, Case, cohort_size
from forcing import FEWEST, forcing

COUNTED = ("pairs", "stability")
REQUIRED = ("stability", "pairs")


def case(label: str, seed: int) -> Case:
    """An instance of one of the kinds above."""
    kind, _, size = label.partition(":")
    if kind == "lists":
        n, _, ties = size.partition(":")
        title = f"forcing, {n}, lists at 10 %, p2 {ties}"
        return Case(title, lambda: forcing(label, seed), COUNTED)
    n, share, title = cohort_size(size)
    title = f"forcing, {title}" if label in FEWEST else title
    return Case(
        f"{title}, stability first" if kind == "required" else title,
        lambda: rmatch.score(mentoring_like(n, seed, share)).instance,
        REQUIRED if kind == "required" else COUNTED,
    )


def seeds(label: str) -> Sequence[int]:
    """The seeds found for a forcing class, the first ten otherwise."""
    return tuple(FEWEST.get(label, SEEDS))


BENCHMARK = Benchmark(
    name="fewest_blocking",
    doc=__doc__,
    labels=(*FEWEST, "cohort:200:10", "cohort:100", "required:100"),
    smoke=("cohort:14:20", "lists:20:0.15", "cohort:14", "required:14"),
    case=case,
    seeds=seeds,
)

if __name__ == "__main__":
    BENCHMARK.main(sys.argv[1:])
