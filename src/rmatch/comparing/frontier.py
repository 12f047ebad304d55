"""What blocking pairs buy: the best total score with at most so many of them, as a curve.

For a coordinator to choose by eye what stability may cost.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from rmatch import markup
from rmatch.comparing.frontier_plot import frontier_chart
from rmatch.comparing.frontier_words import Figures, notes_on, number, per_cent, summary
from rmatch.reporting.frames import frame
from rmatch.reporting.tables import text_table
from rmatch.reporting.wrapping import filled

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from rmatch.matching import Matching


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """The best with no more than so many blocking pairs.

    Attributes:
        at_most: Up to so many may block without anything better; for the last point however many.
        blocking: How many do.
        score: Total score of the pairs, as people see it.
        loss: What it falls short of the best score, as a share of that: 0 to 1. Where that is open,
            of what no matching can exceed, or else of the best found.
        pairs: Pairs made.
        is_proved: Whether no matching that so few pairs block scores more.
        bound: What none with up to ``at_most`` can beat; ``None`` where nothing is known.
        matching: The whole of it.
    """

    at_most: int
    blocking: int
    score: float
    loss: float
    pairs: int
    is_proved: bool
    bound: float | None
    matching: Matching = field(repr=False)

    @property
    def is_closed(self) -> bool:
        """Whether none with up to ``at_most`` blocking pairs scores more either."""
        return self.score == self.bound


@dataclass(frozen=True, slots=True)
class Frontier:
    """The curve; ``str()`` and a notebook show it as a table, ``plot()`` as a chart.

    Attributes:
        points: From the fewest blocking pairs to those of the best score; both rise.
        fewest: No matching has fewer blocking pairs.
        seconds: How long it took; no part of equality.
    """

    points: tuple[FrontierPoint, ...]
    fewest: int
    seconds: float = field(compare=False)

    @property
    def is_whole(self) -> bool:
        """Whether no point is missing or could be better, nor have fewer blocking pairs."""
        closed = all(one.is_closed for one in self.points)
        return closed and self.points[0].blocking == self.fewest

    @property
    def summary(self) -> str:
        """The curve in a sentence or two."""
        return summary(self._figures())

    def __repr__(self) -> str:
        whole = "whole" if self.is_whole else "not whole"
        return f"Frontier({len(self.points)} points, at least {self.fewest} blocking, {whole})"

    def __str__(self) -> str:
        header, rows = table(self)
        notes = [filled(line) for line in (self.summary, *notes_on(self._figures()))]
        return "\n".join([text_table(header, rows, right=RIGHT), *notes])

    def _repr_html_(self) -> str:
        header, rows = table(self)
        best = markup.table("The best with so many blocking pairs", header, rows, right=RIGHT)
        notes = map(markup.note, notes_on(self._figures()))
        return markup.card("What blocking pairs buy", markup.paragraph(self.summary), best, *notes)

    def to_frame(self) -> pd.DataFrame:
        """One row per point, without the matchings."""
        return frame([_record(one) for one in self.points], _COLUMNS)

    def plot(self) -> alt.LayerChart:
        """Total score over blocking pairs, as an altair chart.

        Raises:
            MissingExtraError: altair is not installed.
        """
        return frontier_chart([_record(one) for one in self.points], self.summary)

    def _figures(self) -> Figures:
        last = self.points[-1]
        return Figures(
            blocking=tuple(one.blocking for one in self.points),
            scores=tuple(one.score for one in self.points),
            losses=tuple(one.loss for one in self.points),
            closed=tuple(one.is_closed for one in self.points),
            fewest=self.fewest,
            most=last.score if last.bound is None else last.bound,
        )


_COLUMNS = tuple(one.name for one in fields(FrontierPoint) if one.name != "matching")


def _record(one: FrontierPoint) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _COLUMNS}


RIGHT = frozenset(range(5))
"""Columns of numbers."""


def table(frontier: Frontier) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and rows; what is not known has a column where anything is not."""
    header = ("blocking\npairs", "the same\nup to", "pairs", "score", "loss")
    rows = [
        (
            str(one.blocking),
            "any" if one is frontier.points[-1] else str(one.at_most),
            str(one.pairs),
            number(one.score),
            per_cent(one.loss),
        )
        for one in frontier.points
    ]
    if all(one.is_closed for one in frontier.points):
        return header, list(rows)
    return (*header, "not known"), [
        (*row, _open(one)) for row, one in zip(rows, frontier.points, strict=True)
    ]


def _open(one: FrontierPoint) -> str:
    """What could be better, where that is not known."""
    if one.is_closed:
        return ""
    most = "whether more" if one.bound is None else f"{number(one.bound)} at most"
    return f"from {one.blocking + 1} on: {most}" if one.is_proved else most
