"""What starting costs: a command in a new process, over ``python -c "import numpy, pydantic"``.

    python benchmarks/cold_start.py                       # every command
    python benchmarks/cold_start.py solve --seeds 21      # one, in 21 rounds

Every round runs the yardstick and then each command, so that both meet the same machine. CPU time
is the processes' own (user and system), wall time what somebody waits. One round before the first
writes the byte code and is not counted.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import rmatch
from protocol import keep, options_of

YARDSTICK = "import numpy, pydantic"
COHORT = "east-of-england"
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "import": ("-c", "import rmatch"),
    "version": ("-m", "rmatch", "--version"),
    "solve-no-documents": ("-m", "rmatch", "solve", "COHORT", "--out", "RUN", "--no-documents"),
    "solve": ("-m", "rmatch", "solve", "COHORT", "--out", "RUN"),
}
SMOKE = ("import",)


def main(argv: Sequence[str]) -> None:
    """Run every command as often as asked for; print and keep the medians and their ratios."""
    options = options_of(argv, __doc__, tuple(COMMANDS), SMOKE)
    with tempfile.TemporaryDirectory() as folder:
        rounds = [
            _round(options.labels, Path(folder) / str(number))
            for number in range(options.seeds + 1)
        ][1:]
    rows = [_row(label, rounds) for label in options.labels]
    print(f"{'command':<20} {'× CPU':>6} {'× wall':>7} {'CPU ms':>7}")
    for row in rows:
        print(
            f"{row['command']:<20} {row['cpu_ratio']:>6} {row['wall_ratio']:>7} {row['cpu_ms']:>7}"
        )
    print(keep("cold_start", rows, options))


Times = tuple[float, float]
"""Seconds of CPU, and of waiting."""


def _round(labels: Sequence[str], folder: Path) -> dict[str, Times]:
    """The yardstick's times, under ``""``, and those of each command after it."""
    folder.mkdir()
    cohort = rmatch.examples.path(COHORT)
    times = {"": _timed(("-c", YARDSTICK), folder)}
    for label in labels:
        given = {"COHORT": str(cohort), "RUN": str(folder / label)}
        times[label] = _timed([given.get(word, word) for word in COMMANDS[label]], folder)
    return times


def _timed(arguments: Sequence[str], folder: Path) -> Times:
    environment = {**os.environ, "PYTHONPATH": str(Path(rmatch.__file__).parent.parent)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(  # noqa: S603 - this Python, with fixed words
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    waited, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, waited


def _row(label: str, rounds: Sequence[Mapping[str, Times]]) -> dict[str, object]:
    """Medians, and the ratio of the medians."""
    (cpu, wall), (base_cpu, base_wall) = (
        [statistics.median(times[name][kind] for times in rounds) for kind in (0, 1)]
        for name in (label, "")
    )
    return {
        "command": label,
        "rounds": len(rounds),
        "cpu_ratio": f"{cpu / base_cpu:.2f}",
        "wall_ratio": f"{wall / base_wall:.2f}",
        "cpu_ms": round(1000 * cpu),
        "yardstick_cpu_ms": round(1000 * base_cpu),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
