"""Monitoring answers from a file or frame: who gave which answer, every problem with its place.

No answer is ever part of a message: a shifted column puts answers where an id should stand, so that
even an unknown id is only pointed at.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from rmatch.errors import InputError
from rmatch.io.cells import as_text, says_nothing
from rmatch.io.delimited import read_delimited
from rmatch.io.files import refused, require
from rmatch.io.findings import Findings
from rmatch.io.frames import frame_table
from rmatch.io.gather import DELIMITED, WORKBOOKS
from rmatch.io.headings import column_letter, heading_text, repeats_headings
from rmatch.io.mapping import heading_key
from rmatch.io.sources import BrokenCell, Grid, RawRow, RawTable, is_blank
from rmatch.io.workbook import read_workbook
from rmatch.programme.reference import CHARACTERISTICS, UnknownValueError
from rmatch.programme.text import fold

MonitoringTable: TypeAlias = str | os.PathLike[str] | Sequence[Mapping[str, object]] | Any
"""A path, a list of dicts, or a data frame of any library."""

NOT_STATED = "not stated"
_HEADING_SEARCH = 10
_SHEET = "monitoring"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a monitoring table says.

    Attributes:
        characteristics: Their names as shown, in the order of the columns.
        given: For each of them, id → answer; who gave none is not in it.
        notices: What reading left out.
    """

    characteristics: tuple[str, ...]
    given: Mapping[str, Mapping[str, str]] = field(repr=False)
    notices: tuple[str, ...] = ()


def read_answers(monitoring: MonitoringTable, ids: Sequence[str]) -> Answers:
    """Read a monitoring table: a column ``id``, and a column for each characteristic.

    Args:
        monitoring: A path (.csv, .xlsx), a data frame of any library or a list of dicts.
        ids: Everybody in the matching.

    Raises:
        InputError: every problem: an unknown id, an id twice, no column id, no characteristic.
        MissingExtraError: a workbook, and openpyxl is not installed.
        TypeError: it is none of these.
    """
    findings = Findings()
    table = _table(monitoring, findings)
    reader = _Reader(table, ids, findings)
    answers = reader.read()
    if findings.problems:
        raise InputError(findings.problems, findings.notices)
    return answers


# ---------------------------------------------------------------------------------- finding a table


def _table(monitoring: Any, findings: Findings) -> RawTable:
    if not isinstance(monitoring, str | os.PathLike):
        return frame_table(monitoring, _SHEET.capitalize())
    return _below_headings(_grid(Path(monitoring)), findings)


def _grid(path: Path) -> Grid:
    """The one table of a file: of a workbook the sheet named Monitoring, else the first filled."""
    require(path)
    if path.suffix.lower() in DELIMITED:
        return read_delimited(path)
    if path.suffix.lower() not in WORKBOOKS:
        raise refused(path, "is neither a .csv file nor an .xlsx workbook")
    grids = read_workbook(path)
    named = [grid for grid in grids if fold(grid.sheet or "") == _SHEET]
    filled = [grid for grid in grids if grid.rows]
    return (named or filled or grids)[0]


def _below_headings(grid: Grid, findings: Findings) -> RawTable:
    """The grid as a table: its heading row is the first with a cell ``id``, else the first."""
    if not grid.rows:
        return RawTable(grid.file, grid.sheet, None, (), ())
    starts = (n for n, row in enumerate(grid.rows[:_HEADING_SEARCH]) if _has_id(row))
    start = next(starts, 0)
    head = grid.rows[start]
    rows = grid.rows[start + 1 :]
    table = RawTable(grid.file, grid.sheet, head.number, head.cells, rows)
    if start:
        findings.notice("the rows above the headings are left out", table.place(row=head.number))
    if grid.ragged_is_wrong:
        _refuse_ragged(table, findings)
    return table


def _has_id(row: RawRow) -> bool:
    return any(_key(cell) == "id" for cell in row.cells)


def _key(heading: object) -> str:
    return "" if isinstance(heading, BrokenCell) else heading_key(heading_text(heading))


def _refuse_ragged(table: RawTable, findings: Findings) -> None:
    """A row with more cells than headings has a delimiter too many: its cells are shifted."""
    message = "has more cells than there are headings; put quotation marks round texts with a comma"
    for row in table.rows:
        if not all(map(is_blank, row.cells[len(table.headings) :])):
            findings.error(message, table.place(row=row.number))


# ---------------------------------------------------------------------------------- reading a table


