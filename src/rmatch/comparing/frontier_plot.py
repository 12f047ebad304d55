"""A frontier as a chart: a step line of the total score over blocking pairs, a dot per point."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rmatch.comparing.frontier_words import per_cent
from rmatch.reporting.plots import drawing

if TYPE_CHECKING:
    import altair as alt

WIDTH, HEIGHT = 520, 260
LINE = 86
"""Characters of the subtitle that fit over the chart."""

LABELS = 12
"""So many labels fit beside each other; points nearer than that to the last label bear none."""


def frontier_chart(points: Sequence[Mapping[str, Any]], summary: str) -> alt.LayerChart:
    """The steps, what every point loses, and a rule up to what could still be there.

    Args:
        points: Records with ``blocking``, ``score``, ``loss``, ``bound`` and ``is_proved``.
        summary: Stands below the title.

    Raises:
        MissingExtraError: altair is not installed.
    """
    alt = drawing("drawing the price of stability")
    rows = _labelled(points)
    places = [row["blocking"] for row in rows]
    base = alt.Chart(alt.Data(values=rows), width=WIDTH, height=HEIGHT).encode(
        x=alt.X("blocking:Q", axis=_counts(alt, places), scale=_scale(alt, places, 0.02, 0.1)),
        y=alt.Y("score:Q", title="total score", scale=_scale(alt, _heights(rows), 0.12, 0.06)),
    )
    proved = alt.condition("datum.is_proved", alt.value(1), alt.value(0.35))
    tip = [alt.Tooltip(f"{name}:Q", title=title) for name, title in _TIPS]
    line = base.mark_line(strokeWidth=1.5, interpolate="step-after")
    dots = base.mark_point(size=45, filled=True).encode(opacity=proved, tooltip=tip)
    # Below a rising step, to the right of its dot, nothing else is drawn.
    labels = base.mark_text(align="left", dx=5, dy=10, fontSize=11).encode(text="label:N")
    rules = base.transform_filter("isValid(datum.bound) && datum.bound > datum.score").mark_rule(
        strokeDash=[3, 3], opacity=0.5
    )
    layers = (rules.encode(y2="bound:Q"), line, dots, labels)
    title = alt.TitleParams(
        "What blocking pairs buy", subtitle=textwrap.wrap(summary, LINE), anchor="start"
    )
    return alt.layer(*layers).properties(title=title)


_TIPS = (("blocking", "blocking pairs"), ("score", "total score"))


def _labelled(points: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The records with what each loses, where there is room; the ends always."""
    places = [one["blocking"] for one in points]
    apart = (places[-1] - places[0]) / LABELS
    rows: list[dict[str, Any]] = []
    last = None
    for one, place in zip(points, places, strict=True):
        is_end = place == places[-1]
        has_room = last is None or place - last >= apart
        clear = is_end or places[-1] - place >= apart
        shown = is_end or (has_room and clear)
        last = place if shown else last
        rows.append({**one, "label": _loss(one["loss"]) if shown else ""})
    return rows


def _loss(loss: float) -> str:
    """``−1.4 %``; nothing is lost at the best."""
    return f"\N{MINUS SIGN}{per_cent(loss)}" if loss else "best"


def _heights(rows: Sequence[Mapping[str, Any]]) -> list[float]:
    bounds = [row["bound"] for row in rows if row["bound"] is not None]
    return [*(row["score"] for row in rows), *bounds]


def _counts(alt: Any, places: Sequence[float]) -> Any:
    """Whole numbers; of a single one that one, as halves would be labelled as its neighbours."""
    alone = {"values": [places[0]]} if len(set(places)) == 1 else {}
    return alt.Axis(title="blocking pairs", tickMinStep=1, format="d", grid=False, **alone)


def _scale(alt: Any, values: Sequence[float], left: float, right: float) -> Any:
    """From the least to the greatest with shares of that for labels, never a span of nothing."""
    low, high = min(values), max(values)
    span = high - low
    domain = [low - max(0.5, left * span), high + max(0.5, right * span)]
    return alt.Scale(domain=domain, zero=False, nice=False)
