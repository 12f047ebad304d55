"""From people to a verified matching, step by step, beside OR-Tools' own solve of the same arcs.

    python benchmarks/from_people.py                    # 1 000, 10 000 and 100 000 a side, 50 each
    python benchmarks/from_people.py 10000:20 --seeds 3

A class is ``a side:candidates``; the levels are pairs and score. Steps: the candidate lists with
their scores, the instance (ranks), the solve with prices and cut, ``matching.verify()``; making the
people is not counted. Peers, on the arcs of that instance: ``SimpleMinCostFlow`` (most pairs, then
the best) and, where everybody finds a partner, ``SimpleLinearSumAssignment``, their solve alone.
Everybody has one place. Seconds are of the processor, in one process; the score must agree. The
peak is what the process has held at most when the matching was verified, before the peers; name the
smallest class first. Beside the total stand the pairs as records, the text and the table, and (up
to 10 000 a side) the bound over all pairs.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Sequence

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

import rmatch
from national import Arcs, by_assignment, timed
from protocol import keep, median_and_worst, options_of
from rmatch.generating import CohortShape, generate
from rmatch.instance import IntArray

NAME = "from_people"
CLASSES = ("1000:50", "10000:50", "100000:50")
SMOKE = ("30:5",)
LEVELS = ("pairs", "score")
MOST_BOUNDED = 10_000


def _run(label: str, seed: int) -> dict[str, object]:
    n, k = map(int, label.split(":"))
    shape = CohortShape(
        mentors=n, mentees=n, deaneries=12, specialties=50, employers=12, mentee_capacity=(1.0,)
    )
    programme = generate(shape, seed)
    scores, listing = timed(lambda: rmatch.score(programme, candidates=k))
    _, building = timed(lambda: scores.instance)
    matching, solving = timed(lambda: rmatch.solve(scores, objectives=LEVELS))
    audit, verifying = timed(matching.verify)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if not audit.ok or matching.status != "optimal":
        raise SystemExit(f"{label}, seed {seed}: {matching.status}\n{audit}")
    total = listing + building + solving + verifying
    row: dict[str, object] = {
        "class": label,
        "seed": seed,
        "candidate_pairs": matching.instance.n_pairs,
        "made": matching.objectives["pairs"],
        "lists": f"{listing:.2f}",
        "instance": f"{building:.2f}",
        "solve_and_prove": f"{solving:.2f}",
        "verify": f"{verifying:.2f}",
        "total": f"{total:.2f}",
        "peak_mb": peak // 1024,
    }
    shown = {
        "records": lambda: matching.pairs,
        "text": lambda: str(matching),
        "table": matching.to_frame,
    }
    row |= {name: f"{timed(work)[1]:.2f}" for name, work in shown.items()}
    return row | _bound(matching) | _peers(matching, total)


def _bound(matching: rmatch.Matching) -> dict[str, object]:
    """What is missing at most to the best score of all pairs, and the seconds of looking."""
    if matching.instance.n_mentors > MOST_BOUNDED:
        return {"bound": "", "gap_per_cent": ""}
    found, seconds = timed(matching.score_bound)
    return {"bound": f"{seconds:.2f}", "gap_per_cent": f"{100 * found.gap / found.total:.2f}"}


def _peers(matching: rmatch.Matching, total: float) -> dict[str, object]:
    """Their seconds, and how many times as long the whole way took."""
    one = matching.instance
    arcs = Arcs(one.n_mentors, one.n_mentees, one.mentor, one.mentee, one.score)
    peers = {"flow": lambda: by_flow(arcs, one.mentor_capacity, one.mentee_capacity)}
    everybody = one.n_mentors == one.n_mentees == matching.objectives["pairs"]
    if everybody:
        peers["assignment"] = lambda: by_assignment(arcs)
    row: dict[str, object] = {}
    for name in ("flow", "assignment"):
        row[name] = row[f"times_{name}"] = ""
        if name in peers:
            value, seconds = timed(peers[name])
            if value != tuple(matching.objectives.values()):
                raise SystemExit(f"{name} has {value}, rmatch {dict(matching.objectives)}")
            row[name], row[f"times_{name}"] = f"{seconds:.2f}", f"{total / seconds:.2f}"
    return row


def by_flow(arcs: Arcs, mentors: IntArray, mentees: IntArray) -> tuple[int, int]:
    """Pairs and score by the minimum-cost flow, from the places of both sides."""
    n, m = arcs.mentors, arcs.mentees
    source, sink, nothing = n + m, n + m + 1, np.zeros(n + m, dtype=np.int64)
    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([arcs.mentor, np.full(n, source), n + np.arange(m)]),
        np.concatenate([n + arcs.mentee, np.arange(n), np.full(m, sink)]),
        np.concatenate([np.ones(len(arcs.score), dtype=np.int64), mentors, mentees]),
        np.concatenate([-arcs.score, nothing]),
    )
    most = int(min(mentors.sum(), mentees.sum()))
    solver.set_nodes_supplies(np.array([source, sink]), np.array([most, -most]))
    solver.solve_max_flow_with_min_cost()
    return solver.maximum_flow(), -solver.optimal_cost()


def main(argv: Sequence[str]) -> None:
    """Every class and seed; ratios as median and worst."""
    options = options_of(argv, __doc__, CLASSES, SMOKE)
    rows: list[dict[str, object]] = []
    for label in options.labels:
        mine = [_run(label, seed) for seed in range(options.seeds)]
        rows += mine
        print(f"  {label}: {mine[0]}", flush=True)
        for name in ("flow", "assignment"):
            ratios = [float(str(row[f"times_{name}"])) for row in mine if row[name]]
            if ratios:
                median, worst = median_and_worst(ratios)
                print(f"    {median:.2f} times the {name} (worst {worst:.2f})", flush=True)
    print(keep(NAME, rows, options))


if __name__ == "__main__":
    main(sys.argv[1:])
