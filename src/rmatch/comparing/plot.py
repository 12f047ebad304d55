"""A comparison as dot plots: a panel a metric, a row a strategy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rmatch.comparing.records import Better, Metric
from rmatch.comparing.shown import Shown
from rmatch.comparing.words import how_to_read, title
from rmatch.reporting.plots import drawing
from rmatch.reporting.score_plot import shown as safe

if TYPE_CHECKING:
    import altair as alt

WIDTH, ROW = 230, 20
"""Pixels of a panel, and of a strategy's row."""
COLUMNS = 3
INK, QUIET = "#222222", "#8a8a8a"
SPARE = 0.3
"""Of the span, so much is left free beside the dots, for their numbers."""
_NUMBER: Mapping[str, Any] = {"align": "left", "dx": 7, "fontSize": 10}
_WAY: dict[Better, str] = {
    "more": "more is better",
    "less": "less is better",
    "neither": "which is better is for you to judge",
}


def comparison_chart(shown: Shown) -> alt.ConcatChart:
    """Small multiples in one ink: nothing is coloured as good or bad.

    Args:
        shown: The comparison beside its baseline, at whose values a line is drawn.

    Raises:
        MissingExtraError: altair is not installed.
    """
    alt = drawing("drawing the comparison")
    metrics = [one for one in shown.first if any(_of(shown, name, one) for name in _made(shown))]
    panels = [
        _panel(alt, shown, metric, has_names=k % COLUMNS == 0) for k, metric in enumerate(metrics)
    ]
    return (
        alt.concat(*panels, columns=COLUMNS, spacing=24)
        .resolve_scale(y="independent")
        .properties(
            title={
                "text": safe(title(shown), {}),
                "subtitle": _subtitle(shown),
                "anchor": "start",
                "offset": 14,
            }
        )
    )


def _subtitle(shown: Shown) -> list[str]:
    line = f"The broken line stands where {safe(shown.baseline, {})} is. "
    line = line if shown.baseline in _made(shown) else ""
    return [text for text in (how_to_read(shown), f"{line}Axes need not begin at 0.") if text]


def _made(shown: Shown) -> tuple[str, ...]:
    return shown.samples.made


def _of(shown: Shown, name: str, metric: Metric) -> Any:
    return shown.estimates.get((name, metric.name))


def _records(shown: Shown, metric: Metric) -> list[dict[str, Any]]:
    """One a strategy; a share as per cent, so that its axis needs no other format."""
    scale = 100 if metric.unit == "share" else 1
    found: list[dict[str, Any]] = []
    for name in _made(shown):
        one = _of(shown, name, metric)
        if one is not None:
            low, high = one.interval or (one.mean, one.mean)
            found.append(
                {
                    "strategy": safe(name, {}),
                    "value": one.mean * scale,
                    "low": low * scale,
                    "high": high * scale,
                    "text": shown.value(name, metric),
                    "is_baseline": name == shown.baseline,
                }
            )
    return found


def _panel(alt: Any, shown: Shown, metric: Metric, *, has_names: bool) -> Any:
    records = _records(shown, metric)
    names = [safe(name, {}) for name in _made(shown)]
    base = alt.Chart(alt.Data(values=records), width=WIDTH, height=ROW * len(names)).encode(
        y=alt.Y(
            "strategy:N",
            title=None,
            scale=alt.Scale(domain=names),
            axis=alt.Axis(
                labels=has_names,
                ticks=False,
                domain=False,
                grid=True,
                labelLimit=260,
                labelPadding=8,
            ),
        )
    )
    across = alt.X(
        "value:Q",
        title=_axis_title(metric),
        scale=_scale(alt, records),
        axis=_axis(alt, metric, records),
    )
    line = (
        base.transform_filter("datum.is_baseline")
        .mark_rule(color=QUIET, strokeDash=[3, 3])
        .encode(x=across, y=alt.value(0), y2=alt.value(ROW * len(names)))
    )
    bars = base.mark_rule(color=INK, strokeWidth=1.6).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_point(size=46, filled=True, color=INK, opacity=1).encode(x=across)
    beside = base.encode(x=alt.X("high:Q"), text="text:N")
    # On paper of their own: the broken line would strike them out.
    paper = beside.mark_text(**_NUMBER, color="white", stroke="white", strokeWidth=4)
    numbers = beside.mark_text(**_NUMBER, color=INK)
    return alt.layer(line, bars, dots, paper, numbers).properties(
        title={
            "text": safe(metric.label, {}),
            "subtitle": _WAY[metric.better],
            "anchor": "start",
            "fontSize": 12,
            "subtitleFontSize": 10,
            "subtitleColor": "#595959",
        }
    )


def _axis(alt: Any, metric: Metric, records: Sequence[dict[str, Any]]) -> Any:
    """Few ticks; no half pairs where numbers are whole."""
    is_whole = metric.unit == "count" and all(one["value"] % 1 == 0 for one in records)
    whole = {"tickMinStep": 1} if is_whole else {}
    # The room for the numbers reaches beyond 100 per cent, where nothing can be.
    sensible = {"labelExpr": "datum.value > 100 ? '' : datum.label"}
    return alt.Axis(
        tickCount=5, grid=False, **whole, **(sensible if metric.unit == "share" else {})
    )


_TITLES = {
    "count": "how many",
    "share": "per cent",
    "score": "score",
    "rank": "number of the choice",
    "index": "index",
    "seconds": "seconds",
}


def _axis_title(metric: Metric) -> str:
    return _TITLES[metric.unit]


def _scale(alt: Any, records: Sequence[dict[str, Any]]) -> Any:
    """From the least to the greatest, with room for the numbers to the right."""
    low = min(one["low"] for one in records)
    high = max(one["high"] for one in records)
    span = (high - low) or max(abs(high), 1) * 0.2
    return alt.Scale(domain=[low - 0.08 * span, high + SPARE * span], zero=False, nice=False)
