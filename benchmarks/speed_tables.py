"""The tables of the speed benchmark, in Markdown: medians, ratios, growth, and the bad news."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from contenders import OURS
from growth import growth
from protocol import Options
from speed_tasks import TASKS

Row = dict[str, object]


def tables(rows: Sequence[Row], found: Sequence[Row], options: Options) -> list[str]:
    """A table for each task that was run, each with its footnotes."""
    lines: list[str] = []
    for label in dict.fromkeys(str(row["task"]) for row in rows):
        mine = [row for row in rows if row["task"] == label]
        lines += ["", f"**{TASKS[label].title}** (rmatch: {TASKS[label].ours})", ""]
        lines += _table(mine, options)
        lines += [""] + [f"- {note}" for note in _notes(label, mine, found)]
    return lines


def _table(rows: Sequence[Row], options: Options) -> list[str]:
    sizes = list(dict.fromkeys(int(str(row["n"])) for row in rows))
    names = list(dict.fromkeys(str(row["contender"]) for row in rows))
    lines = [
        f"| seconds to solve (× rmatch) | {' | '.join(map(str, sizes))} | growth |",
        "|---" * (len(sizes) + 2) + "|",
    ]
    for name in names:
        cells = [_cell(rows, name, n, options) for n in sizes]
        lines.append(f"| {name} | {' | '.join(cells)} | {_grown(rows, name)} |")
    return lines


def _cell(rows: Sequence[Row], name: str, n: int, options: Options) -> str:
    """Median seconds and the median ratio; what happened instead where there are none."""
    mine = [row for row in rows if (row["contender"], row["n"]) == (name, n)]
    statuses = {str(row["status"]) for row in mine} - {"answered"}
    if "capped" in statuses and name == OURS.name:
        return f"> {options.limit:g}"
    if "capped" in statuses:
        return _capped([row for row in rows if row["n"] == n], options)
    if statuses:
        return {"not asked": "–"}.get(min(statuses), min(statuses))
    seconds = median(mine, "solve_seconds")
    if not any(row["ratio"] for row in mine):
        return shown(seconds)
    return f"{shown(seconds)} ({shown(median(mine, 'ratio'))} ×)"


def _capped(rows: Sequence[Row], options: Options) -> str:
    """The cap is on building and solving together, so its ratio is to both of rmatch."""
    ours = [r for r in rows if r["contender"] == OURS.name and r["status"] == "answered"]
    if not ours:
        return f"> {options.cap:g}"
    whole = median(ours, "solve_seconds") + median(ours, "build_seconds")
    return f"> {options.cap:g} (> {shown(options.cap / max(whole, 1e-6))} ×)"


def median(rows: Sequence[Row], column: str) -> float:
    """The median of a column of figures."""
    return statistics.median(float(str(row[column])) for row in rows)


def shown(number: float) -> str:
    """Two significant digits, without powers of ten."""
    return (
        f"{number:.0f}"
        if number >= 100
        else f"{float(f'{number:.2g}'):.6f}".rstrip("0").rstrip(".")
    )


def points(rows: Sequence[Row], name: str) -> list[tuple[int, float]]:
    """Sizes and median seconds of a contender, where it answered every time."""
    mine = [row for row in rows if row["contender"] == name]
    sizes = dict.fromkeys(int(str(row["n"])) for row in mine)
    return [
        (n, median(at, "solve_seconds"))
        for n in sizes
        if (at := [row for row in mine if row["n"] == n])
        and all(row["status"] == "answered" for row in at)
    ]


def _grown(rows: Sequence[Row], name: str) -> str:
    """The exponent over sizes from 50 up, where starting a solver no longer hides it."""
    measured = [point for point in points(rows, name) if point[0] >= 50]
    fitted = growth([n for n, _ in measured], [seconds for _, seconds in measured])
    return "–" if fitted is None else str(fitted)


def _notes(label: str, rows: Sequence[Row], found: Sequence[Row]) -> Iterator[str]:
    """What the figures alone would hide."""
    faster = _faster(rows)
    if faster:
        yield f"rmatch is slower than {'; '.join(faster)}."
    asked = dict.fromkeys((str(r["contender"]), str(r["note"])) for r in rows if r["note"])
    for name, note in asked:
        sizes = [str(r["n"]) for r in rows if (r["contender"], r["note"]) == (name, note)]
        yield f"{name} at {', '.join(dict.fromkeys(sizes))}: {note}."
    texts = [one for one in found if one["task"] == label]
    for text in dict.fromkeys(str(one["finding"]) for one in texts):
        at = [f"{one['n']} (seed {one['seed']})" for one in texts if one["finding"] == text]
        yield f"{text}, at {', '.join(at)}."
    if not texts:
        yield "Counted again, every answer is legal and what was claimed of it."
    memory = [f"{name} {peak} MiB" for name, peak in _peaks(rows)]
    yield f"Peak memory of the process at the largest size answered: {', '.join(memory)}."


def _faster(rows: Sequence[Row]) -> list[str]:
    said = []
    for name in dict.fromkeys(str(row["contender"]) for row in rows):
        sizes = []
        for n in dict.fromkeys(row["n"] for row in rows):
            at = [r for r in rows if (r["contender"], r["n"]) == (name, n) and r["ratio"]]
            if at and median(at, "ratio") < 1:
                sizes.append(str(n))
        if sizes:
            said.append(f"{name} at {', '.join(sizes)}")
    return said


def _peaks(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    for name in dict.fromkeys(str(row["contender"]) for row in rows):
        mine = [row for row in rows if row["contender"] == name and row["peak_mib"]]
        if mine:
            yield name, f"{mine[-1]['peak_mib']} (n = {mine[-1]['n']})"
