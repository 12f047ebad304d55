"""Reading a cohort from one JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rmatch.errors import InputError, Place, Problem
from rmatch.io.files import read_bytes, refused
from rmatch.io.sources import ERROR_VALUES, RawRow, RawTable, broken_value


def read_json(path: Path) -> dict[str, Any]:
    """The object a JSON file holds."""
    content = read_bytes(path)
    problem = None
    data = None
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        problem = Problem("is not UTF-8 text", Place(file=path.name))
    except json.JSONDecodeError as error:
        message = f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        problem = Problem(message, Place(file=path.name, row=error.lineno))
    except RecursionError:
        problem = Problem("is nested too deeply to be a cohort", Place(file=path.name))
    if problem is not None:
        raise InputError([problem])
    if not isinstance(data, dict):
        raise refused(path, "does not hold a JSON object with mentors and mentees")
    return data


def json_table(file: str | None, name: str, entries: object) -> RawTable:
    """A list of objects as a table; row 1 is the first entry."""
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        place = Place(file=file, sheet=name)
        raise InputError([Problem("is not a list of objects", place)])
    headings = tuple(dict.fromkeys(str(key) for entry in entries for key in entry))
    rows = []
    for number, entry in enumerate(entries, start=1):
        named = {str(key): value for key, value in entry.items()}
        rows.append(RawRow(number, tuple(_cell(named.get(heading)) for heading in headings)))
    return RawTable(file, name, None, headings, tuple(rows), exact=True)


def _cell(value: object) -> object:
    """JSON carries texts exactly, but an exported spreadsheet error is still one."""
    if isinstance(value, str) and value.strip() in ERROR_VALUES:
        return broken_value(value)
    return value
