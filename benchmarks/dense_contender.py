"""One contender on one table of scores, in a process and an environment of its own.

    python benchmarks/dense_contender.py NAME TABLE.npy

Tells, as JSON, the seconds of solving (a cost table of the library's own kind is made before), the
score, and the peak of memory, table and all that is made of it, as a multiple of the table (0 where
the system is not Linux). This file
needs nothing but NumPy and the library it is named for.
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


def _rmatch(score: Any) -> Solver:
    assign = importlib.import_module("rmatch.solving.dense").assign
    assign(np.ones((2, 2), dtype=np.int32))  # loads OR-Tools
    return lambda: assign(score).partner


def _scipy(score: Any) -> Solver:
    solve = importlib.import_module("scipy.optimize").linear_sum_assignment
    cost = np.subtract(float(score.max()), score)
    return lambda: solve(cost)[1]


def _lapx(score: Any) -> Solver:
    solve = importlib.import_module("lap").lapjv
    cost = np.subtract(float(score.max()), score)
    return lambda: solve(cost)[1]


CONTENDERS: dict[str, Callable[[Any], Solver]] = {
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


def main(name: str, path: str) -> None:
    """Run, and print what there is to tell."""
    CONTENDERS[name](np.ones((2, 2), dtype=np.int32))()
    before = _memory()
    score = np.load(path)
    solve = CONTENDERS[name](score)
    started, cpu = time.perf_counter(), time.process_time()
    columns = solve()
    told = {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - cpu,
        "score": int(score[np.arange(len(score)), columns].sum(dtype=np.int64)),
        "memory": (_memory() - before) / score.nbytes,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
