"""Time, memory and counted work from 100 to 100 000 a side, and how they grow.

    python benchmarks/scale.py                           # every task, to 10 000 a side
    python benchmarks/scale.py assign:3000 score:100000  # some
    python benchmarks/scale.py all:100000                # added to what this machine ran before

Each run is a process of its own, so that its peak is its own: what it held at most less what a
process holds that only imports the same. Making the input is part of that peak, for whoever solves
holds the input too. Seconds are of the processor and of the work alone. Counts (``rmatch.work``)
are the same on every machine. Peers are in ``speed.py``, ``national.py`` and ``dense.py``.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from protocol import RESULTS, Options, machine, options_of, write_results
from scale_tables import Row, tables
from scale_tasks import TASKS

NAME = "scale"
RUNNER = Path(__file__).parent / "scale_run.py"
SIZES = (100, 300, 1_000, 3_000, 10_000)
BUSY = "; load "
"""What stands before this in the first line is of the machine and its versions, not of the run."""
EVERY = "all"
LABELS = tuple(f"{EVERY}:{n}" for n in SIZES)
QUICK = (f"{EVERY}:100", *(f"{task}:1000" for task in TASKS if task != "stable"))
"""The default levels of a thousand a side take as long as they may."""


def main(argv: Sequence[str]) -> None:
    """Run what was asked for, print the table, keep the figures, draw them."""
    options = options_of(argv, __doc__, LABELS, (f"{EVERY}:20",))
    if options.quick and options.labels == LABELS:
        options = Options(QUICK, quick=True)
    rows: list[Row] = []
    for label in options.labels:
        task, size = label.split(":")
        for name in TASKS if task == EVERY else (task,):
            if int(size) <= TASKS[name].most:
                rows.append(measured(name, int(size)))
                print("  " + ", ".join(f"{k} {v}" for k, v in rows[-1].items() if v), flush=True)
    kept(rows, options)


def measured(name: str, n: int) -> Row:
    """One row: the task at one size, in a process of its own."""
    seen = told(name, str(n))
    return {
        "task": name,
        "n": n,
        "pairs": seen["pairs"],
        "seconds": f"{float(str(seen['seconds'])):.3f}",
        "peak_mib": f"{(int(str(seen['peak'])) - held(name)) / 1024:.1f}",
        "outcome": seen["outcome"],
        "work": json.dumps(seen["work"], sort_keys=True),
    }


@cache
def held(name: str) -> int:
    """KiB that a process holds that has loaded what the task needs, and done a tiny one."""
    return int(str(told(name)["peak"]))


def told(*words: str) -> dict[str, object]:
    """What the other process prints last."""
    out = subprocess.run(  # noqa: S603 - this Python, with a script beside this one
        [sys.executable, str(RUNNER), *words], capture_output=True, text=True, check=True
    ).stdout
    found: dict[str, object] = json.loads(out.splitlines()[-1])
    return found


def kept(rows: Sequence[Row], options: Options) -> None:
    """Figures, table and plot; a smoke run makes them all, and keeps none."""
    from scale_plots import save_plot  # noqa: PLC0415 - altair is for the plot only

    if options.smoke:
        with tempfile.TemporaryDirectory() as folder:
            write_results(NAME, rows, Path(folder))
        print("\n".join(tables(rows)))
        print("smoke: nothing kept")
        return
    every = joined(earlier(RESULTS / f"{NAME}.csv"), rows)
    print("\n".join(tables(every)))
    print(f"written to {write_results(NAME, every)}")
    print(f"drawn to {save_plot(every, RESULTS / f'{NAME}.svg')}")


def earlier(path: Path) -> list[Row]:
    """The rows of earlier runs on this machine with these versions: large sizes run once."""
    if not path.exists():
        return []
    here = "; ".join(f"{key} {value}" for key, value in machine().items())
    with path.open(encoding="utf-8", newline="") as handle:
        there = handle.readline().removeprefix("# ")
        same = there.split(BUSY)[0] == here.split(BUSY)[0]
        return [dict(row) for row in csv.DictReader(handle)] if same else []


def joined(old: Sequence[Row], new: Sequence[Row]) -> list[Row]:
    """The new rows in place of old ones of the same task and size, in the order of tasks."""
    every = {(str(row["task"]), int(str(row["n"]))): row for row in (*old, *new)}
    order = list(TASKS)
    return [every[key] for key in sorted(every, key=lambda key: (order.index(key[0]), key[1]))]


if __name__ == "__main__":
    main(sys.argv[1:])