class _Reader:
    """Reads one table and notes every problem."""

    def __init__(self, table: RawTable, ids: Sequence[str], findings: Findings) -> None:
        self.table = table
        self.findings = findings
        folded = Counter(map(fold, ids))
        self.known = {fold(one): one for one in ids if folded[fold(one)] == 1}
        self.known |= {one: one for one in ids}

    def read(self) -> Answers:
        columns = self._columns()
        at = self._id_column()
        if at is None:
            return Answers((), {})
        rows = list(self._people(at))
        given = {
            name: dict(self._answers(rows, index, self._heading(index)))
            for name, index in columns.items()
        }
        notices = tuple(notice.text() for notice in self.findings.notices)
        return Answers(tuple(columns), {k: _alike(v) for k, v in given.items()}, notices)

    def _heading(self, index: int) -> str:
        return heading_text(self.table.headings[index])

    def _id_column(self) -> int | None:
        found = [k for k, heading in enumerate(self.table.headings) if _key(heading) == "id"]
        for index in found[1:]:
            self._refuse("is a second column id; keep one of them", index)
        if not found:
            self.findings.error("has no column id", self.table.place(row=self.table.heading_row))
            return None
        return found[0]

    def _refuse(self, message: str, index: int) -> None:
        place = self.table.place(self.table.heading_row, column_letter(index))
        self.findings.error(message, place)

    def _columns(self) -> dict[str, int]:
        """Characteristic → where its column stands."""
        columns: dict[str, int] = {}
        for index, heading in enumerate(self.table.headings):
            name = characteristic_name(self._heading(index))
            if isinstance(heading, BrokenCell):
                self._refuse(heading.message, index)
            elif not _key(heading):
                self._note_blank(index)
            elif name in columns:
                other = column_letter(columns[name])
                self._refuse(f"is the same characteristic as the column {other}; keep one", index)
            elif _key(heading) != "id":
                columns[name] = index
        if not columns:
            place = self.table.place(row=self.table.heading_row)
            self.findings.error("has no column with a characteristic", place)
        return columns

    def _note_blank(self, index: int) -> None:
        if any(not is_blank(row.cell(index)) for row in self.table.rows):
            place = self.table.place(self.table.heading_row, column_letter(index))
            self.findings.notice("has no heading and is left out", place)

    def _people(self, at: int) -> Iterable[tuple[str, RawRow]]:
        """Rows with whose they are."""
        seen: dict[str, int] = {}
        for row in self.table.rows:
            cell = row.cell(at)
            place = self.table.place(row.number, self._heading(at))
            if repeats_headings(self.table, row.cells):
                self.findings.notice("repeats the headings and is left out", place)
            elif is_blank(cell):
                self.findings.error("has no id", place)
            elif (person := self._person(cell)) is None:
                self.findings.error("is not the id of anybody here", place)
            elif person in seen:
                message = f"is the id of row {seen[person]} as well; keep one of them"
                self.findings.error(message, self.table.place(row.number, place.column, person))
            else:
                seen[person] = row.number
                yield person, row

    def _person(self, cell: object) -> str | None:
        if isinstance(cell, BrokenCell):
            return None
        written = as_text(cell)
        return self.known.get(written, self.known.get(fold(written)))

    def _answers(
        self, rows: Iterable[tuple[str, RawRow]], index: int, heading: str
    ) -> Iterable[tuple[str, str]]:
        """Id and answer of everybody who gave one."""
        for person, row in rows:
            cell = row.cell(index)
            if isinstance(cell, BrokenCell):
                self.findings.error(cell.message, self.table.place(row.number, heading, person))
            elif not is_blank(cell):
                answer = _tidy(as_text(cell))
                if answer and not says_nothing(answer) and fold(answer) != NOT_STATED:
                    yield person, answer


def characteristic_name(heading: str) -> str:
    """A heading as the report shows it: the standard label, or the words of the heading."""
    try:
        found = CHARACTERISTICS.resolve(heading)
    except UnknownValueError:
        return _tidy(heading.replace("_", " "))
    return next(entry.label for entry in CHARACTERISTICS if entry.id == found)


def _tidy(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _alike(given: Mapping[str, str]) -> dict[str, str]:
    """Answers that differ in case and spaces alone, in their most frequent spelling."""
    spellings: dict[str, Counter[str]] = {}
    for answer in given.values():
        spellings.setdefault(fold(answer), Counter())[answer] += 1
    chosen = {
        key: min(counts, key=lambda text: (-counts[text], text))
        for key, counts in spellings.items()
    }
    return {person: chosen[fold(answer)] for person, answer in given.items()}
