"""Plain tables for a terminal and for a notebook, of the same rows."""

from __future__ import annotations

import html
from collections.abc import Sequence

Row = Sequence[str]


def text_table(header: Row, rows: Sequence[Row], *, right: frozenset[int] = frozenset()) -> str:
    """Columns padded to their widest cell; ``right`` names those that align right."""
    widths = [max(len(row[k]) for row in (header, *rows)) for k in range(len(header))]

    def line(row: Row) -> str:
        cells = (
            cell.rjust(width) if k in right else cell.ljust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    return "\n".join([line(header), line(["─" * width for width in widths]), *map(line, rows)])


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
