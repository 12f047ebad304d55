"""Altair, from the only place that may import it (import-linter holds it), and the trade-off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rmatch.errors import MissingExtraError

if TYPE_CHECKING:
    import altair as alt

HEIGHT = 80
NARROWEST, PER_POINT = 360, 48
"""Pixels; a point has room for the label of a score."""
PANELS = (("pairs", "pairs", "d"), ("blocking", "blocking pairs", "d"), ("score", "score", ".1f"))
"""Field, title and number format of every panel, top to bottom."""
_TITLE = {"titleAlign": "left", "titleAnchor": "middle", "titleX": -85}


def drawing(purpose: str) -> Any:
    """The altair module.

    Raises:
        MissingExtraError: it is not installed; ``purpose`` says what for.
    """
    try:
        import altair as alt
    except ImportError:
        raise MissingExtraError("altair", "plot", purpose) from None
    return alt


def trade_off_chart(points: Sequence[Mapping[str, Any]]) -> alt.VConcatChart:
    """Three small panels over the number of broken pairs; every point is labelled.

    Args:
        points: Records with ``at_most``, ``pairs``, ``blocking``, ``score`` and ``is_proved``.

    Raises:
        MissingExtraError: altair is not installed.
    """
    alt = drawing("drawing the trade-off")
    rows = [dict(one) for one in points]
    panels = [_panel(alt, rows, *panel, is_last=panel is PANELS[-1]) for panel in PANELS]
    return alt.vconcat(*panels, spacing=8).properties(title="What breaking pairs buys")


def _panel(
    alt: Any, rows: list[dict[str, Any]], name: str, title: str, number: str, *, is_last: bool
) -> Any:
    """One measure over the cap: a step line, its points, and their values above them."""
    axis = alt.Axis(
        title="pairs broken, at most" if is_last else None,
        labels=is_last,
        values=[row["at_most"] for row in rows],
        format="d",
        grid=False,
    )
    values = [row[name] for row in rows]
    # Every point bears its value, so the axis upwards needs none.
    base = alt.Chart(
        alt.Data(values=rows), width=max(NARROWEST, PER_POINT * len(rows)), height=HEIGHT
    ).encode(
        x=alt.X("at_most:Q", axis=axis, scale=_scale(alt, [row["at_most"] for row in rows], 0.5)),
        y=alt.Y(
            f"{name}:Q",
            title=title,
            scale=_scale(alt, values, 1),
            axis=alt.Axis(labels=False, ticks=False, grid=False, titleAngle=0, **_TITLE),
        ),
    )
    proved = alt.condition("datum.is_proved", alt.value(1), alt.value(0.35))
    line = base.mark_line(strokeWidth=1.5)
    dots = base.mark_point(size=45, filled=True).encode(opacity=proved)
    labels = base.mark_text(dy=-11, fontSize=11).encode(text=alt.Text(f"{name}:Q", format=number))
    return line + dots + labels


def _scale(alt: Any, values: Sequence[float], room: float) -> Any:
    """From the least to the greatest with room for labels, never a span of nothing."""
    low, high = min(values, default=0), max(values, default=0)
    room = max(room, 0.35 * (high - low)) if room >= 1 else room
    return alt.Scale(domain=[low - room, high + room], zero=False, nice=False)
