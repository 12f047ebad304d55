"""What breaking pairs buys: for at most 0, 1, 2 … broken pairs the best there is.

A curve for a coordinator to choose by eye. Every point is solved with the number of broken pairs
capped, and not otherwise looked at, so that it is the best that so many can buy; the curve ends
where more would buy nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from rmatch import markup
from rmatch.errors import InfeasibleError
from rmatch.explaining.wording import listed
from rmatch.reporting.frames import frame
from rmatch.reporting.plots import trade_off_chart
from rmatch.reporting.tables import text_table

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from rmatch.matching import Matching


@dataclass(frozen=True, slots=True)
class Point:
    """The best with no more than so many pairs broken.

    Attributes:
        at_most: How many may be broken.
        broken: How many are.
        pairs: Pairs made.
        people: People with a partner.
        blocking: Blocking pairs.
        warnings: Pairs that break a warn rule.
        score: Total score of the pairs, as people see it.
        is_proved: Whether every level is.
        matching: The whole of it.
    """

    at_most: int
    broken: int
    pairs: int
    people: int
    blocking: int
    warnings: int
    score: float
    is_proved: bool
    matching: Matching = field(repr=False)


@dataclass(frozen=True, slots=True)
class TradeOff:
    """The curve; ``str()`` and a notebook show it as a table, ``plot()`` as a chart.

    Attributes:
        points: For at most 0, 1, 2 … broken pairs, as far as more of them buy anything.
        is_whole: Whether it ends there, rather than with the time.
        infeasible: Numbers of broken pairs with which what must hold cannot.
    """

    points: tuple[Point, ...]
    is_whole: bool
    infeasible: tuple[int, ...] = ()

    def __str__(self) -> str:
        header, rows = table(self)
        return "\n".join([text_table(header, rows, right=RIGHT), *self._notes()])

    def _repr_html_(self) -> str:
        header, rows = table(self)
        if all(one.is_proved for one in self.points):  # nothing in the last column
            header, rows = header[:-1], [row[:-1] for row in rows]
        best = markup.table("The best with so many broken", header, rows, right=RIGHT)
        return markup.card("What breaking pairs buys", best, *map(markup.note, self._notes()))

    def _notes(self) -> list[str]:
        notes = []
        if self.infeasible:
            caps = listed([str(cap) for cap in self.infeasible], "or")
            notes.append(f"With at most {caps} broken, what must hold cannot.")
        if self.is_whole:
            notes.append("Breaking more pairs buys nothing more.")
        else:
            notes.append("The time was up: what more broken pairs would buy is not known.")
        return notes

    def to_frame(self) -> pd.DataFrame:
        """One row per point, without the matchings."""
        return frame([_record(one) for one in self.points], _COLUMNS)

    def plot(self) -> alt.VConcatChart:
        """Pairs, blocking pairs and score over the number of broken pairs, as an altair chart.

        Raises:
            MissingExtraError: altair is not installed.
        """
        return trade_off_chart([_record(one) for one in self.points])


_COLUMNS = tuple(one.name for one in fields(Point) if one.name != "matching")


def _record(one: Point) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _COLUMNS}


def curve_of(best: Matching | None, solve: Callable[[int], Matching | None]) -> TradeOff:
    """The curve, from no broken pair on, until it is as good as can be or the time is up.

    Args:
        best: The best without any cap; ``None`` where the time was up before it was known.
        solve: The best with a cap; likewise. It may raise an ``InfeasibleError``.
    """
    impossible: list[int] = []
    found = [] if best is None else list(_points(best, solve, impossible))
    whole = best is not None and bool(found) and _is_as_good(found[-1].matching, best)
    return TradeOff(tuple(found), whole, tuple(impossible))


def _points(
    best: Matching, solve: Callable[[int], Matching | None], impossible: list[int]
) -> Iterator[Point]:
    most = broken_by(best)
    for cap in range(most + 1):
        try:
            matching = best if cap == most else solve(cap)
        except InfeasibleError:
            impossible.append(cap)
            continue
        if matching is None:
            return
        yield point(matching, cap)
        if _is_as_good(matching, best):
            return


def broken_by(matching: Matching) -> int:
    """How many pairs that were made before a matching breaks."""
    kept = matching.instance.standing[list(matching.solution.chosen)]
    return int(matching.instance.standing.sum() - kept.sum())


def _is_as_good(matching: Matching, best: Matching) -> bool:
    """At every level but the draw between equals."""
    return dict(matching.objectives) == dict(best.objectives)


def point(matching: Matching, cap: int) -> Point:
    """One point of the curve."""
    people = len(matching.instance.mentor_ids) + len(matching.instance.mentee_ids)
    return Point(
        at_most=cap,
        broken=broken_by(matching),
        pairs=len(matching.pairs),
        people=people - len(matching.unmatched),
        blocking=len(matching.blocking_pairs),
        warnings=len({(one.mentor, one.mentee) for one in matching.warnings}),
        score=round(sum(pair.score for pair in matching.pairs), 2),  # no noise of adding floats
        is_proved=matching.status == "optimal",
        matching=matching,
    )


RIGHT = frozenset(range(7))
"""Columns of numbers."""


def table(curve: TradeOff) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and rows."""
    header = (
        "broken,\nat most",
        "broken",
        "pairs",
        "people",
        "blocking\npairs",
        "to look\nat",
        "score",
        "",
    )
    rows: list[tuple[str, ...]] = [
        (
            str(one.at_most),
            str(one.broken),
            str(one.pairs),
            str(one.people),
            str(one.blocking),
            str(one.warnings),
            f"{one.score:.1f}" if isinstance(one.score, float) else str(one.score),
            "" if one.is_proved else "not proved",
        )
        for one in curve.points
    ]
    return header, rows
