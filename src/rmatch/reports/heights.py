"""How high a row has to be for its folded texts: no spreadsheet works that out for a new file."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from rmatch.reports.sheets import Cell, Column

LINE = 13.0
"""Points for a line of the font that is used."""
HIGHEST = 409.0
"""Points; Excel knows no higher row."""
_ROOM = 1.12
"""Letters for a digit, in which widths are counted: most are narrower, and words do not break."""
_INDENT = 1
"""Digits that a text stands away from the column before it."""


def row_height(cells: Iterable[Cell], columns: Sequence[Column], *, bold: bool = False) -> float:
    """Points for a row whose texts fold at the width of their columns."""
    share = _ROOM * (0.9 if bold else 1.0)
    lines = [
        _lines(cell, (column.width - _INDENT) * share)
        for cell, column in zip(cells, columns, strict=True)
        if isinstance(cell, str)
    ]
    return min(HIGHEST, LINE * max(lines, default=1) + 2)


def _lines(text: str, width: float) -> int:
    parts = text.split("\n")
    return sum(max(1, len(textwrap.wrap(part, max(1, int(width))))) for part in parts)
