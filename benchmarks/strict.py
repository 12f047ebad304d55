"""The best-score stable matching where all preferences are strict and complete.

    python benchmarks/strict.py            # 100, 200 and 1 000 a side, ten seeds each
    python benchmarks/strict.py 1000

Random lists and random scores. The peers are asked at 100 and 200 a side: at 1 000 the rows as one
would write them have a thousand million terms.
"""

from __future__ import annotations

import sys

import generators
from comparison import Benchmark, Case

PEERS_UP_TO = 200


def case(label: str, seed: int) -> Case:
    """Complete strict lists of so many people a side."""
    n = int(label)
    return Case(
        f"{n} strict",
        lambda: generators.strict(n, seed),
        ("stability", "score"),
        peers=n <= PEERS_UP_TO,
    )


BENCHMARK = Benchmark(
    name="strict",
    doc=__doc__,
    labels=("100", "200", "1000"),
    smoke=("14",),
    case=case,
)

if __name__ == "__main__":
    BENCHMARK.main(sys.argv[1:])
