"""What every runner does: read a problem, then answer each line on standard input by a line.

A line is ``run``, or the path of another problem of the same task to run.

A runner runs in the peer's own environment, so this file needs nothing but Python. Building the
library's own objects and solving are timed apart; a short run is repeated, each time from the
start, and the medians are told. A run longer than the cap ends the process by its alarm, which also
interrupts compiled code.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import resource
import signal
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONG_ENOUGH = 0.2
"""Seconds of runs after which a short run is not repeated again."""
MOST_REPEATS = 5
AGAIN = "run"

Problem = Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a peer found.

    Attributes:
        pairs: Mentor and mentee of each pair, as numbers of their rows and columns.
        claim: ``optimal``, ``stable`` or ``capped``: what the peer says of it.
        solving: Seconds of solving alone, where the peer's own function builds and solves in one.
        note: What should be known of how it was done.
    """

    pairs: list[tuple[int, int]]
    claim: str
    solving: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Way:
    """How a peer does a task: its own objects from the problem, and its answer from those."""

    build: Callable[[Problem], Any]
    solve: Callable[[Any], Answer]


def serve(package: str, ways: Mapping[str, Way]) -> None:
    """Answer until standard input ends: ``harness.py PROBLEM CAP``."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library or its solver prints is not an answer
    problem = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    cap = float(sys.argv[2])
    way = ways[problem["task"]]
    version = importlib.metadata.version(package)
    print(json.dumps({"version": version, "tasks": sorted(ways)}), file=out, flush=True)
    for line in sys.stdin:
        if line.strip() != AGAIN:
            problem = json.loads(Path(line.strip()).read_text("utf-8"))
        print(json.dumps(_run(way, problem, cap)), file=out, flush=True)


def _run(way: Way, problem: Problem, cap: float) -> dict[str, Any]:
    builds, solves = [], []
    while True:
        signal.setitimer(signal.ITIMER_REAL, cap)
        started = time.perf_counter()
        built = way.build(problem)
        ready = time.perf_counter()
        answer = way.solve(built)
        ended = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, 0)
        solving = ended - ready if answer.solving is None else answer.solving
        solves.append(solving)
        builds.append(ended - started - solving)
        if sum(solves) + sum(builds) > LONG_ENOUGH or len(solves) == MOST_REPEATS:
            break
    return {
        "pairs": answer.pairs,
        "claim": answer.claim,
        "note": answer.note,
        "build": statistics.median(builds),
        "solve": statistics.median(solves),
        "repeats": len(solves),
        "peak_mib": _peak_mib(),
    }


def _peak_mib() -> float:
    """The most memory that this process ever held at once.

    On Linux from ``/proc``: what ``getrusage`` says begins with the peak of the parent process.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text("utf-8").splitlines()
        told = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
        if told:
            return int(told[0]) / 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
