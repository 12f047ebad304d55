"""A comparison as text: a row a strategy, as many columns as the width has room for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from rmatch.comparing.numbers import decapitalised
from rmatch.comparing.records import Metric
from rmatch.comparing.shown import Shown, heading
from rmatch.comparing.words import findings, how_to_read, title, warnings
from rmatch.reporting.tables import GAP, text_table
from rmatch.reporting.wrapping import fitted

WIDEST_NAME = 18
"""A strategy's name is folded at so many characters, after an underscore."""

Cell = Sequence[str]
"""The lines of a cell."""


def comparison_text(shown: Shown, width: int) -> str:
    """The tables, and below them what is to be seen and what was left out."""
    blocks = [title(shown)]
    if shown.count:
        blocks += [*_means(shown, width), how_to_read(shown), *_beside(shown, width)]
    blocks += ["\n".join(findings(shown)), "\n".join(warnings(shown)), _more(shown)]
    return "\n\n".join(fitted(block, width) for block in blocks if block)


def _more(shown: Shown) -> str:
    if len(shown.rest) == 1:
        return ""
    labels = ", ".join(decapitalised(one.label) for one in shown.rest)
    return f"Also measured, and in the table of all runs (--csv, to_frame()): {labels}."


def _means(shown: Shown, width: int) -> list[str]:
    rows = {
        name: [_lines(shown, name, metric) for metric in shown.first] for name in shown.samples.made
    }
    return _tables("strategy", shown.first, rows, width)


def _lines(shown: Shown, name: str, metric: Metric) -> Cell:
    interval = shown.interval(name, metric)
    return [shown.value(name, metric), *([interval] if interval else [])]


def _beside(shown: Shown, width: int) -> Iterator[str]:
    """Differences to the baseline, over several cohorts or lots."""
    if shown.count < 2:
        return
    metrics = shown.set_beside
    rows = {
        name: [_gain(shown, name, metric) for metric in metrics]
        for name in shown.samples.made
        if name != shown.baseline
    }
    if not any(any(cells) for cells in rows.values()):
        return
    yield from _tables(f"less {shown.baseline}", metrics, rows, width)
    shares = any(one.unit == "share" for one in metrics)
    points = " Differences of per cent are percentage points." if shares else ""
    yield (
        f"Each strategy less {shown.baseline}, {shown.samples.kind} by {shown.samples.kind}: the "
        f"mean difference{', its 95 % interval' if shown.has_intervals else ''}, and in how many "
        "it is better / equal / worse."
        f"{points}"
    )


def _gain(shown: Shown, name: str, metric: Metric) -> Cell:
    return [line for line in shown.beside(name, metric) or () if line]


def _tables(
    corner: str, metrics: Sequence[Metric], rows: Mapping[str, Sequence[Cell]], width: int
) -> list[str]:
    """One table, or several that repeat the names, each as wide as there is room.

    Names are folded only where the table would otherwise be too wide.
    """
    headings = [heading(metric) for metric in metrics]
    widths = [
        max(
            len(line)
            for cell in (title.split("\n"), *(row[k] for row in rows.values()))
            for line in cell
        )
        for k, title in enumerate(headings)
    ]
    names: list[Cell] = [[name] for name in rows]
    parts = _parts(widths, width - _widest(corner, names))
    if len(parts) > 1:
        names = [_folded(name) for name in rows]
        parts = _parts(widths, width - _widest(corner, names))
    cells = list(zip(names, rows.values(), strict=True))
    return [
        text_table(
            [corner, *(headings[k] for k in part)],
            [line for name, row in cells for line in _physical([name, *(row[k] for k in part)])],
            right=frozenset(range(len(part) + 1)[1:]),
        )
        for part in parts
    ]


def _widest(corner: str, names: Sequence[Cell]) -> int:
    return max(len(line) for cell in (*names, [corner]) for line in cell)


def _parts(widths: Sequence[int], room: int) -> list[list[int]]:
    """Columns in order, as many together as there is room for, at least one."""
    parts: list[list[int]] = []
    left = 0
    for k, size in enumerate(widths):
        if not parts or left < size + GAP:
            parts.append([])
            left = room
        parts[-1].append(k)
        left -= size + GAP
    return parts


def _physical(row: Sequence[Cell]) -> list[list[str]]:
    """A row whose cells have lines, as rows of one line each."""
    return [list(line) for line in zip_longest(*row, fillvalue="")]


def _folded(name: str) -> Cell:
    """A name in lines, all but the first two spaces in."""
    lines = [""]
    for word in name.replace("_", "_\n").split("\n"):
        if lines[-1].strip() and len(lines[-1] + word) > WIDEST_NAME:
            lines.append("  ")
        lines[-1] += word
    return lines
