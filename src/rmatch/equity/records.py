"""The equity report as data: rows, and what is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Literal

from rmatch.equity.people import SideName
from rmatch.scoring.frame import frame_of

if TYPE_CHECKING:
    import pandas as pd

EVERYONE = "everyone"
OTHERS = "all others"
"""The block of all groups that are too small by themselves."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A rate in per cent, or a mean score, rounded to a tenth, with its 95 % interval.

    ``of`` is how many people it is of.
    """

    value: float
    low: float
    high: float
    of: int


@dataclass(frozen=True, slots=True)
class Row:
    """One group of a characteristic on one side; a figure is ``None`` where it is withheld.

    Attributes:
        side: ``mentors`` or ``mentees``.
        characteristic: As the column is called; ``None`` in the row of everyone.
        group: The answer, ``not stated``, or ``all others``.
        pooled: Whether this is the block of all groups too small by themselves.
        people: How many.
        match_rate: Of these people, who has a partner.
        choice_rate: Of those who stated choices, who has one of them.
        mean_score: Of those with a partner, their own side's score.
    """

    side: SideName
    characteristic: str | None
    group: str
    pooled: bool
    people: int
    match_rate: Figure | None
    choice_rate: Figure | None
    mean_score: Figure | None


@dataclass(frozen=True, slots=True)
class Withheld:
    """A characteristic of which nothing is shown on one side.

    ``few``: the answers do not fall into two sets that are large enough. ``crossed``: together with
    the characteristics before it, it would give away a set that is not, or that could not be ruled
    out.
    """

    side: SideName
    characteristic: str
    reason: Literal["few", "crossed"]


@dataclass(frozen=True, slots=True, repr=False)
class Equity:
    """How a matching came out for groups of people, with small numbers withheld.

    Attributes:
        minimum: Fewer people than this are counted nowhere.
        rows: Everyone of a side, then its groups, characteristic by characteristic.
        withheld: Characteristics of which nothing is shown.
        notices: What reading the table left out.
    """

    minimum: int
    rows: tuple[Row, ...]
    withheld: tuple[Withheld, ...]
    notices: tuple[str, ...] = field(default=())

    def __repr__(self) -> str:
        groups = sum(row.characteristic is not None for row in self.rows)
        return (
            f"Equity({groups} groups of at least {self.minimum} people, "
            f"{len(self.withheld)} characteristics withheld)"
        )

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self, *, width: int = 80) -> str:
        """The tables, what is withheld, and what none of it can show."""
        from rmatch.equity.words import report_text

        return report_text(self, width)

    @property
    def limits(self) -> tuple[str, ...]:
        """What the report cannot show, of this cohort, in sentences."""
        from rmatch.equity.words import limits

        return tuple(limits(self))

    def _repr_html_(self) -> str:
        from rmatch.equity.words import report_html

        return report_html(self)

    def to_frame(self) -> pd.DataFrame:
        """One row per row; a figure has the columns ``…``, ``…_low``, ``…_high`` and ``…_of``."""
        return frame_of(map(_flat, self.rows), [*_columns()])


_FIGURES = ("match_rate", "choice_rate", "mean_score")


def _flat(row: Row) -> dict[str, object]:
    record: dict[str, object] = {
        name: getattr(row, name) for name in ("side", "characteristic", "group", "pooled", "people")
    }
    for name in _FIGURES:
        figure: Figure | None = getattr(row, name)
        values = {} if figure is None else asdict(figure)
        record |= {column: values.get(part) for column, part in _figure_columns(name)}
    return record


def _figure_columns(name: str) -> Iterator[tuple[str, str]]:
    yield name, "value"
    yield f"{name}_low", "low"
    yield f"{name}_high", "high"
    yield f"{name}_of", "of"


def _columns() -> Iterator[str]:
    yield from ("side", "characteristic", "group", "pooled", "people")
    for name in _FIGURES:
        yield from (column for column, _ in _figure_columns(name))
