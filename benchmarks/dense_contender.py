"""One contender on one table of scores, in a process and an environment of its own.

    python benchmarks/dense_contender.py NAME SCORES.npy [MASK.npy]

Says "ready", and for each line that it reads solves the table and tells, as JSON, the processor
seconds of solving (a cost table of the library's own kind is made before), the pairs, their score,
and the peak of memory so far, table and all that is made of it, as a multiple of the table (0 where
the system is not Linux). What is short is solved again, and the mean counts. This file needs
nothing but NumPy and the library it is named for.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Solver = Callable[[], Any]
"""Solves, and tells the column of each row."""

LEAST = 0.05
"""Processor seconds that are measured."""


def _rmatch(score: Any, acceptable: Any) -> Solver:
    assign = importlib.import_module("rmatch.solving.dense").assign
    return lambda: assign(score, acceptable).partner


def _scipy(score: Any, acceptable: Any) -> Solver:
    solve = importlib.import_module("scipy.optimize").linear_sum_assignment
    cost = _cost(score, acceptable)
    return lambda: solve(cost)[1]


def _lapx(score: Any, acceptable: Any) -> Solver:
    solve = importlib.import_module("lap").lapjv
    cost = _cost(score, acceptable)
    return lambda: solve(cost, extend_cost=cost.shape[0] != cost.shape[1])[1]


def _cost(score: Any, acceptable: Any) -> Any:
    """Costs as floats; a pair that may not be made costs more than all others together."""
    top = float(score.max())
    cost = np.subtract(top, score)
    if acceptable is not None:
        cost[~acceptable] = (top + 1) * (len(score) + 1)
    return cost


CONTENDERS: dict[str, Callable[[Any, Any], Solver]] = {
    "rmatch": _rmatch,
    "scipy": _scipy,
    "lapx": _lapx,
}


def _memory() -> int:
    """Bytes at the peak so far, as Linux tells it; its ``ru_maxrss`` would be the parent's."""
    status = Path("/proc/self/status")
    lines = status.read_text("ascii").splitlines() if status.exists() else []
    peak = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return 1024 * sum(peak)


def _timed(solve: Solver) -> tuple[float, Any]:
    """Processor seconds of one solving, and the columns."""
    started, times = time.process_time(), 0
    while times == 0 or time.process_time() - started < LEAST:
        columns = solve()
        times += 1
    return (time.process_time() - started) / times, columns


def _told(score: Any, acceptable: Any, columns: Any) -> dict[str, int]:
    """Pairs and score, counted from the columns."""
    row = np.arange(len(score))
    made = columns >= 0
    if acceptable is not None:
        made &= acceptable[row, columns]
    taken = columns[made]
    if len(np.unique(taken)) < len(taken):
        raise SystemExit("a column is taken twice")
    return {
        "pairs": int(made.sum()),
        "score": int(score[row[made], taken].sum(dtype=np.int64)),
    }


def main(name: str, path: str, mask: str = "") -> None:
    """Solve as often as asked."""
    CONTENDERS[name](np.ones((2, 2), dtype=np.int32), None)()  # loads the library
    CONTENDERS[name](np.ones((2, 3), dtype=np.int32), None)()
    before = _memory()
    score = np.load(path)
    acceptable = np.load(mask) if mask else None
    solve = CONTENDERS[name](score, acceptable)
    print("ready", flush=True)
    for _ in sys.stdin:
        cpu, columns = _timed(solve)
        memory = (_memory() - before) / score.nbytes
        told = {"cpu": cpu, "memory": memory, **_told(score, acceptable, columns)}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
