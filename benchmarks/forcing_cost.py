"""The price of forcing every pair, at (pairs, score): one pass against solving again pair by pair.

    python benchmarks/forcing_cost.py                   # 100, 300 and 1 000 a side, ten seeds each
    python benchmarks/forcing_cost.py 300 --seeds 3

Mentoring-like cohorts. Solving is not timed, nor is scoring; the seconds of rmatch are those of
``Matching.forcing_cost`` for all pairs. Beside it, in the same run, a few pairs a cohort are forced
one by one by taking both people away and solving for the rest: by OR-Tools' minimum-cost flow
(built once; both people's arcs closed and opened) and by scipy's assignment. What they need for all
pairs is the mean of those times the number of pairs, which favours nobody: every solve is as large
as the others. A price that differs stops the run.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy.optimize import linear_sum_assignment

import rmatch
from cohorts import SEEDS, mentoring_like
from protocol import keep, median_and_worst, options_of
from rmatch.instance import Instance
from tables import Row

NAME = "forcing_cost"
SIZES = ("100", "300", "1000")
SMOKE = ("10",)
SAMPLE = 5
PAIR = 10**8
"""Worth of a pair for scipy: more than all scores together, and exact in its floats."""

Forcing = Callable[[int], tuple[int, int]]
"""Index of a pair → pairs and score of the best matching that has it."""


class ByFlow:
    """Most pairs, then the best score, by OR-Tools' minimum-cost flow."""

    def __init__(self, instance: Instance) -> None:
        n, m = instance.n_mentors, instance.n_mentees
        source, sink = n + m, n + m + 1
        ones = np.ones(instance.n_pairs + n + m, dtype=np.int64)
        costs = np.concatenate([-instance.score, np.zeros(n + m, dtype=np.int64)])
        tails = np.concatenate([instance.mentor, np.full(n, source), n + np.arange(m)])
        heads = np.concatenate([n + instance.mentee, np.arange(n), np.full(m, sink)])
        self.instance, self.solver = instance, SimpleMinCostFlow()
        self.arcs = self.solver.add_arcs_with_capacity_and_unit_cost(tails, heads, ones, costs)
        self.solver.set_nodes_supplies(np.array([source, sink]), np.array([min(n, m), -min(n, m)]))

    def __call__(self, pair: int) -> tuple[int, int]:
        """With the pair's two people away, and the pair added to what is left."""
        instance, solver = self.instance, self.solver
        mentor, mentee = instance.mentor[pair], instance.mentee[pair]
        first = instance.n_pairs
        closed = self.arcs[[first + mentor, first + instance.n_mentors + mentee]]
        for arc in closed.tolist():
            solver.set_arc_capacity(arc, 0)
        status = solver.solve_max_flow_with_min_cost()
        if status != solver.OPTIMAL:
            raise SystemExit(f"OR-Tools: {status.name}")
        answer = solver.maximum_flow() + 1, int(instance.score[pair]) - solver.optimal_cost()
        for arc in closed.tolist():
            solver.set_arc_capacity(arc, 1)
        return answer


class ByAssignment:
    """Most pairs, then the best score, by scipy's assignment on a dense table."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.worth = np.zeros((instance.n_mentors, instance.n_mentees))
        self.worth[instance.mentor, instance.mentee] = PAIR + instance.score

    def __call__(self, pair: int) -> tuple[int, int]:
        """With the pair's row and column away, and the pair added to what is left."""
        mentor, mentee = self.instance.mentor[pair], self.instance.mentee[pair]
        rest = np.delete(np.delete(self.worth, mentor, axis=0), mentee, axis=1)
        rows, columns = linear_sum_assignment(rest, maximize=True)
        worth = int(rest[rows, columns].sum() + self.worth[mentor, mentee])
        return divmod(worth, PAIR)


PEERS: dict[str, Callable[[Instance], Forcing]] = {"ortools": ByFlow, "scipy": ByAssignment}


def run(n: int, seed: int) -> Row:
    """One row: every price in one pass, a sample of them by each peer."""
    scores = rmatch.score(mentoring_like(n, seed))
    matching = rmatch.solve(scores, objectives=("pairs", "score"))
    started = time.perf_counter()
    cells = matching.forcing_cost()
    seconds = time.perf_counter() - started
    instance, best = matching.instance, matching.objectives
    others = sorted(set(range(instance.n_pairs)) - set(matching.solution.chosen))
    row: Row = {"n": n, "seed": seed, "pairs": len(others), "seconds": round(seconds, 4)}
    sample = random.Random(seed).sample(others, min(SAMPLE, len(others)))
    for name, peer in PEERS.items():
        force = peer(instance)
        started = time.perf_counter()
        found = [force(pair) for pair in sample]
        each = (time.perf_counter() - started) / len(sample)
        for pair, values in zip(sample, found, strict=True):
            price = cells.cost[instance.mentor[pair], instance.mentee[pair]].tolist()
            if price != [best["pairs"] - values[0], best["score"] - values[1]]:
                raise SystemExit(f"n={n} seed={seed} pair {pair}: {name} {values}, price {price}")
        row[f"{name}_seconds_each"] = round(each, 6)
        row[f"{name}_ratio"] = round(each * len(others) / seconds, 1)
    return row


def main(argv: Sequence[str]) -> None:
    """Run every size and print the table."""
    options = options_of(argv, __doc__, SIZES, SMOKE)
    run(6, 0)
    rows = [run(int(n), seed) for n in options.labels for seed in SEEDS[: options.seeds]]
    print(f"{'n':>5} {'median s':>9} {'worst s':>9} {'× OR-Tools':>12} {'× scipy':>12}")
    for n in map(int, options.labels):
        mine = [row for row in rows if row["n"] == n]
        median, worst = median_and_worst([float(str(row["seconds"])) for row in mine])
        ratios = [
            median_and_worst([float(str(row[f"{name}_ratio"])) for row in mine])[0]
            for name in PEERS
        ]
        print(f"{n:>5} {median:>9.3f} {worst:>9.3f} {ratios[0]:>12,.0f} {ratios[1]:>12,.0f}")
    print(keep(NAME, rows, options))


if __name__ == "__main__":
    main(sys.argv[1:])
