"""Seconds over size, log–log, a panel for each task, every line named at its end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contenders import CONTENDERS, OURS
from rmatch.reporting.plots import drawing
from speed_tables import points
from speed_tasks import TASKS

Row = dict[str, object]
WIDTH, HEIGHT = 330, 260
APART = 13
"""Pixels between two labels, at least."""
COLOURS = {
    "rmatch": "#000000",
    "scipy": "#0072b2",
    "lapx": "#d55e00",
    "ortools_assignment": "#009e73",
    "ortools_flow": "#cc79a7",
    "cpsat": "#b8860b",
    "highs": "#2a9fd6",
    "networkx": "#6f6f6f",
    "matching": "#d55e00",
    "algmatch": "#0072b2",
    "matchingproblems": "#009e73",
    "mentor_match": "#d55e00",
}
"""One for everybody; peers that share one are never in the same panel."""


def save_plot(rows: Sequence[Row], path: Path) -> Path:
    """Draw and write the plot; needs altair and vl-convert."""
    alt = drawing("drawing a benchmark")
    panels = [_panel(alt, rows, label) for label in dict.fromkeys(str(r["task"]) for r in rows)]
    lines = [alt.hconcat(*panels[k : k + 2], spacing=30) for k in range(0, len(panels), 2)]
    alt.vconcat(*lines, spacing=25).save(path)
    return path


def _panel(alt: Any, rows: Sequence[Row], label: str) -> Any:
    """One task; a line with an open end was capped at the next size."""
    mine = [row for row in rows if row["task"] == label]
    lines = {name: found for name in (OURS.name, *CONTENDERS) if (found := points(mine, name))}
    values = [
        {"n": n, "seconds": max(seconds, 1e-6), "who": name}
        for name, found in lines.items()
        for n, seconds in found
    ]
    low = 10 ** math.floor(math.log10(min(v["seconds"] for v in values)))
    high = 10 ** math.ceil(math.log10(max(v["seconds"] for v in values)))
    sizes = sorted({int(v["n"]) for v in values})
    x = alt.X(
        "n:Q",
        title="people a side",
        scale=alt.Scale(type="log", domain=[sizes[0] * 0.85, max(sizes[-1], 1_000) * 1.1]),
        axis=alt.Axis(values=sizes, grid=False, format="d"),
    )
    y = alt.Y(
        "seconds:Q",
        title="seconds to solve",
        scale=alt.Scale(type="log", domain=[low, high]),
        axis=alt.Axis(
            values=[10.0**k for k in range(round(math.log10(low)), round(math.log10(high)) + 1)],
            format="~g",
            gridOpacity=0.5,
        ),
    )
    known = alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
    colour = alt.Color("who:N", legend=None, scale=known)
    base = alt.Chart(alt.Data(values=values), width=WIDTH, height=HEIGHT).encode(x, y, colour)
    thick = alt.condition(f"datum.who == '{OURS.name}'", alt.value(3), alt.value(1.4))
    return alt.layer(
        base.mark_line(interpolate="linear").encode(strokeWidth=thick, detail="who:N"),
        base.mark_point(filled=True, size=28, opacity=1),
        _names(alt, lines, low, high, colour),
    ).properties(title=alt.Title(TASKS[label].title, anchor="start", fontSize=12))


def _names(
    alt: Any, lines: dict[str, list[tuple[int, float]]], low: float, high: float, colour: Any
) -> Any:
    """The names to the right of the panel at the heights where their lines end, moved apart."""
    span = math.log10(high) - math.log10(low)
    heights = {
        name: HEIGHT * (1 - (math.log10(max(found[-1][1], 1e-6)) - math.log10(low)) / span)
        for name, found in lines.items()
    }
    placed: list[dict[str, Any]] = []
    for name, height in sorted(heights.items(), key=lambda item: item[1]):
        top = placed[-1]["height"] + APART if placed else 0.0
        last = lines[name][-1][0]
        text = name if last >= 1_000 else f"{name} (to {last})"
        placed.append({"who": name, "text": text, "height": max(height, top)})
    over = placed[-1]["height"] - HEIGHT if placed else 0
    if over > 0:
        limit = float(HEIGHT)
        for one in reversed(placed):
            one["height"] = min(one["height"], limit)
            limit = one["height"] - APART
    return (
        alt.Chart(alt.Data(values=placed))
        .mark_text(align="left", fontSize=11)
        .encode(
            x=alt.value(WIDTH + 6),
            y=alt.Y("height:Q", scale=None, axis=None),
            text="text:N",
            color=colour,
        )
    )
