"""How well both sides of every pair are served, as a dot plot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rmatch.explaining.records import Pair
from rmatch.reporting.pairs import Names, rank_text
from rmatch.reporting.plots import drawing
from rmatch.reporting.score_plot import COORDINATORS, shown

if TYPE_CHECKING:
    import altair as alt

WIDTH, HEIGHT = 420, 18
"""Pixels of the scale, and of a pair."""
TICKS = 10
SIDES = ("mentor", "mentee")
_LOOKS = {
    "shape": ["circle", "diamond"],
    "fill": ["#00336f", "#ffffff"],
    "stroke": ["#00336f", "#a5540a"],
}


def pair_chart(pairs: Sequence[Pair], names: Names, *, for_people: bool) -> alt.LayerChart:
    """A line a pair from the mentor's side to the mentee's, ranks beside it.

    The pair whose worse served side is served best comes first. Where there are no sides' scores,
    ranks are on the scale.

    Args:
        pairs: The pairs.
        names: Id → name, where names are wanted.
        for_people: Whether scores are 0–100.

    Raises:
        MissingExtraError: altair is not installed.
    """
    alt = drawing("drawing the pairs")
    by_rank = not any(pair.mentor_score or pair.mentee_score for pair in pairs) and not for_people
    rows = sorted((_row(pair, names, by_rank=by_rank) for pair in pairs), key=_worse_side_first)
    place = alt.Y(
        "pair:N",
        title=None,
        scale=alt.Scale(domain=[row["pair"] for row in rows]),
        axis=alt.Axis(ticks=False, domain=False, labelLimit=320, labelOverlap=False, grid=True),
    )
    across = {
        "title": "rank of the partner, 1 is best" if by_rank else "score on each one's own side",
        **(_ranks_across(alt, rows) if by_rank else _scores_across(alt, for_people=for_people)),
    }
    base = alt.Chart(alt.Data(values=rows)).encode(y=place)
    lines = base.mark_rule(strokeWidth=2, opacity=0.45).encode(
        x=alt.X("mentor_value:Q", **across), x2="mentee_value:Q"
    )
    dots = _dots(alt, rows, place, alt.X("value:Q", **across))
    ranks = [layer for at, side in enumerate(SIDES) for layer in _ranks(alt, base, side, at)]
    return alt.layer(lines, dots, *ranks).properties(
        width=WIDTH,
        height=max(1, len(rows)) * HEIGHT,
        title={
            "text": "Both sides of every pair",
            "subtitle": [f"The worse served side decides the order. {COORDINATORS}", ""],
            "anchor": "start",
        },
    )


def _row(pair: Pair, names: Names, *, by_rank: bool) -> dict[str, Any]:
    scores = (pair.mentor_score, pair.mentee_score)
    ranks = (pair.mentor_rank, pair.mentee_rank)
    values = ranks if by_rank else scores
    return {
        "pair": f"{shown(pair.mentor, names)} – {shown(pair.mentee, names)}",
        "mentor_value": values[0],
        "mentee_value": values[1],
        "mentor_rank": rank_text(pair.mentor_rank, stated=pair.mentor_stated).strip(),
        "mentee_rank": rank_text(pair.mentee_rank, stated=pair.mentee_stated).strip(),
        "order": (max(values), sum(values)) if by_rank else (-min(values), -sum(values)),
    }


def _worse_side_first(row: dict[str, Any]) -> tuple[Any, str]:
    return row["order"], row["pair"]


def _scores_across(alt: Any, *, for_people: bool) -> dict[str, Any]:
    return {"scale": alt.Scale(domain=[0, 100]) if for_people else alt.Scale(zero=True)}


def _ranks_across(alt: Any, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The best on the right, as it is for scores."""
    most = max((row[f"{side}_value"] for row in rows for side in SIDES), default=1)
    ticks = list(range(1, most + 1, max(1, most // TICKS)))
    return {
        "scale": alt.Scale(domain=[most + 0.5, 0.5], nice=False),
        "axis": alt.Axis(values=ticks, format="d"),
    }


def _dots(alt: Any, rows: Iterable[dict[str, Any]], place: Any, across: Any) -> Any:
    """A disc for the mentor and a diamond for the mentee: shapes as well as colours."""
    values = [
        {
            "pair": row["pair"],
            "side": side,
            "value": row[f"{side}_value"],
            "rank": row[f"{side}_rank"],
        }
        for row in rows
        for side in SIDES
    ]
    looks = {
        name: getattr(alt, name.capitalize())(
            "side:N",
            scale=alt.Scale(domain=list(SIDES), range=look),
            legend=alt.Legend(title=None, orient="top", symbolSize=90),
        )
        for name, look in _LOOKS.items()
    }
    tooltip = ["pair:N", "side:N", "value:Q", "rank:N"]
    chart = alt.Chart(alt.Data(values=values))
    return chart.mark_point(size=70, opacity=1, strokeWidth=1.8).encode(
        x=across, y=place, tooltip=tooltip, **looks
    )


def _ranks(alt: Any, base: Any, side: str, column: int) -> tuple[Any, Any]:
    """A column of ranks right of the scale, under its heading."""
    x = WIDTH + 30 + 62 * column
    text = base.mark_text(align="center", fontSize=11).encode(x=alt.value(x), text=f"{side}_rank:N")
    words = alt.Chart(alt.Data(values=[{"heading": f"{side}'s\nrank"}]))
    heading = words.mark_text(
        align="center", baseline="bottom", lineBreak="\n", fontSize=10, dy=-10
    ).encode(x=alt.value(x), y=alt.value(-6), text="heading:N")
    return text, heading
