"""Laying out: tables with sections, as text and as HTML, and folded prose."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Sequence

Row = Sequence[str]
Section = tuple[str | None, Sequence[Row]]
"""A title over all columns, and the rows below it."""
_GAP = "  "


def filled(text: str, width: int, *, first: str = "", rest: str = "") -> str:
    """One paragraph, its first line after ``first`` and all others after ``rest``."""
    return textwrap.fill(
        text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )


def text_table(header: Row, sections: Sequence[Section]) -> str:
    """Columns padded to their widest cell, the second one aligned right; titles take the width."""
    rows = [header, *(row for _, some in sections for row in some)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_line(header, widths), _line(["─" * size for size in widths], widths)]
    for title, some in sections:
        lines += [title] if title else []
        lines += [_line(row, widths) for row in some]
    return "\n".join(lines)


def _line(row: Row, widths: Sequence[int]) -> str:
    cells = (
        cell.rjust(size) if k == 1 else cell.ljust(size)
        for k, (cell, size) in enumerate(zip(row, widths, strict=True))
    )
    return _GAP.join(cells).rstrip()


def html_table(caption: str, header: Row, rows: Sequence[Row]) -> str:
    """A plain table; every cell is escaped."""
    head = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f"<table><caption>{html.escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
