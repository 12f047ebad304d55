"""Seconds and memory over people a side, log–log, every line named at its end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rmatch.reporting.plots import drawing
from scale_tables import LEAST, Row, ended, figure, of, size
from scale_tasks import TASKS

WIDTH, HEIGHT = 330, 320
PANELS = {
    "seconds": ("seconds of the processor", 0.001),
    "peak_mib": ("MiB beyond what is loaded", LEAST),
}
"""What is drawn: its title, and the least that is."""
COLOURS = ("#0072b2", "#2a9fd6", "#6f6f6f", "#d55e00", "#000000", "#cc79a7", "#009e73")


def save_plot(rows: Sequence[Row], path: Path) -> Path:
    """Draw and write the plot; needs altair and vl-convert."""
    alt = drawing("drawing a benchmark")
    panels = [_panel(alt, rows, column) for column in PANELS]
    alt.hconcat(*panels, spacing=150).save(path)
    return path


def _panel(alt: Any, rows: Sequence[Row], column: str) -> Any:
    """One figure of every task; hollow points were ended by the limit."""
    title, least = PANELS[column]
    values = [
        {"n": size(row), "y": figure(row, column), "who": name, "ended": ended(row)}
        for name in TASKS
        for row in of(rows, name)
        if figure(row, column) >= least
    ]
    log = alt.Scale(type="log")
    base = alt.Chart(alt.Data(values=values), width=WIDTH, height=HEIGHT).encode(
        alt.X("n:Q", title="people a side", scale=log, axis=alt.Axis(format="~s", grid=False)),
        alt.Y("y:Q", title=title, scale=log, axis=alt.Axis(format="~g", gridOpacity=0.5)),
        alt.Color(
            "who:N",
            scale=alt.Scale(domain=list(TASKS), range=list(COLOURS)),
            legend=alt.Legend(title=None) if column == list(PANELS)[-1] else None,
        ),
    )
    points = base.mark_point(size=30, opacity=1, strokeWidth=1.5).encode(
        fillOpacity=alt.condition("datum.ended", alt.value(1), alt.value(0)),
        fill=alt.Fill(
            "who:N", legend=None, scale=alt.Scale(domain=list(TASKS), range=list(COLOURS))
        ),
    )
    return alt.layer(base.mark_line(), points)
