"""The largest stable matching of a very large and sparse instance, within a minute.

    python benchmarks/sparse.py                       # 10 000 a side, 50 000 pairs, ten seeds
    python benchmarks/sparse.py 10000:50000:0.85      # another density of ties

Proving the optimum is not expected: what counts is the gap between the value and its bound, which
the footnotes list. The peers get the same minute.
"""

from __future__ import annotations

import sys

import generators
from comparison import Benchmark, Case

LIMIT = 60.0


def case(label: str, seed: int) -> Case:
    """``people a side:pairs:tie density``."""
    n, pairs, ties = label.split(":")
    return Case(
        f"{n} a side, {pairs} pairs, ties {ties}",
        lambda: generators.sparse(int(n), int(pairs), float(ties), seed),
        ("stability", "pairs"),
        limit=LIMIT,
    )


BENCHMARK = Benchmark(
    name="sparse",
    doc=__doc__,
    labels=("10000:50000:0.5",),
    smoke=("60:240:0.5",),
    case=case,
)

if __name__ == "__main__":
    BENCHMARK.main(sys.argv[1:])
