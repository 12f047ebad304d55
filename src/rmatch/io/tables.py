"""Writing a programme back out, as a folder of CSV files or a workbook."""

from __future__ import annotations

import csv
import io
import json
import os
from datetime import date
from pathlib import Path

from rmatch.atomic import new_folder, write_atomic
from rmatch.io import writing
from rmatch.io.sources import guarded
from rmatch.io.workbook import workbook_bytes
from rmatch.programme import Programme, Settings

__all__ = ["write_folder", "write_json", "write_workbook"]


def write_folder(
    programme: Programme, folder: str | os.PathLike[str], *, force: bool = False
) -> Path:
    """Write a programme as mentors.csv, mentees.csv, … and settings.toml.

    Loading the folder gives an equal programme (with ``extra=`` naming the columns opted in). Files
    without content (no conflicts, no history, default settings) are left out, or, where an older
    one lies in the folder, written empty. A folder that is not there yet is written whole or not at
    all, for its owner alone; into one that is, file by file.

    Raises:
        RunFolderError: a file exists (without ``force``) or cannot be written.
    """
    target = Path(folder)
    if target.exists():
        _write_files(programme, target, force=force)
    else:
        with new_folder(target) as temporary:
            _write_files(programme, temporary, force=force)
    return target


def _write_files(programme: Programme, target: Path, *, force: bool) -> None:
    for name, lines in _tables(programme).items():
        path = target / f"{name.lower()}.csv"
        if len(lines) > 1 or name in ("Mentors", "Mentees") or path.exists():
            write_atomic(path, _csv(lines), force=force)
    settings = target / "settings.toml"
    text = _toml(programme.settings)
    if text or settings.exists():
        write_atomic(settings, text, force=force)


def write_workbook(
    programme: Programme, path: str | os.PathLike[str], *, force: bool = False
) -> Path:
    """Write a programme as a workbook with the sheets that :func:`rmatch.io.load` reads.

    Raises:
        MissingExtraError: openpyxl is not installed.
        RunFolderError: the file exists (without ``force``) or cannot be written.
    """
    sheets = {
        name: lines
        for name, lines in _tables(programme).items()
        if len(lines) > 1 or name in ("Mentors", "Mentees")
    }
    settings = writing.settings_lines(programme.settings)
    if len(settings) > 1:
        sheets["Settings"] = settings
    return write_atomic(path, workbook_bytes(sheets), force=force)


def write_json(programme: Programme, path: str | os.PathLike[str], *, force: bool = False) -> Path:
    """Write a programme as the JSON that :func:`rmatch.io.load` reads.

    Raises:
        RunFolderError: the file exists (without ``force``) or cannot be written.
    """
    text = json.dumps(programme.model_dump(mode="json"), indent=1, ensure_ascii=False)
    return write_atomic(path, f"{text}\n", force=force)


def _tables(programme: Programme) -> dict[str, writing.Lines]:
    return {
        "Mentors": writing.people_lines(programme.mentors),
        "Mentees": writing.people_lines(programme.mentees),
        "Conflicts": writing.conflict_lines(programme.conflicts),
        "History": writing.history_lines(programme),
        "Dormant": writing.conflict_lines(programme.dormant),
    }


def _csv(lines: writing.Lines) -> bytes:
    """Comma-separated UTF-8 with a mark at the start, as Excel wants it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for line in lines:
        writer.writerow([_text(cell) for cell in line])
    return buffer.getvalue().encode("utf-8-sig")


def _text(cell: writing.Cell) -> str:
    if cell is None:
        return ""
    return guarded(cell.isoformat() if isinstance(cell, date) else str(cell))


def _toml(settings: Settings) -> str:
    lines: list[str] = []
    tables: dict[str, list[str]] = {}
    for name, value in writing.changed_settings(settings).items():
        table, _, key = name.partition(".")
        if key:
            tables.setdefault(table, []).append(f"{_toml_string(key)} = {_toml_value(value)}")
        else:
            lines.append(f"{name} = {_toml_value(value)}")
    for table, entries in tables.items():
        lines += ["", f"[{table}]", *entries]
    return "\n".join(lines) + "\n" if lines else ""


def _toml_value(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml_value, value))}]"
    if isinstance(value, date):
        return value.isoformat()
    return _toml_string(value) if isinstance(value, str) else repr(value)


def _toml_string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
