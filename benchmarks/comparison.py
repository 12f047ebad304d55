"""rmatch and its peers on the same instances in the same run.

A benchmark is a registry of classes: per label and seed a case, which is an instance and an order
of objectives. The time of rmatch is that of all levels up to the last; a peer gets only the last,
with the values of the levels before given to it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cohorts import SEEDS
from formulation import is_legal, question_of, value
from peers import PEERS, ask, check
from protocol import Options, keep, options_of
from rmatch import Instance, Solution
from rmatch.solving import OBJECTIVES, solve
from tables import Row, table


@dataclass(frozen=True, slots=True)
class Case:
    """One instance to solve.

    Attributes:
        title: Of the class, as the table shows it.
        instance: What makes it; not timed.
        objectives: The order of levels; the peers get the last.
        peers: Whether the peers are asked at all.
        limit: Seconds for rmatch, where the class has a limit of its own.
    """

    title: str
    instance: Callable[[], Instance]
    objectives: tuple[str, ...]
    peers: bool = True
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A script's classes of instances.

    Attributes:
        name: Of the file that the figures go to.
        doc: The script's docstring.
        labels: Classes by default.
        smoke: Tiny classes that show that the script works.
        case: The case of a label and a seed.
        seeds: The seeds of a label.
    """

    name: str
    doc: str | None
    labels: tuple[str, ...]
    smoke: tuple[str, ...]
    case: Callable[[str, int], Case]
    seeds: Callable[[str], Sequence[int]] = lambda label: SEEDS  # noqa: ARG005

    def main(self, argv: Sequence[str]) -> None:
        """Run the classes that were asked for, print the table, write the figures."""
        options = options_of(argv, self.doc, self.labels, self.smoke)
        _warm_up()
        rows: list[Row] = []
        for label in options.labels:
            for place, seed in enumerate(self.seeds(label)[: options.seeds]):
                case = self.case(label, seed)
                if unknown := set(case.objectives) - set(OBJECTIVES):
                    print(f"{case.title}: left out, there is no {', '.join(sorted(unknown))}")
                    break
                rows.append(run(case, seed, options, peers=place < options.peer_seeds))
        if rows:
            print("\n".join(table(rows, options)))
            print(keep(self.name, rows, options))


def cohort_size(label: str) -> tuple[int, float, str]:
    """``200:30`` is 200 a side, a share of 0.3 that vetoes leave, and a title; ``200`` is dense."""
    n, _, percent = label.partition(":")
    if not percent:
        return int(n), 1.0, f"{n} dense"
    return int(n), int(percent) / 100, f"{n} at {percent} %"


# One case -----------------------------------------------------------------------------------------


def _warm_up() -> None:
    """Solve something tiny, so that no import is timed."""
    tiny = Instance.from_rankings([[[0, 1]], [[0, 1]]], [[[0, 1]], [[0, 1]]])
    solve(tiny, ("pairs", "stability", "score"))


def run(case: Case, seed: int, options: Options, *, peers: bool) -> Row:
    """One row: rmatch, its figures counted again from the pairs, and the peers."""
    instance = case.instance()
    limit = min(options.limit, case.limit or math.inf)
    solution = solve(instance, case.objectives, seed=0, time_limit=limit)
    _recount(instance, solution)
    last = solution.levels[-1]
    row: Row = {
        "class": case.title,
        "seed": seed,
        "acceptable_pairs": instance.n_pairs,
        "levels": "; ".join(f"{level.name} {level.value}" for level in solution.levels),
        "level_seconds": "; ".join(f"{level.seconds:.4f}" for level in solution.levels),
        "level": last.name,
        "value": last.value,
        "bound": last.bound,
        "status": solution.status,
        "seconds": round(solution.seconds, 4),
    }
    for peer in PEERS:
        row |= _ask(peer, instance, solution, options.cap) if peers and case.peers else _blank(peer)
    print(f"  {case.title}, seed {seed}: {_in_short(row)}", flush=True)
    return row


def _recount(instance: Instance, solution: Solution) -> None:
    """Stop the run where a figure of rmatch is not what its pairs come to."""
    chosen = np.array(solution.chosen, dtype=np.int64)
    for level in solution.levels:
        counted = value(level.name, instance, chosen)
        if counted != level.value or not is_legal(instance, chosen):
            raise SystemExit(f"{level.name} is {counted}, not {level.value}: {instance!r}")


def _blank(peer: str) -> Row:
    return {f"{peer}_{what}": "" for what in ("status", "value", "seconds")}


def _ask(peer: str, instance: Instance, solution: Solution, cap: float) -> Row:
    question = question_of(instance, solution)
    answer = ask(peer, question, cap)
    check(peer, question, answer, solution)
    theirs = answer.value(question)
    timed = not math.isnan(answer.seconds)
    return {
        f"{peer}_status": answer.status,
        f"{peer}_value": "" if theirs is None else theirs,
        f"{peer}_seconds": round(answer.seconds, 4) if timed else "",
    }


def _in_short(row: Row) -> str:
    said = [f"{row['levels']} ({row['status']}, bound {row['bound']}) in {row['seconds']} s"]
    for peer in PEERS:
        if row[f"{peer}_status"]:
            said.append(f"{peer} {row[f'{peer}_status']} {row[f'{peer}_seconds']} s")
    return "; ".join(said)
