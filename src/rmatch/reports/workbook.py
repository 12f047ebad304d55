"""Sheets as an Excel workbook: the only place where reports touch openpyxl.

Every text is written as a text, whatever it begins with, and guarded as everywhere in rmatch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from rmatch.explaining.explanation import Audience
from rmatch.io.sources import guarded
from rmatch.io.workbook import open_openpyxl, saved
from rmatch.reports.heights import row_height
from rmatch.reports.settled import settled
from rmatch.reports.sheets import COUNT, POINTS, Cell, Column, Rank, Sheet

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FOR_WHOM: dict[Audience, str] = {
    "coordinator": "For the coordinator alone",
    "panel": "For the panel",
    "auditor": "For the auditor",
}
_SPARE_ROWS = 50
"""Rows below the table in which a pair can be added."""
_HEAD, _LINE, _PALE, _DARK, _GREY = "D9E2EC", "BFC9D4", "FFFFFF", "6BAED6", "9AA5B1"
_NOTE = "52606D"
_FONT, _SIZE = "Arial", 10
"""There, or measured alike, wherever a workbook is opened."""
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML, and so a workbook, cannot hold."""


def workbook_of(sheets: Sequence[Sheet], title: str, audience: Audience) -> bytes:
    """A workbook of these sheets; the same sheets give the same bytes.

    Args:
        sheets: In their order.
        title: Of the document, and of every printed page.
        audience: Whom it is for, which every page says.

    Raises:
        MissingExtraError: openpyxl is not installed.
    """
    openpyxl = open_openpyxl("writing a workbook")
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.creator = "rmatch"
    book.properties.title = title
    for sheet in sheets:
        made = book.create_sheet(sheet.title)
        _fill(made, sheet)
        _dress(made, sheet)
        _mark(made, sheet)
        _offer(made, sheet)
        _print(made, sheet, title, FOR_WHOM[audience])
    return settled(saved(book))


def _fill(made: Worksheet, sheet: Sheet) -> None:
    """Headings, rows, and the notes below."""
    for at, column in enumerate(sheet.columns, start=1):
        _write(made.cell(1, at), column.heading, column)
    for number, row in enumerate(sheet.rows, start=2):
        for at, (value, column) in enumerate(zip(row, sheet.columns, strict=True), start=1):
            _write(made.cell(number, at), value, column)
    for number, note in enumerate(sheet.notes, start=_last_row(sheet) + 2):
        _write(made.cell(number, 1), note, None)


def _last_row(sheet: Sheet) -> int:
    return len(sheet.rows) + 1


def _write(cell: Any, value: Cell, column: Column | None) -> None:
    if column is not None:
        cell.number_format = column.format
    if isinstance(value, str):
        if value:
            cell.value = guarded(_ILLEGAL.sub("\ufffd", value))
            cell.data_type = "s"  # openpyxl would take "=1" for a formula and "#N/A" for an error
    elif isinstance(value, Rank):
        cell.value = value.number
        cell.number_format = '0" *"' if value.is_stated else '0"  "'
    elif value is not None:
        cell.value = value


