"""Stable matchings at scale: candidate lists of fifty, up to 100 000 people a side.

Deferred acceptance (rounds, proposals, seconds), then the strategy ``stable`` under a time limit:
its blocking pairs, counted by code of this file, score, bound and gap. OR-Tools' assignment, which
knows no stability, gets the same arcs in the same process. Random strict lists, and lists in eight
tie groups; scores are random from 0 to 10 000.

    python benchmarks/stable_scale.py                # 1 000 to 100 000 a side
    python benchmarks/stable_scale.py 10000:ties
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Sequence

import numpy as np
from ortools.graph.python import linear_sum_assignment

from protocol import keep, options_of
from rmatch import Instance
from rmatch.instance import IntArray
from rmatch.solving import solve
from rmatch.solving.deferred_acceptance import proposals_of, settle
from rmatch.solving.ties import best_score_first

CANDIDATES = 50
MAX_SCORE = 10_000
TIE_GROUPS = 8
LIMIT, SMOKE_LIMIT = 60.0, 2.0
"""Seconds for ``stable``."""

LABELS = tuple(f"{n}:{kind}" for n in (1_000, 10_000, 100_000) for kind in ("strict", "ties"))


def main(argv: Sequence[str]) -> None:
    """A row for every size and kind of lists."""
    options = options_of(argv, __doc__, LABELS, ("30:ties",))
    rows = []
    for label in options.labels:
        n, kind = label.split(":")
        row = {"instance": label, **_measured(candidates(int(n), kind, 0), smoke=options.smoke)}
        print("  " + ", ".join(f"{name} {value}" for name, value in row.items()), flush=True)
        rows.append(row)
    print(keep("stable_scale", rows, options))


def candidates(n: int, kind: str, seed: int) -> Instance:
    """Everybody lists fifty or hardly fewer; a perfect matching exists, stable or not."""
    draw = np.random.RandomState(seed)
    offers = [np.argsort(draw.random_sample(n)) for _ in range(min(n, CANDIDATES))]
    cells = np.unique(np.concatenate([np.arange(n) * n + offer for offer in offers]))
    count = len(cells)
    mentors, mentees = (
        np.argsort(draw.random_sample(count))
        if kind == "strict"
        else (draw.random_sample(count) * TIE_GROUPS).astype(np.int64)
        for _ in range(2)
    )
    return Instance.from_pairs(
        cells // n,
        cells % n,
        mentors,
        mentees,
        score=(draw.random_sample(count) * (MAX_SCORE + 1)).astype(np.int64),
        mentor_capacity=np.ones(n, dtype=np.int64),
        mentee_capacity=np.ones(n, dtype=np.int64),
        stated=True,
    )


def blocking(instance: Instance, chosen: IntArray) -> int:
    """Pairs that both people would rather have; everybody has one place."""
    mentor = np.full(instance.n_mentors, instance.n_pairs + 1)
    mentee = np.full(instance.n_mentees, instance.n_pairs + 1)
    mentor[instance.mentor[chosen]] = instance.mentor_rank[chosen]
    mentee[instance.mentee[chosen]] = instance.mentee_rank[chosen]
    return int(
        np.count_nonzero(
            (instance.mentor_rank < mentor[instance.mentor])
            & (instance.mentee_rank < mentee[instance.mentee])
        )
    )


def _measured(instance: Instance, *, smoke: bool) -> dict[str, object]:
    started = time.process_time()
    proposals = proposals_of(instance, best_score_first(instance), mentors_propose=True)
    settle(proposals)
    deferred = time.process_time() - started
    assigned, best = _assignment(instance)
    started = time.perf_counter()
    solution = solve(instance, time_limit=SMOKE_LIMIT if smoke else LIMIT)
    seconds = time.perf_counter() - started
    levels = {level.name: level for level in solution.levels}
    chosen = np.array(solution.chosen, dtype=np.int64)
    value, bound = levels["score"].value, levels["score"].bound
    return {
        "pairs": instance.n_pairs,
        "rounds": proposals.rounds,
        "proposals": proposals.asked,
        "deferred_acceptance_cpu_seconds": f"{deferred:.2f}",
        "its_pairs": len(proposals.matched),
        "its_blocking": blocking(instance, proposals.matched),
        "its_score": int(instance.score[proposals.matched].sum()),
        "assignment_cpu_seconds": f"{assigned:.2f}",
        "assignment_score": best,
        "times_the_assignment": f"{deferred / max(assigned, 1e-9):.2f}",
        "stable_seconds": f"{seconds:.1f}",
        "status": solution.status,
        "made": len(chosen),
        "blocking": blocking(instance, chosen),
        "score": value,
        "bound": "" if bound is None else bound,
        "gap": f"{100 * (1 - value / bound):.2f} %" if isinstance(bound, int) and bound else "",
        "peak_gib": f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f}",
    }


def _assignment(instance: Instance) -> tuple[float, int]:
    """CPU seconds and score of OR-Tools' assignment over the same arcs."""
    started = time.process_time()
    solver = linear_sum_assignment.SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(instance.mentor, instance.mentee, -instance.score)
    if solver.solve() != solver.OPTIMAL:
        raise SystemExit("the assignment failed, though a perfect matching exists")
    return time.process_time() - started, -solver.optimal_cost()


if __name__ == "__main__":
    main(sys.argv[1:])
