"""From arrays of acceptable pairs to a proved and checked matching, beside OR-Tools' own solve.

    python benchmarks/national.py                             # 1 000 to 100 000 a side, 50 each
    python benchmarks/national.py 10000:12000:even --seeds 3

A class is ``mentors:mentees:kind``. Every mentor has up to 50 acceptable mentees: ``even`` draws
them and their scores (0 to 10 000) at random; ``sought`` draws them near the mentor on a line, and
half of the score is how sought-after the mentee is, so that many compete for the same few. The
levels are pairs and score.

rmatch: making the instance, solving it with prices and cut, and ``properties.evidence.check``,
which shares no code with the solver. Peers, on the same arcs: ``SimpleMinCostFlow`` (most pairs,
then the cheapest) and, where everybody finds a partner, ``SimpleLinearSumAssignment``: their solve
alone, with its input handed over. Seconds are of the processor, in one process, in turns; the score
must agree. The peak is what the process has held at most when rmatch was done for the first time,
before the peers; of several classes in one run name the smallest first.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from protocol import keep, median_and_worst, options_of
from rmatch.instance import Instance, IntArray
from rmatch.properties.evidence import check
from rmatch.solution import Solution
from rmatch.solving import solve

NAME = "national"
CLASSES = (
    "1000:1000:even",
    "1000:1000:sought",
    "10000:10000:even",
    "10000:10000:sought",
    "10000:12000:even",
    "100000:100000:even",
    "100000:100000:sought",
)
SMOKE = ("30:30:even", "30:40:sought")
CANDIDATES = 50
MOST = 10_000
LEVELS = ("pairs", "score")

R = TypeVar("R")


@dataclass(frozen=True)
class Arcs:
    """Acceptable pairs as they come: sorted by mentor and mentee."""

    mentors: int
    mentees: int
    mentor: IntArray
    mentee: IntArray
    score: IntArray


def arcs_of(label: str, seed: int) -> Arcs:
    """The arcs of a class."""
    mentors, mentees, kind = label.split(":")
    n, m = int(mentors), int(mentees)
    lots = np.random.default_rng(seed)
    owner = np.repeat(np.arange(n), CANDIDATES)
    if kind == "even":
        other = lots.integers(0, m, len(owner))
    else:
        near = owner * m // n + lots.integers(-5 * CANDIDATES, 5 * CANDIDATES, len(owner))
        other = np.clip(near, 0, m - 1)
    mentor, mentee = np.divmod(np.unique(owner * m + other), m)
    score = lots.integers(0, MOST + 1, len(mentor))
    if kind == "sought":
        score = (score + lots.integers(0, MOST + 1, m)[mentee]) // 2
    return Arcs(n, m, mentor, mentee, score)


def timed(work: Callable[[], R]) -> tuple[R, float]:
    """What comes of it, and the seconds of the processor that it took."""
    started = time.process_time()
    result = work()
    return result, time.process_time() - started


def instance_of(arcs: Arcs) -> Instance:
    """Both sides rank by score."""
    return Instance.from_pairs(
        arcs.mentor,
        arcs.mentee,
        -arcs.score,
        -arcs.score,
        score=arcs.score,
        mentor_capacity=np.ones(arcs.mentors, dtype=np.int64),
        mentee_capacity=np.ones(arcs.mentees, dtype=np.int64),
    )


def by_flow(arcs: Arcs) -> tuple[int, int]:
    """Pairs and score by the minimum-cost flow."""
    n, m = arcs.mentors, arcs.mentees
    source, sink, nothing = n + m, n + m + 1, np.zeros(n + m, dtype=np.int64)
    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([arcs.mentor, np.full(n, source), n + np.arange(m)]),
        np.concatenate([n + arcs.mentee, np.arange(n), np.full(m, sink)]),
        np.ones(len(arcs.score) + n + m, dtype=np.int64),
        np.concatenate([-arcs.score, nothing]),
    )
    most = min(n, m)
    solver.set_nodes_supplies(np.array([source, sink]), np.array([most, -most]))
    solver.solve_max_flow_with_min_cost()
    return solver.maximum_flow(), -solver.optimal_cost()


def by_assignment(arcs: Arcs) -> tuple[int, int]:
    """Likewise by the assignment, where everybody finds a partner."""
    solver = SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(arcs.mentor, arcs.mentee, -arcs.score)
    if solver.solve() != solver.OPTIMAL:
        raise SystemExit("the assignment found no matching of everybody")
    return arcs.mentors, -solver.optimal_cost()


def _run(label: str, seed: int) -> dict[str, object]:
    arcs = arcs_of(label, seed)
    instance, building = timed(lambda: instance_of(arcs))
    solution, solving = timed(lambda: solve(instance, LEVELS))
    found, checking = timed(lambda: check(instance, solution))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if not found.ok or found.best != LEVELS:
        raise SystemExit(f"{label}, seed {seed}: {'; '.join(found.faults) or found.best}")
    mine = building + solving + checking
    row = {
        "class": label,
        "seed": seed,
        "pairs": instance.n_pairs,
        "made": solution.objectives["pairs"],
        "build": f"{building:.3f}",
        "solve_and_prove": f"{solving:.3f}",
        "check": f"{checking:.3f}",
        "peak_mb": peak // 1024,
    }
    return row | _peers(arcs, solution, mine)


def _peers(arcs: Arcs, solution: Solution, mine: float) -> dict[str, object]:
    """Their seconds, and how many times as long rmatch took."""
    peers = {"flow": by_flow}
    if arcs.mentors == arcs.mentees == solution.objectives["pairs"]:
        peers["assignment"] = by_assignment
    row: dict[str, object] = {}
    for name in ("flow", "assignment"):
        row[name] = row[f"times_{name}"] = ""
        if name in peers:
            value, seconds = timed(lambda peer=peers[name]: peer(arcs))
            if value != tuple(solution.objectives.values()):
                raise SystemExit(f"{name} has {value}, rmatch {dict(solution.objectives)}")
            row[name], row[f"times_{name}"] = f"{seconds:.3f}", f"{mine / seconds:.2f}"
    return row


def main(argv: Sequence[str]) -> None:
    """Every class and seed; ratios as median and worst."""
    options = options_of(argv, __doc__, CLASSES, SMOKE)
    rows: list[dict[str, object]] = []
    for label in options.labels:
        mine = [_run(label, seed) for seed in range(options.seeds)]
        rows += mine
        print(f"  {label}: {mine[0]['pairs']} pairs, peak {mine[0]['peak_mb']} MB")
        for name in ("flow", "assignment"):
            ratios = [float(str(row[f"times_{name}"])) for row in mine if row[name]]
            if ratios:
                median, worst = median_and_worst(ratios)
                print(f"    {median:.2f} times the {name} (worst {worst:.2f})", flush=True)
    print(keep(NAME, rows, options))


if __name__ == "__main__":
    main(sys.argv[1:])