def _dress(made: Worksheet, sheet: Sheet) -> None:
    """What makes it readable: bold heads that stay in sight, widths, folded texts, thin lines."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    line = Border(bottom=Side("thin", color=_LINE))
    plain, bold = Font(name=_FONT, size=_SIZE), Font(name=_FONT, size=_SIZE, bold=True)
    head = PatternFill("solid", fgColor=_HEAD)
    headings = [column.heading for column in sheet.columns]
    made.row_dimensions[1].height = row_height(headings, sheet.columns, bold=True)
    for at, column in enumerate(sheet.columns, start=1):
        made.column_dimensions[get_column_letter(at)].width = column.width
        across = {"horizontal": "left", "indent": 1}
        if column.format in (COUNT, POINTS):
            across = {"horizontal": "center"}
        heading = made.cell(1, at)
        heading.font, heading.fill, heading.border = bold, head, line
        heading.alignment = Alignment(**across, vertical="bottom", wrap_text=True)
        folded = Alignment(**across, vertical="top", wrap_text=True)
        known: dict[str, Any] = {}
        for number in range(2, _last_row(sheet) + 1):
            cell = made.cell(number, at)
            if cell.number_format in known:
                # As openpyxl copies cells: to look up each style anew takes most of the time.
                cell._style = copy(known[cell.number_format])
                continue
            cell.font, cell.border = plain, line
            cell.alignment = folded
            known[cell.number_format] = cell._style
    for number, row in enumerate(sheet.rows, start=2):
        made.row_dimensions[number].height = row_height(row, sheet.columns)
    for number in range(_last_row(sheet) + 2, _last_row(sheet) + len(sheet.notes) + 2):
        made.cell(number, 1).font = Font(name=_FONT, size=_SIZE, italic=True, color=_NOTE)
    made.freeze_panes = made.cell(2, sheet.held + 1)
    if sheet.is_table:
        made.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{_last_row(sheet)}"


def _mark(made: Worksheet, sheet: Sheet) -> None:
    """Colours by value; never by colour alone: a frame and bold type, a hatching."""
    from openpyxl.formatting.rule import ColorScaleRule
    from openpyxl.styles import Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    if sheet.shaded and sheet.rows:
        first, last = (get_column_letter(k + 1) for k in (sheet.shaded[0], sheet.shaded[-1]))
        scale = ColorScaleRule("min", None, _PALE, end_type="max", end_color=_DARK)
        made.conditional_formatting.add(f"{first}2:{last}{_last_row(sheet)}", scale)
    frame, bold = Side("medium", color="000000"), Font(name=_FONT, size=_SIZE, bold=True)
    for row, column in sorted(sheet.framed):
        cell = made.cell(row + 2, column + 1)
        cell.border, cell.font = Border(frame, frame, frame, frame), bold
    if sheet.hatched:
        hatching = PatternFill("lightUp", fgColor=_GREY)
        for number, row_cells in enumerate(sheet.rows, start=2):
            for k in sheet.shaded:
                if row_cells[k] is None:
                    made.cell(number, k + 1).fill = hatching


def _offer(made: Worksheet, sheet: Sheet) -> None:
    """The drop-down, also in the rows below in which somebody may add a pair."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    if sheet.choices is None:
        return
    check = DataValidation(
        type="list",
        formula1=sheet.choices.source,
        allow_blank=True,
        showErrorMessage=True,
        errorStyle="stop",
        errorTitle=sheet.columns[sheet.choices.column].heading,
        error=f"This is not {sheet.choices.called} of this programme: pick one from the list.",
    )
    letter = get_column_letter(sheet.choices.column + 1)
    check.add(f"{letter}2:{letter}{_last_row(sheet) + len(sheet.notes) + _SPARE_ROWS}")
    made.add_data_validation(check)


def _print(made: Worksheet, sheet: Sheet, title: str, for_whom: str) -> None:
    """A4 across, as wide as the page, heads on every page, pages counted."""
    made.page_setup.orientation = "landscape"
    made.page_setup.paperSize = made.PAPERSIZE_A4
    made.sheet_properties.pageSetUpPr.fitToPage = True
    made.page_setup.fitToWidth, made.page_setup.fitToHeight = 1, 0
    made.print_title_rows = "1:1"
    made.page_margins.left = made.page_margins.right = 0.4
    made.page_margins.top = made.page_margins.bottom = 0.7
    for part, text in (
        (made.oddHeader.left, _literal(title)),
        (made.oddHeader.center, _literal(sheet.title)),
        (made.oddHeader.right, _literal(for_whom)),
        (made.oddFooter.left, "Made with rmatch. A proposal: a person decides."),
        (made.oddFooter.right, "Page &P of &N"),
    ):
        part.text, part.font, part.size = text, f"{_FONT},Regular", _SIZE - 1


def _literal(text: str) -> str:
    """A text in a header, where & begins a code."""
    return text.replace("&", "&&")
