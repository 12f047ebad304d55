"""Writes the example workbooks from their CSV folders: ``python tests/build_examples.py``.

The cells hold what the CSVs hold, as texts and misspelt as they are: a coordinator's workbook, not
rmatch's. Loading the one or the other gives the same programme (``test_examples.py``).
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from rmatch import examples

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

TABLES = {
    "Mentors": "mentors",
    "Mentees": "mentees",
    "Conflicts": "conflicts",
    "History": "history",
}
WRITTEN = datetime(2026, 11, 23)  # noqa: DTZ001 - a workbook's properties carry no zone
NARROWEST, WIDEST = 8, 48


def build(folder: Path, workbook: Path) -> None:
    """Write ``folder`` as ``workbook``."""
    book = Workbook()
    book.remove(book.active)
    for title, file in TABLES.items():
        with (folder / f"{file}.csv").open(encoding="utf-8", newline="") as handle:
            _fill(book.create_sheet(title), list(csv.reader(handle)))
    _fill(book.create_sheet("Settings"), [["setting", "value"], *_settings(folder)])
    book.properties.creator = "rmatch"
    book.properties.created = WRITTEN
    book.save(workbook)


def _settings(folder: Path) -> Iterator[list[str]]:
    settings = tomllib.loads((folder / "settings.toml").read_text(encoding="utf-8"))
    for name, value in settings.items():
        if isinstance(value, dict):
            yield from ([f"{name}.{key}", str(inner)] for key, inner in value.items())
        elif isinstance(value, list):
            yield [name, "; ".join(map(str, value))]
        else:
            yield [name, str(value)]


def _fill(sheet: Worksheet, lines: Sequence[Sequence[str]]) -> None:
    for line in lines:
        sheet.append([cell or None for cell in line])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in sheet.iter_rows():
        for cell in row:
            cell.number_format = "@"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for number, column in enumerate(zip(*lines, strict=True), start=1):
        longest = max(map(len, column)) + 2
        width = min(max(longest, NARROWEST), WIDEST)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"


if __name__ == "__main__":
    for name in examples.names():
        build(examples.path(name), examples.path(name, workbook=True))
