"""A table of pairs as somebody edited it in a spreadsheet: where it is, and what its rows say."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from rmatch.errors import InputError, Place
from rmatch.io.delimited import read_delimited
from rmatch.io.files import refused, require
from rmatch.io.findings import Findings, UnreadableCellError
from rmatch.io.gather import DELIMITED, WORKBOOKS
from rmatch.io.headings import heading_text, repeats_headings
from rmatch.io.mapping import heading_key
from rmatch.io.pair_cells import ENDS, OTHER, End, People, looks_like_id
from rmatch.io.people import is_template_row
from rmatch.io.sources import BrokenCell, Grid, RawRow, RawTable, is_blank
from rmatch.io.workbook import read_workbook
from rmatch.programme import Programme

__all__ = ["load_pairs"]

PAIRS_SHEET = "Pairs"
_HEADING_SEARCH = 20
_HEADINGS = {
    spelling: end for end in ENDS for spelling in (end, f"{end} id", f"{end}s", f"id of {end}")
}
PairIds = tuple[str, str]


def load_pairs(
    path: str | os.PathLike[str], programme: Programme | None = None
) -> tuple[PairIds, ...]:
    """Read pairs back that somebody edited: the workbook of ``to_excel``, or ``pairs.csv``.

    The columns Mentor and Mentee are found by their headings, wherever they stand; other columns
    are left alone. A row in which one of the two is blank (or says ``unmatched``) makes no pair:
    that person has no partner. So has whoever stands in no row.

    Args:
        path: A workbook with a sheet Pairs (or one sheet alone), or a file of delimited text.
        programme: The people, to look everybody up in by id, e-mail or exact name; without it the
            cells are taken to hold ids as they stand.

    Returns:
        (mentor, mentee) ids, in the order of the rows.

    Raises:
        InputError: everything that is wrong with the table, each with its place and, where there
            is one, the nearest id.
        MissingExtraError: a workbook is read and openpyxl is not installed.
    """
    grid = pairs_grid(Path(path))
    findings = Findings()
    found = _Reader(_table(grid), People(programme), findings).pairs()
    if findings.problems:
        raise InputError(findings.problems, findings.notices)
    return found


def pairs_grid(path: Path) -> Grid:
    """The sheet or file with the pairs.

    Raises:
        InputError: it cannot be read, or no sheet of it holds pairs.
    """
    require(path)
    if path.suffix.lower() in DELIMITED:
        return read_delimited(path)
    if path.suffix.lower() not in WORKBOOKS:
        raise refused(path, "is no .xlsx workbook and no .csv file of pairs")
    grids = read_workbook(path)
    named = [grid for grid in grids if heading_key(grid.sheet or "") == heading_key(PAIRS_SHEET)]
    if not named and len(grids) == 1:
        return grids[0]
    if not named:
        raise refused(path, f"has no sheet {PAIRS_SHEET}")
    return named[0]


def heading_place(grid: Grid) -> int | None:
    """Which row of the grid holds the headings: the first that names both sides of a pair."""
    for number, row in enumerate(grid.rows[:_HEADING_SEARCH]):
        if {_HEADINGS.get(key) for key in _keys(row.cells)} >= set(ENDS):
            return number
    return None


def _keys(cells: Sequence[object]) -> list[str]:
    return [heading_key(heading_text(None if isinstance(c, BrokenCell) else c)) for c in cells]


def _table(grid: Grid) -> RawTable:
    """The grid below its headings.

    Raises:
        InputError: it has no headings of pairs.
    """
    start = heading_place(grid)
    if start is None:
        raise _without_headings(grid)
    head = grid.rows[start]
    return RawTable(grid.file, grid.sheet, head.number, head.cells, grid.rows[start + 1 :])


def _without_headings(grid: Grid) -> InputError:
    """The error for a table in which a column is missing, whichever row was meant to name them."""
    findings = Findings()
    rows = grid.rows[:_HEADING_SEARCH]
    best = max(
        rows, key=lambda row: sum(key in _HEADINGS for key in _keys(row.cells)), default=None
    )
    cells = () if best is None else best.cells
    row = None if best is None else best.number
    there = {_HEADINGS.get(key) for key in _keys(cells)}
    for end in ENDS:
        if end not in there:
            near = get_close_matches(
                end, [key for key in _keys(cells) if key not in _HEADINGS], n=1
            )
            written = tuple(
                heading_text(c) for c, key in zip(cells, _keys(cells), strict=True) if key in near
            )
            findings.error(
                f"has no column {end.capitalize()}",
                Place(grid.file, grid.sheet, row if there - {None} or near else None),
                suggestions=written,
                hidden_suggestions=True,
            )
    return InputError(findings.problems)


@dataclass(slots=True)
class _Cell:
    """A cell of one side of a pair: what it holds, and who that is."""

    end: End
    content: object
    place: Place
    person: str | None = None


class _Reader:
    """Reads the rows of a table of pairs, noting every problem."""

    def __init__(self, table: RawTable, people: People, findings: Findings) -> None:
        self.table = table
        self.people = people
        self.findings = findings
        self.columns: dict[End, int] = {}
        self.rows: dict[PairIds, int] = {}
        self.sides: dict[str, tuple[End, int]] = {}

    def pairs(self) -> tuple[PairIds, ...]:
        self._find_columns()
        for row in self.table.rows:
            self._read(row)
        return tuple(self.rows)

    def _find_columns(self) -> None:
        for index, key in enumerate(_keys(self.table.headings)):
            end = _HEADINGS.get(key)
            if end is None:
                continue
            if end in self.columns:
                message = f"is a second column for the {end}s; keep one of them"
                heading = heading_text(self.table.headings[index])
                place = self.table.place(self.table.heading_row, heading)
                self.findings.error(message, place)
            else:
                self.columns[end] = index

    def _read(self, row: RawRow) -> None:
        cells = [self._cell(row, end) for end in ENDS]
        contents = tuple(cell.content for cell in cells)
        if is_template_row(row.cells, contents) or repeats_headings(self.table, row.cells):
            return
        filled = [cell for cell in cells if not is_blank(cell.content)]
        if len(filled) == 1 and not isinstance(filled[0].content, BrokenCell):
            self._read_alone(filled[0])
            return
        resolved = [self._resolve(cell, cells) for cell in cells]  # both, to note every problem
        if all(resolved):
            self._note(row.number, cells)

    def _cell(self, row: RawRow, end: End) -> _Cell:
        index = self.columns[end]
        heading = heading_text(self.table.headings[index])
        return _Cell(end, row.cell(index), self.table.place(row.number, heading))

    def _read_alone(self, cell: _Cell) -> None:
        """One side alone makes no pair: somebody without a partner, or a note of somebody's."""
        if self.people.is_somebody(cell.content) or not looks_like_id(str(cell.content)):
            return
        self._resolve(cell, [])

    def _resolve(self, cell: _Cell, row: Sequence[_Cell]) -> bool:
        """Find who is meant; a cell that says "unmatched" speaks of whoever is beside it."""
        try:
            cell.person = self.people.of(cell.content, cell.end)
        except UnreadableCellError as error:
            if not self._is_without_partner(cell, row):
                self.findings.faults(error, cell.place)
            return False
        return True

    def _is_without_partner(self, cell: _Cell, row: Sequence[_Cell]) -> bool:
        """Whether the cell beside says that this person, of whatever side, has nobody.

        ``pairs.csv`` lists all those without a partner in its first column.
        """
        beside = [other for other in row if other.end == OTHER[cell.end]]
        try:
            alone = all(self.people.of(other.content, other.end) is None for other in beside)
        except UnreadableCellError:
            return False
        return bool(beside) and alone and self.people.is_somebody(cell.content)

    def _note(self, number: int, cells: Sequence[_Cell]) -> None:
        mentor, mentee = cells
        if mentor.person is None or mentee.person is None:
            return
        pair = (mentor.person, mentee.person)
        if pair in self.rows:
            self._fault(mentee, f"stands with {pair[0]} in row {self.rows[pair]} already")
            return
        if self._are_on_one_side_each(number, cells):
            self.rows[pair] = number

    def _are_on_one_side_each(self, number: int, cells: Sequence[_Cell]) -> bool:
        """Without a programme the table itself says who is a mentor."""
        well = True
        for cell in cells:
            person = cell.person or ""
            end, row = self.sides.setdefault(person, (cell.end, number))
            if end != cell.end:
                self._fault(cell, f"stands in the column {end.capitalize()} as well, in row {row}")
                well = False
        return well

    def _fault(self, cell: _Cell, message: str) -> None:
        person = cell.person or ""
        self.findings.error(message, cell.place, person, shown=looks_like_id(person))
