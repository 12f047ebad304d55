"""The key file: which id was given to whom. The one file that joins ids to people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rmatch.atomic import write_atomic
from rmatch.errors import InputError, Place, Problem
from rmatch.io.cells import as_text
from rmatch.io.delimited import read_delimited
from rmatch.io.headings import heading_text
from rmatch.io.sources import RawRow, guarded, is_blank
from rmatch.programme.reference import normalise
from rmatch.programme.text import fold

KEY_FILE = "key.csv"
_HEADINGS = ("id", "name", "email")


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One person of the key."""

    id: str
    name: str
    email: str


def read_key(path: Path) -> list[KeyEntry]:
    """The key as it stands; none yet is an empty one.

    Raises:
        InputError: the file is no key file, or gives an id twice.
    """
    if not path.exists():
        return []
    grid = read_delimited(path)
    headings = [normalise(heading_text(cell)) for cell in grid.rows[0].cells] if grid.rows else []
    if not set(_HEADINGS) <= set(headings):
        message = "is not a key file (columns id, name, email); name another with key_file="
        raise InputError([Problem(message, Place(file=path.name))])
    at = {name: headings.index(name) for name in _HEADINGS}
    entries = [(row, _entry(row, at)) for row in grid.rows[1:]]
    problems = list(_repeated(path, entries))
    if problems:
        raise InputError(problems)
    return [entry for _, entry in entries]


def _entry(row: RawRow, at: dict[str, int]) -> KeyEntry:
    texts = {
        name: "" if is_blank(row.cell(index)) else as_text(row.cell(index))
        for name, index in at.items()
    }
    return KeyEntry(**texts)


def _repeated(path: Path, entries: Iterable[tuple[RawRow, KeyEntry]]) -> Iterable[Problem]:
    seen: set[str] = set()
    for row, entry in entries:
        place = Place(file=path.name, row=row.number, column="id")
        if not entry.id:
            yield Problem("is missing", place)
        elif fold(entry.id) in seen:
            yield Problem("is given to two people", place, value=entry.id, shown=True)
        seen.add(fold(entry.id))


def write_key(path: Path, entries: Iterable[KeyEntry]) -> None:
    """Write the key, readable by its owner alone; an equal file is left as it is."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(_HEADINGS)
    writer.writerows([guarded(e.id), guarded(e.name), guarded(e.email)] for e in entries)
    content = buffer.getvalue().encode("utf-8-sig")
    if not path.exists() or path.read_bytes() != content:
        write_atomic(path, content, mode=0o600, force=True)
