"""Plain tables for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import zip_longest

Row = Sequence[str]
GAP = 2
NARROWEST = 8
"""A folded column is never narrower than this, even where the table then grows too wide."""


def text_table(
    header: Row,
    rows: Sequence[Row],
    *,
    right: frozenset[int] = frozenset(),
    width: int | None = None,
) -> str:
    """Columns padded to their widest cell; ``right`` names those that align right.

    A heading may have several lines; they stand on the rule.
    Where the table would be wider than ``width``, the widest columns of text fold their cells.
    """
    widths = _widths(header, rows, right, width)

    def lines(row: Row) -> list[str]:
        folded = [_cell_lines(cell, size) for cell, size in zip(row, widths, strict=True)]
        return [line(part) for part in zip_longest(*folded, fillvalue="")]

    def line(row: Row) -> str:
        cells = (
            cell.rjust(size) if k in right else cell.ljust(size)
            for k, (cell, size) in enumerate(zip(row, widths, strict=True))
        )
        return (" " * GAP).join(cells).rstrip()

    rule = line(["─" * size for size in widths])
    heading = [line(part) for part in _heading_lines(header)]
    return "\n".join([*heading, rule, *(part for row in rows for part in lines(row))])


def _heading_lines(header: Row) -> list[Row]:
    parts = [cell.split("\n") for cell in header]
    height = max(map(len, parts), default=0)
    return list(zip(*([""] * (height - len(part)) + part for part in parts), strict=True))


def _widths(
    header: Row, rows: Sequence[Row], right: frozenset[int], width: int | None
) -> list[int]:
    headings = [max(map(len, cell.split("\n"))) for cell in header]
    widths = [max([size, *(len(row[k]) for row in rows)]) for k, size in enumerate(headings)]
    foldable = [k for k in range(len(header)) if k not in right]
    while width is not None and sum(widths) + GAP * (len(widths) - 1) > width:
        widest = max(foldable, key=lambda k: widths[k], default=None)
        if widest is None or widths[widest] <= max(NARROWEST, headings[widest]):
            break
        widths[widest] -= 1
    return widths


def _cell_lines(cell: str, width: int) -> list[str]:
    """A cell's lines; all but the first stand two spaces in, so that rows stay apart."""
    if len(cell) <= width:
        return [cell]
    return textwrap.wrap(cell, width, subsequent_indent="  ", break_on_hyphens=False) or [""]
