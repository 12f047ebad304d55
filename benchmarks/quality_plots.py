"""A dot with its interval for every strategy and peer, a panel for each metric and kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quality_tables import METRICS, mean
from rmatch.reporting.plots import drawing

Row = dict[str, object]
WIDTH, PER_ROW = 170, 17


def save_plot(rows: Sequence[Row], path: Path) -> Path:
    """Draw and write the plot; needs altair and vl-convert."""
    alt = drawing("drawing a benchmark")
    kinds = [_kind(alt, rows, label) for label in dict.fromkeys(str(r["cohort"]) for r in rows)]
    alt.vconcat(*kinds, spacing=25).save(path)
    return path


def _kind(alt: Any, rows: Sequence[Row], label: str) -> Any:
    mine = [row for row in rows if row["cohort"] == label]
    names = list(dict.fromkeys(str(row["who"]) for row in mine if row["pairs"] != ""))
    panels = [
        _panel(alt, mine, metric, names, is_first=place == 0)
        for place, metric in enumerate(
            metric for metric in METRICS if any(row[metric] != "" for row in mine)
        )
    ]
    title = alt.Title(f"{label}: means over cohorts, 95 % intervals", anchor="start")
    return alt.hconcat(*panels, spacing=12).properties(title=title)


def _panel(alt: Any, rows: Sequence[Row], metric: str, names: list[str], *, is_first: bool) -> Any:
    heading, _, factor = METRICS[metric]
    values = []
    for name in names:
        found = mean([row for row in rows if row["who"] == name], metric)
        if found is not None:
            low = found.mean if found.low is None else found.low
            high = found.mean if found.high is None else found.high
            ends = {"mean": found.mean, "low": low, "high": high}
            ours = name.startswith("rmatch")
            values.append({k: v * factor for k, v in ends.items()} | {"who": name, "ours": ours})
    axis = alt.Axis(labels=is_first, ticks=False, title=None, grid=True, labelLimit=260)
    base = alt.Chart(alt.Data(values=values), width=WIDTH, height=PER_ROW * len(names)).encode(
        y=alt.Y("who:N", sort=names, axis=axis),
        color=alt.condition("datum.ours", alt.value("#0072b2"), alt.value("#d55e00")),
    )
    x = alt.Axis(title=heading, grid=False, tickCount=4)
    dots = base.mark_point(filled=True, size=45, opacity=1).encode(
        x=alt.X("mean:Q", axis=x, scale=alt.Scale(zero=metric != "pairs"))
    )
    return base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q") + dots
