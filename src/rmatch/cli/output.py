"""The two streams: results go to stdout, everything said about the work to stderr.

A pipe gets plain text, the same every time; a terminal gets its own width and tables by rich.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from rmatch.reporting.tables import Row, text_table
from rmatch.reporting.wrapping import WIDTH, fitted

SCHEMA_VERSION = 1
NARROWEST, WIDEST = 40, 100


def page_width() -> int:
    """Columns to write in: the terminal's, within reason; always 80 in a pipe."""
    if not sys.stdout.isatty():
        return WIDTH
    return min(WIDEST, max(NARROWEST, shutil.get_terminal_size((WIDTH, 24)).columns))


def say(text: str = "") -> None:
    """A result, to stdout."""
    _write(fitted(text, page_width()), sys.stdout)


def say_line(text: str) -> None:
    """A command or path to copy: on a line of its own, never folded."""
    _write(f"  {text}", sys.stdout)


def note(text: str) -> None:
    """A notice or an error, to stderr."""
    _write(fitted(text, page_width()), sys.stderr)


def say_json(content: Mapping[str, Any]) -> None:
    """The one JSON document of a command, to stdout; plain ASCII, which no console can spoil."""
    document = {"schema_version": SCHEMA_VERSION, **content}
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
    sys.stdout.flush()


def say_table(header: Row, rows: Sequence[Row], *, right: frozenset[int] = frozenset()) -> None:
    """A table of results, to stdout."""
    if sys.stdout.isatty():
        _rich_table(header, rows, right)
    else:
        _write(text_table(header, rows, right=right, width=WIDTH), sys.stdout)


def _rich_table(header: Row, rows: Sequence[Row], right: frozenset[int]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for k, title in enumerate(header):
        numeric = k in right
        table.add_column(Text(title), justify="right" if numeric else "left", no_wrap=numeric)
    for row in rows:
        # Text, so that no name is read as markup.
        table.add_row(*(Text(_safe(cell)) for cell in row))
    Console(width=page_width(), highlight=False).print(table)


def _write(text: str, stream: TextIO) -> None:
    stream.write(_safe(text) + "\n")
    stream.flush()


def _safe(text: str) -> str:
    """The text without control characters: a cell of a spreadsheet must not steer a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)
