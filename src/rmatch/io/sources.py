"""Tables as they were found: headings, rows and where each stood; nothing understood yet."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rmatch.errors import Place

ERROR_VALUES = frozenset(
    (
        *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"),
        *("#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#GETTING_DATA", "#BUSY!", "#PYTHON!"),
    )
)
_SPACES = dict.fromkeys(map(ord, "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"), " ")
_SPACES |= dict.fromkeys(map(ord, "\u2007\u2008\u2009\u200a\u202f\u205f\u3000"), " ")
_SPACES |= dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"), "")
# Full-width signs as well: some spreadsheets read them as the plain ones.
_SIGNS = "[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]"
_GUARDED = re.compile(f"'+{_SIGNS}")
_MAY_RUN = re.compile(f"'*{_SIGNS}")


@dataclass(frozen=True, slots=True)
class BrokenCell:
    """A cell that holds no value but a failure: ``#N/A``, or a formula never calculated."""

    text: str
    message: str


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row and its number, as a person sees it."""

    number: int
    cells: tuple[object, ...]

    def cell(self, index: int) -> object:
        """The cell of a column; short rows are blank at the end."""
        return self.cells[index] if index < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet or file as rows of cells, its heading row not found yet. Blank rows are left out."""

    file: str | None
    sheet: str | None
    rows: tuple[RawRow, ...]
    ragged_is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class RawTable:
    """Headings and the rows below them.

    ``exact`` marks JSON, whose texts are taken as they stand and whose "" is not blank everywhere.
    """

    file: str | None
    sheet: str | None
    heading_row: int | None
    headings: tuple[object, ...]
    rows: tuple[RawRow, ...]
    exact: bool = False

    def place(
        self, row: int | None = None, column: str | None = None, person: str | None = None
    ) -> Place:
        """A place in this table."""
        return Place(self.file, self.sheet, row, column, person)


def clean_cell(cell: object) -> object:
    """A cell freed of what spreadsheets add: odd spaces, guards, marks of a missing value."""
    if isinstance(cell, str):
        return _clean_text(cell)
    if cell is None or isinstance(cell, bool | int | BrokenCell):
        return cell
    if isinstance(cell, float):
        return None if math.isnan(cell) else cell
    return _clean_foreign(cell)


def _clean_foreign(cell: object) -> object:
    """Cells of data frames: numpy scalars and arrays, decimals, pandas' two missing values."""
    if type(cell).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(cell, Decimal):
        return None if cell.is_nan() else float(cell)
    if type(cell).__module__.partition(".")[0] == "numpy" and hasattr(cell, "tolist"):
        return clean_cell(cell.tolist())
    if isinstance(cell, list | tuple):
        return [clean_cell(item) for item in cell]
    return cell


def _clean_text(text: str) -> object:
    cleaned = text.replace("_x000D_", "").translate(_SPACES).strip()
    if cleaned.upper() in ERROR_VALUES:
        return broken_value(cleaned)
    return cleaned[1:].strip() if _GUARDED.match(cleaned) else cleaned


def broken_value(text: str) -> BrokenCell:
    """A cell that holds one of a spreadsheet's error values."""
    return BrokenCell(text, "is a spreadsheet error; write the value itself")


def guarded(text: str) -> str:
    """``text`` such that no spreadsheet runs it as a formula; :func:`clean_cell` takes it off."""
    return f"'{text}" if _MAY_RUN.match(text) else text


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def rows_of(lines: Sequence[Sequence[object]], first: int = 1) -> tuple[RawRow, ...]:
    """Cleaned rows with their numbers, blank ones left out."""
    rows = []
    for number, line in enumerate(lines, start=first):
        cells = tuple(map(clean_cell, line))
        if not all(map(is_blank, cells)):
            rows.append(RawRow(number, cells))
    return tuple(rows)
