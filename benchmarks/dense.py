"""The best assignment of a dense table of scores: rmatch's price and repair, scipy and lapx.

    python benchmarks/dense.py                        # from 100 to 4 000 a side
    python benchmarks/dense.py random:1000 --seeds 3

``cohort`` are tables as a mentoring scheme scores them (specialty, region, topics, three choices),
with many equal scores; ``random`` are whole numbers below 30 000, ``ties`` eleven different ones;
``rectangle`` has a fifth more mentees than mentors, ``mask`` rules that exclude 30 % of the pairs.
Each contender holds its table in a process of its own, and they solve it by turns, three times; a
score that differs stops the run. A ratio is of processor time in the same round, which a busy
machine disturbs least: the table has the median, and the worst in brackets. lapx needs its
environment (``python benchmarks/environments.py``).
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import environments
from dense_costs import costs
from protocol import keep, options_of
from tables import Row

NAME = "dense"
SIZES = (100, 300, 1000, 2000, 4000)
LABELS = (
    *(f"{kind}:{n}" for kind in ("cohort", "random") for n in SIZES),
    *(f"{kind}:2000" for kind in ("ties", "rectangle", "mask")),
)
QUICK = ("cohort:300", "random:300", "cohort:1000", "random:1000", "cohort:2000", "random:2000")
SMOKE = ("cohort:30", "random:30", "ties:30", "rectangle:30", "mask:30")
PEERS = ("scipy", "lapx")
ROUNDS = 3
SCRIPT = Path(__file__).parent / "dense_contender.py"

Told = dict[str, Any]
Process = subprocess.Popen[str]


@contextmanager
def contender(name: str, tables: Sequence[Path], cap: float) -> Iterator[Process | None]:
    """A process that holds the table, nothing if the library has no environment.

    It is ended after a cap for all its rounds together.
    """
    python = environments.existing(name).python if name == "lapx" else Path(sys.executable)
    if python is None:
        yield None
        return
    command = [str(part) for part in (python, SCRIPT, name, *tables)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:  # noqa: S603 - ours
        timer = threading.Timer(ROUNDS * cap, process.kill)
        timer.start()
        try:
            yield process if _line(process) else None
        finally:
            timer.cancel()
            process.kill()


def _line(process: Process) -> str:
    """What it says next, nothing if it is ended."""
    return "" if process.stdout is None else process.stdout.readline()


def told(process: Process | None) -> Told | None:
    """What a contender tells of one more solving."""
    if process is None or process.stdin is None:
        return None
    process.stdin.write("again\n")
    process.stdin.flush()
    found: Told | None = json.loads(_line(process) or "null")
    return found


def rounds(label: str, seed: int, cap: float) -> list[dict[str, Told | None]]:
    """What all contenders tell, by turns."""
    table = costs(label, seed)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        paths = [Path(folder) / "scores.npy", Path(folder) / "mask.npy"]
        np.save(paths[0], table.score)
        if table.acceptable is None:
            del paths[1]
        else:
            np.save(paths[1], table.acceptable)
        processes = {
            name: stack.enter_context(contender(name, paths, cap)) for name in ("rmatch", *PEERS)
        }
        return [{name: told(process) for name, process in processes.items()} for _ in range(ROUNDS)]


def run(label: str, seed: int, cap: float) -> Row:
    """One row: all contenders on one table."""
    every = rounds(label, seed, cap)
    for found in every:
        _agree(label, seed, found)
    row: Row = {"class": label, "seed": seed}
    for name in ("rmatch", *PEERS):
        its = [found[name] for found in every]
        known = [one for one in its if one is not None]
        row[f"{name}_cpu"] = _median([one["cpu"] for one in known], 5)
        row[f"{name}_memory"] = round(max(one["memory"] for one in known), 2) if known else ""
        row[f"{name}_ratio"] = _median(_ratios(every, name), 2)
    return row


def _agree(label: str, seed: int, found: dict[str, Told | None]) -> None:
    mine = found["rmatch"]
    if mine is None:
        raise SystemExit(f"{label} seed={seed}: rmatch told nothing")
    for name, its in found.items():
        for what in ("pairs", "score"):
            if its is not None and its[what] != mine[what]:
                raise SystemExit(f"{label} seed={seed}: {name} {its[what]}, {mine[what]} {what}")


def _ratios(every: Sequence[dict[str, Told | None]], name: str) -> list[float]:
    """Processor seconds of a contender by those of rmatch, round by round."""
    both = [(found[name], found["rmatch"]) for found in every]
    return [its["cpu"] / mine["cpu"] for its, mine in both if its is not None and mine is not None]


def _median(values: Sequence[float], digits: int) -> float | str:
    return round(statistics.median(values), digits) if values else ""


def table(rows: Sequence[Row]) -> list[str]:
    """A line a class, and below what is no good news."""
    lines = [f"{'class':>15} {'cpu s':>9} {'× scipy':>14} {'× lapx':>14} {'memory':>7}"]
    notes: list[str] = []
    for label in dict.fromkeys(str(row["class"]) for row in rows):
        mine = [row for row in rows if row["class"] == label]
        marks = "".join(_noted(note, notes) for note in _bad_news(mine))
        cells = (
            f"{statistics.median(_known(mine, 'rmatch_cpu')):9.4f}",
            *(f"{_middle_and_worst(_known(mine, f'{peer}_ratio')):>14}" for peer in PEERS),
            f"{max(_known(mine, 'rmatch_memory')):7.2f}",
        )
        lines.append(f"{label:>15} {' '.join(cells)} {marks}".rstrip())
    return lines + [f"[{number}] {note}" for number, note in enumerate(notes, 1)]


def _known(rows: Sequence[Row], column: str) -> list[float]:
    return [float(str(row[column])) for row in rows if row[column] != ""]


def _middle_and_worst(ratios: Sequence[float]) -> str:
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f})" if ratios else "–"


def _noted(note: str, notes: list[str]) -> str:
    if note not in notes:
        notes.append(note)
    return f"[{notes.index(note) + 1}]"


def _bad_news(rows: Sequence[Row]) -> Iterator[str]:
    for peer in PEERS:
        ratios = _known(rows, f"{peer}_ratio")
        if slower := sum(ratio < 1 for ratio in ratios):
            yield f"{peer} is faster on {slower} of {len(ratios)}"
        if len(ratios) < len(rows):
            yield f"{peer} is absent or capped: is there an environment for it?"


def main(argv: Sequence[str]) -> None:
    """Run every class and print the table of medians."""
    labels = QUICK if "--quick" in argv else LABELS
    options = options_of(argv, __doc__, labels, SMOKE)
    seeds = range(options.seeds)
    rows = [run(label, seed, options.cap) for label in options.labels for seed in seeds]
    print("\n".join(table(rows)))
    print(keep(NAME, rows, options))


if __name__ == "__main__":
    main(sys.argv[1:])
