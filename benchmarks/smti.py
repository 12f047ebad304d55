"""Stable marriage with ties and incomplete lists, and hospitals and residents with ties.

    python benchmarks/smti.py                           # the whole grid, ten seeds
    python benchmarks/smti.py pairs:100:0.8:0.5 hrt:0.2

``pairs:n:p1:p2`` asks for the largest stable matching of a Gent–Prosser instance, and
``egalitarian:n:p1:p2`` for the least sum of ranks among the largest; ``hrt:t`` for the largest
stable matching of 760 residents, with ties of density t, and 53 hospitals (``generators.py``). The
peers get those with p2 = 0.5 and the hospitals.
"""

from __future__ import annotations

import sys

import generators
from comparison import Benchmark, Case

LARGEST = ("stability", "pairs")
INCOMPLETE = (0.8, 0.5, 0.1)
TIED = (0.1, 0.5, 0.9)
PEERS_AT = 0.5
RESIDENTS, HOSPITALS = 760, 53


def case(label: str, seed: int) -> Case:
    """An instance of one of the kinds above."""
    kind, *sizes = label.split(":")
    if kind == "hrt":
        return _hospitals(float(sizes[0]), seed, *map(int, sizes[1:]))
    n, p1, p2 = int(sizes[0]), float(sizes[1]), float(sizes[2])
    return Case(
        f"{kind}, {n} a side, p1 {p1}, p2 {p2}",
        lambda: generators.smti(n, p1, p2, seed),
        LARGEST if kind == "pairs" else (*LARGEST, kind),
        peers=p2 == PEERS_AT,
    )


def _hospitals(ties: float, seed: int, residents: int = RESIDENTS, places: int = HOSPITALS) -> Case:
    return Case(
        f"pairs, HRT {residents} × {places}, ties {ties}",
        lambda: generators.hrt(residents, places, ties, seed),
        LARGEST,
    )


BENCHMARK = Benchmark(
    name="smti",
    doc=__doc__,
    labels=(
        *(
            f"{level}:100:{p1}:{p2}"
            for level in ("pairs", "egalitarian")
            for p1 in INCOMPLETE
            for p2 in TIED
        ),
        "hrt:0",
        "hrt:0.2",
    ),
    smoke=("pairs:14:0.5:0.5", "egalitarian:14:0.5:0.5", "hrt:0.2:30:5"),
    case=case,
)

if __name__ == "__main__":
    BENCHMARK.main(sys.argv[1:])
