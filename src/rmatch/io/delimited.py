"""Reading delimited text: commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1252."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from rmatch.errors import InputError, Place, Problem
from rmatch.io.files import read_bytes
from rmatch.io.sources import Grid, rows_of

_DELIMITERS = (",", ";", "\t", "|")
_HINT = re.compile(r"\s*sep=(.)\s*\r?\n", re.IGNORECASE)


def read_delimited(path: Path) -> Grid:
    """A delimited file as a grid; rows are numbered as a spreadsheet shows them."""
    text = _decoded(path)
    hint = _HINT.match(text)
    delimiter = hint.group(1) if hint else _delimiter(text)
    lines = _lines(path, text[hint.end() :] if hint else text, delimiter)
    return Grid(path.name, None, rows_of(lines), ragged_is_wrong=True)


def _decoded(path: Path) -> str:
    content = read_bytes(path)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    if b"\x00" not in content or encodings == ("utf-16",):
        for encoding in encodings:
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    message = "is not a text file in UTF-8 or Windows-1252; save it as CSV UTF-8"
    raise InputError([Problem(message, Place(file=path.name))])


def _delimiter(text: str) -> str:
    """The delimiter that the first filled line holds most often outside quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside = re.sub(r'"[^"]*"?', "", first)
    return max(_DELIMITERS, key=outside.count)


def _lines(path: Path, text: str, delimiter: str) -> list[list[str]]:
    try:
        _refuse_open_quote(path, text, delimiter)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        problem = Problem(f"cannot be read as CSV: {error}", Place(file=path.name))
    raise InputError([problem])


def _refuse_open_quote(path: Path, text: str, delimiter: str) -> None:
    """A quote opened and never closed would swallow the rest of the file in one cell."""
    row = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row, _ in enumerate(reader, start=1):  # noqa: B007 - the last row read is the news
            pass
    except csv.Error as error:
        if "unexpected end of data" not in str(error):
            return
    else:
        return
    message = "opens a quotation mark that is never closed"
    raise InputError([Problem(message, Place(file=path.name, row=row + 1))])
