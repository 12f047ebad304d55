"""A view as sheets of cells, before any spreadsheet is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

TEXT, NUMBER, POINTS, COUNT = "@", "General", "0.0", "0"
"""Number formats: as text whatever is typed, as it comes, with one decimal, whole."""


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank; a star says that the person stated it."""

    number: int
    is_stated: bool


Cell: TypeAlias = str | int | float | Rank | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet.

    Attributes:
        heading: What it holds.
        width: In characters.
        format: One of ``TEXT``, ``NUMBER``, ``POINTS``, ``COUNT``.
        stays: Whether it is there also where every cell is empty.
    """

    heading: str
    width: int
    format: str = NUMBER
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """A drop-down: the column (from 0), the cells with its values, and what each of them is."""

    column: int
    source: str
    called: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes:
        title: On its tab.
        columns: From the left.
        rows: Below the headings.
        notes: Sentences under the table.
        held: How many columns stay in sight.
        shaded: Columns (from 0) whose numbers share a colour scale.
        framed: Cells (row, column from 0) that are bold in a border.
        hatched: Whether an empty cell of the shaded columns is hatched.
        choices: A drop-down.
        is_table: Whether its rows can be filtered.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    held: int = 0
    shaded: tuple[int, ...] = ()
    framed: frozenset[tuple[int, int]] = field(default=frozenset())
    hatched: bool = False
    choices: Choices | None = None
    is_table: bool = True


def filled(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    """Columns and rows without the columns in which nothing stands."""
    lines = [tuple(row) for row in rows]
    kept = [
        k
        for k, column in enumerate(columns)
        if column.stays or any(line[k] not in (None, "") for line in lines)
    ]
    return tuple(columns[k] for k in kept), tuple(tuple(line[k] for k in kept) for line in lines)
