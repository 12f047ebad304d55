"""Excel workbooks: the only door to openpyxl for reading and plain writing."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rmatch.errors import MissingExtraError
from rmatch.io.files import read_bytes, refused
from rmatch.io.sources import BrokenCell, Grid, guarded, rows_of

_NOT_CALCULATED = "is a formula that was never calculated; open the file in Excel and save it"
_OLD_FORMAT = b"\xd0\xcf\x11\xe0"
_FORMULA = re.compile(rb"<f[ >/]")


def open_openpyxl(purpose: str = "reading and writing Excel workbooks") -> Any:
    """The openpyxl package, or the error that says how to install it."""
    try:
        import openpyxl
    except ImportError:
        openpyxl = None
    if openpyxl is None:
        raise MissingExtraError("openpyxl", "coordinator", purpose)
    return openpyxl


def read_workbook(path: Path) -> list[Grid]:
    """Every sheet of a workbook as a grid, hidden ones included, in their order."""
    openpyxl = open_openpyxl()
    content = read_bytes(path)
    if content.startswith(_OLD_FORMAT):
        raise refused(path, "is an old .xls workbook or has a password; save it as a plain .xlsx")
    values = _opened(openpyxl, content, data_only=True)
    if values is None:
        raise refused(path, "is not an .xlsx workbook, or is damaged")
    formulas = _opened(openpyxl, content, data_only=False) if _has_formulas(content) else None
    grids = []
    for sheet in values.worksheets:
        twin = None if formulas is None else formulas[sheet.title]
        grids.append(Grid(path.name, sheet.title, rows_of(_lines(sheet, twin))))
    return grids


def _opened(openpyxl: Any, content: bytes, *, data_only: bool) -> Any:
    """The workbook, or ``None`` if it is none: openpyxl fails in many ways on damaged files."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about drop-downs and styles, which loading ignores
        try:
            return openpyxl.load_workbook(io.BytesIO(content), data_only=data_only)
        except Exception:  # noqa: BLE001, RUF100 - whatever openpyxl raises, the file is unreadable
            return None


def _has_formulas(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(_FORMULA.search(archive.read(name)) for name in sheets if name.endswith(".xml"))


def _lines(sheet: Any, formulas: Any) -> list[list[object]]:
    """The sheet's rows from row 1, ending at the last filled cell, however far formats reach."""
    # openpyxl's public iterators visit every formatted row, up to a million of them.
    cells = {at: cell.value for at, cell in sheet._cells.items() if cell.value is not None}
    if formulas is not None:
        cells |= {
            at: BrokenCell(str(cell.value), _NOT_CALCULATED)
            for at, cell in formulas._cells.items()
            if cell.data_type == "f" and at not in cells and not _gives_text(sheet, at)
        }
    cells |= _merged(sheet, cells)
    height = max((row for row, _ in cells), default=0)
    width = max((column for _, column in cells), default=0)
    return [
        [cells.get((row, column)) for column in range(1, width + 1)] for row in range(1, height + 1)
    ]


def _gives_text(sheet: Any, at: tuple[int, int]) -> bool:
    """Whether a formula without a value was calculated to an empty text."""
    return at in sheet._cells and sheet._cells[at].data_type in ("s", "str")


def _merged(sheet: Any, cells: Mapping[tuple[int, int], object]) -> dict[tuple[int, int], object]:
    """A cell merged downwards speaks for every row it covers."""
    filled = {}
    for area in sheet.merged_cells.ranges:
        top = cells.get((area.min_row, area.min_col))
        if area.min_col == area.max_col and top is not None:
            filled.update(
                {(row, area.min_col): top for row in range(area.min_row, area.max_row + 1)}
            )
    return filled


def workbook_bytes(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """A plain workbook of these sheets; texts that could run as formulas are guarded."""
    openpyxl = open_openpyxl()
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append([guarded(cell) if isinstance(cell, str) else cell for cell in line])
        sheet.freeze_panes = "A2"
    return saved(book)


def saved(book: Any) -> bytes:
    """A workbook as the bytes of its file."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
