"""The best assignment of a dense table of scores: rmatch's price and repair, scipy and lapx.

    python benchmarks/dense.py                        # 2 000 and 4 000 a side
    python benchmarks/dense.py random:1000 --seeds 3

``cohort`` are tables as a mentoring scheme scores them (specialty, region, topics, three choices),
with many equal scores; ``random`` are whole numbers below 30 000. Each contender runs in a process
of its own, one after the other on each table, and a score that differs stops the run. Ratios are of
processor time, which a busy machine disturbs least; all three use one core. lapx needs its
environment (``python benchmarks/environments.py``).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import environments
from protocol import keep, median_and_worst, options_of
from tables import Row

NAME = "dense"
LABELS = ("cohort:2000", "random:2000", "cohort:4000", "random:4000")
SMOKE = ("cohort:30", "random:30")
PEERS = ("scipy", "lapx")
SCRIPT = Path(__file__).parent / "dense_contender.py"

Scores = npt.NDArray[np.int32]


def uniform(n: int, seed: int) -> Scores:
    """Whole numbers below 30 000."""
    return np.random.default_rng(seed).integers(0, 30_000, (n, n), dtype=np.int32)


def cohort(n: int, seed: int) -> Scores:
    """Points for the same specialty, region and topics, and for three choices of everybody."""
    draw = np.random.default_rng(seed)
    score = np.zeros((n, n), dtype=np.int32)
    for values, points in ((10, 40), (5, 20)):
        score += points * (draw.integers(0, values, n)[:, None] == draw.integers(0, values, n))
    for _ in range(2):  # what one wants and the other offers, both ways
        score += 10 * (_topics(draw, n) @ _topics(draw, n).T)
    for person in range(n):
        score[person, draw.integers(0, n, 3)] += np.array([90, 60, 30], dtype=np.int32)
        score[draw.integers(0, n, 3), person] += np.array([90, 60, 30], dtype=np.int32)
    return score


def _topics(draw: np.random.Generator, people: int) -> Scores:
    """(people, 8) three topics of everybody."""
    return (draw.random((people, 8)).argsort(axis=1) < 3).astype(np.int32)


KINDS = {"cohort": cohort, "random": uniform}


def told(name: str, table: Path, cap: float) -> dict[str, Any] | None:
    """What a contender tells of a table, nothing if it has no environment."""
    python = environments.existing(name).python if name == "lapx" else Path(sys.executable)
    if python is None:
        return None
    done = subprocess.run(  # noqa: S603 - our own script
        [python, SCRIPT, name, table], capture_output=True, text=True, check=True, timeout=cap
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run(label: str, seed: int, cap: float) -> Row:
    """One row: all contenders on one table."""
    kind, n = label.split(":")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scores.npy"
        np.save(path, KINDS[kind](int(n), seed))
        found = {name: told(name, path, cap) for name in ("rmatch", *PEERS)}
    mine = found["rmatch"]
    if mine is None:
        raise SystemExit("rmatch told nothing")
    row: Row = {"class": label, "seed": seed}
    for name, its in found.items():
        if its is not None and its["score"] != mine["score"]:
            raise SystemExit(f"{label} seed={seed}: {name} {its['score']}, {mine['score']}")
        for column, digits in (("seconds", 4), ("cpu", 4), ("memory", 2)):
            row[f"{name}_{column}"] = "" if its is None else round(its[column], digits)
        row[f"{name}_ratio"] = "" if its is None else round(its["cpu"] / mine["cpu"], 2)
    return row


def _median(rows: Sequence[Row], column: str) -> str:
    values = [float(str(row[column])) for row in rows if row[column] != ""]
    return f"{median_and_worst(values)[0]:.2f}" if values else "–"


def main(argv: Sequence[str]) -> None:
    """Run every class and print the table of medians."""
    options = options_of(argv, __doc__, LABELS, SMOKE)
    seeds = range(options.seeds)
    rows = [run(label, seed, options.cap) for label in options.labels for seed in seeds]
    print(f"{'class':>12} {'cpu s':>8} {'× scipy':>8} {'× lapx':>8} {'memory':>8}")
    columns = ("rmatch_cpu", "scipy_ratio", "lapx_ratio", "rmatch_memory")
    for label in options.labels:
        of_label = [row for row in rows if row["class"] == label]
        print(f"{label:>12}", *(f"{_median(of_label, column):>8}" for column in columns))
    if not all(row["lapx_ratio"] for row in rows):
        print("lapx has no environment: run python benchmarks/environments.py")
    print(keep(NAME, rows, options))


if __name__ == "__main__":
    main(sys.argv[1:])
