"""What every benchmark records beside its figures, so that they mean something later."""

from __future__ import annotations

import csv
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

from rmatch.runs import versions

RESULTS = Path(__file__).parent / "results"


def machine() -> dict[str, str]:
    """Versions and hardware of this run."""
    return {**versions(), "system": platform.platform(), "cores": str(os.cpu_count())}


def median_and_worst(seconds: Sequence[float]) -> tuple[float, float]:
    """The figures to quote: median over the seeds, and the worst of them."""
    return statistics.median(seconds), max(seconds)


def write_results(name: str, rows: Sequence[Mapping[str, object]]) -> Path:
    """One row a run under a comment that tells the machine."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        handle.write("# " + "; ".join(f"{key} {value}" for key, value in machine().items()) + "\n")
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
