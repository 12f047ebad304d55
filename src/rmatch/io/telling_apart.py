"""Whether a file holds pairs or a cohort: told from its sheets and headings, nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from rmatch.errors import InputError
from rmatch.io.delimited import read_delimited
from rmatch.io.gather import DELIMITED, WORKBOOKS
from rmatch.io.headings import heading_text
from rmatch.io.mapping import FIELDS, PEOPLE, heading_key
from rmatch.io.pair_tables import PAIRS_SHEET, heading_place
from rmatch.io.sources import BrokenCell, Grid
from rmatch.io.workbook import read_workbook

Kind = Literal["pairs", "cohort"]

_TIES = {heading_key(name) for name in ("rule", "until", "ended")}
"""Headings of conflicts and earlier pairs, which name a mentor and a mentee as well."""


def kind_of_file(path: Path) -> Kind | None:
    """What a file looks like; ``None`` where it is neither, or cannot be read.

    A workbook with the sheets Mentors or Mentees is a cohort, one with a sheet Pairs is not; a
    single table is one of pairs where its headings name a mentor and a mentee and nothing of a
    conflict or an earlier pair. A folder or .json is a cohort.
    """
    suffix = path.suffix.lower()
    if path.is_dir() or suffix == ".json":
        return "cohort"
    try:
        if suffix in DELIMITED:
            return _kind_of_table(read_delimited(path))
        return _kind_of_sheets(read_workbook(path)) if suffix in WORKBOOKS else None
    except InputError:
        return None


def _kind_of_sheets(grids: list[Grid]) -> Kind | None:
    titles = {heading_key(grid.sheet or "") for grid in grids}
    if titles & set(PEOPLE):
        return "cohort"
    if heading_key(PAIRS_SHEET) in titles:
        return "pairs"
    return _kind_of_table(grids[0]) if len(grids) == 1 else None


def _kind_of_table(grid: Grid) -> Kind | None:
    place = heading_place(grid)
    if place is None:
        return "cohort" if _lists_people(grid) else None
    keys = {heading_key(_heading(cell)) for cell in grid.rows[place].cells}
    return None if keys & _TIES else "pairs"


def _lists_people(grid: Grid) -> bool:
    """Whether the first row names fields of participants."""
    known = {heading_key(name) for name in FIELDS["mentors"]}
    keys = {heading_key(_heading(cell)) for cell in (grid.rows[0].cells if grid.rows else ())}
    return len(keys & known) > 1


def _heading(cell: object) -> str:
    return heading_text(None if isinstance(cell, BrokenCell) else cell)
