"""A table of text in sections, each under a title of its own."""

from __future__ import annotations

from collections.abc import Sequence

Row = Sequence[str]
Section = tuple[str | None, Sequence[Row]]
"""A title over all columns, and the rows below it."""
_GAP = "  "


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
