"""What every benchmark can be asked, and what it records beside its figures."""

from __future__ import annotations

import argparse
import csv
import datetime
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rmatch.runs import versions

RESULTS = Path(__file__).parent / "results"

QUICK_CAP = 3.0
"""Seconds for a run of a peer in ``make bench-quick``."""


def machine() -> dict[str, str]:
    """Versions and hardware of this run, and when of which commit it was."""
    return {
        **versions(),
        "system": platform.platform(),
        "cores": str(os.cpu_count()),
        "load": f"{os.getloadavg()[0]:.1f}",
        "commit": _commit(),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }


def _commit() -> str:
    """The commit that the files are of, as far as git knows."""
    git = shutil.which("git")
    if git is None:
        return "unknown"
    told = subprocess.run(  # noqa: S603 - git itself, with fixed words
        [git, "describe", "--always", "--dirty"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() or "unknown"


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line.

    Attributes:
        labels: Which classes of instances.
        seeds: How many seeds of each.
        peer_seeds: How many of them the peers get too.
        cap: Seconds for each run of a peer.
        limit: Seconds for each run of rmatch.
        smoke: Whether this is only to see that the script works: nothing is kept.
        quick: Whether this is the short run of ``make bench-quick``: one seed, short caps.
    """

    labels: tuple[str, ...]
    seeds: int = 10
    peer_seeds: int = 3
    cap: float = 60.0
    limit: float = 120.0
    smoke: bool = False
    quick: bool = False


def options_of(
    argv: Sequence[str], doc: str | None, labels: Sequence[str], smoke: Sequence[str]
) -> Options:
    """Read the command line of a script.

    Args:
        argv: Its arguments.
        doc: Its docstring.
        labels: Its classes of instances by default.
        smoke: Tiny ones for ``--smoke``, with one seed.
    """
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labels", nargs="*", metavar="class", help=f"default: {' '.join(labels)}")
    parser.add_argument("--seeds", type=int, default=Options.seeds)
    parser.add_argument("--peer-seeds", type=int, default=Options.peer_seeds)
    parser.add_argument("--cap", type=float, default=Options.cap, help="seconds for a peer's run")
    parser.add_argument("--limit", type=float, default=Options.limit, help="seconds for rmatch")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes, nothing is written")
    parser.add_argument("--quick", action="store_true", help="one seed, short caps")
    given = parser.parse_args(argv)
    if given.quick:
        return Options(tuple(given.labels or labels), 1, 1, QUICK_CAP, 60.0, quick=True)
    if given.smoke:
        return Options(tuple(given.labels or smoke), 1, 1, 5.0, 5.0, smoke=True)
    return Options(
        tuple(given.labels or labels), given.seeds, given.peer_seeds, given.cap, given.limit
    )


def median_and_worst(seconds: Sequence[float]) -> tuple[float, float]:
    """The figures to quote: median over the seeds, and the worst of them."""
    return statistics.median(seconds), max(seconds)


def write_results(name: str, rows: Sequence[Mapping[str, object]], folder: Path = RESULTS) -> Path:
    """One row a run under a comment that tells the machine."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        handle.write("# " + "; ".join(f"{key} {value}" for key, value in machine().items()) + "\n")
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def keep(name: str, rows: Sequence[Mapping[str, object]], options: Options) -> str:
    """Write the figures, and say where; a smoke run writes them to see that it could."""
    if not options.smoke:
        return f"written to {write_results(name, rows)}"
    with tempfile.TemporaryDirectory() as folder:
        write_results(name, rows, Path(folder))
    return "smoke: nothing kept"
