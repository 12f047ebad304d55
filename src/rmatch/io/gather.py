"""From what the caller gave to the tables of a cohort."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from rmatch.errors import InputError, Place
from rmatch.io.delimited import read_delimited
from rmatch.io.files import refused, require
from rmatch.io.findings import Findings
from rmatch.io.headings import find_headings
from rmatch.io.jsonfile import json_table, read_json
from rmatch.io.mapping import PEOPLE, ColumnMapping
from rmatch.io.settings_table import (
    SettingLine,
    mapping_lines,
    setting_key,
    settings_lines,
    toml_lines,
)
from rmatch.io.sources import Grid, RawTable
from rmatch.programme.reference import normalise

WORKBOOKS = (".xlsx", ".xlsm")
DELIMITED = (".csv", ".tsv", ".txt")
LISTS_SHEET = "Lists"
"""The template's sheet of drop-down values."""
_SHEETS = ("mentors", "mentees", "conflicts", "history", "dormant", "choices", "settings")
_FOLDER_FILES = {"settings.toml", "key.csv"} | {f"{name}.csv" for name in _SHEETS[:-1]}


@dataclass(slots=True)
class Gathered:
    """The tables found, settings as lines, and what was whole missing."""

    tables: dict[str, list[RawTable]] = field(default_factory=dict)
    settings: list[SettingLine] = field(default_factory=list)
    given_apart: set[str] = field(default_factory=set)
    """Tables given by keyword: a form's export may come without ids."""

    def add(self, kind: str, table: RawTable) -> None:
        """Add a table of one kind."""
        self.tables.setdefault(kind, []).append(table)


class Gatherer:
    """Opens sources; notes what is wrong with each and goes on with the next."""

    def __init__(self, mapping: ColumnMapping, findings: Findings) -> None:
        self.mapping = mapping
        self.findings = findings
        self.gathered = Gathered()

    def source(self, path: Path) -> None:
        """A whole cohort: a workbook, a folder or a JSON file."""
        try:
            require(path)
            if path.is_dir():
                self._folder(path)
            elif path.suffix.lower() in WORKBOOKS:
                self._workbook(path)
            elif path.suffix.lower() == ".json":
                self._json(path)
            elif path.suffix.lower() in DELIMITED:
                raise refused(path, "is one table; give mentors= and mentees=, or their folder")
            else:
                raise refused(path, "is no .xlsx workbook, .json file or folder of CSV files")
        except InputError as error:
            self.findings.problems.extend(error.problems)
            return
        self._require_people(path)

    def _require_people(self, path: Path) -> None:
        for kind in PEOPLE:
            if kind not in self.gathered.tables:
                what = f"file {kind}.csv" if path.is_dir() else f"sheet {kind.capitalize()}"
                what = f"list {kind}" if path.suffix.lower() == ".json" else what
                self.findings.error(f"has no {what}", Place(file=path.name))

    def _workbook(self, path: Path) -> None:
        from rmatch.io.workbook import read_workbook

        seen: dict[str, str] = {}
        for grid in read_workbook(path):
            title = grid.sheet or ""
            kind = _kind_of(title)
            place = Place(grid.file, grid.sheet)
            if kind is None:
                self._note_unknown_sheet(title, place)
            elif kind in seen:
                message = f"holds the same as the sheet {seen[kind]}; keep one of them"
                self.findings.error(message, place)
            else:
                seen[kind] = title
                self._grid(kind, grid)

    def _note_unknown_sheet(self, title: str, place: Place) -> None:
        if normalise(title) == normalise(LISTS_SHEET):
            return
        near = get_close_matches(normalise(title), _SHEETS, n=1)
        suggestions = tuple(name.capitalize() for name in near)
        self.findings.notice("is not a known sheet and is left out", place, suggestions)

    def _grid(self, kind: str, grid: Grid) -> None:
        if kind == "settings":
            self.gathered.settings.extend(settings_lines(grid, self.findings))
        else:
            self.gathered.add(kind, find_headings(grid, kind, self.mapping, self.findings))

    def _folder(self, path: Path) -> None:
        files = {file.name.lower(): file for file in sorted(path.iterdir()) if file.is_file()}
        for kind in _SHEETS[:-1]:
            if f"{kind}.csv" in files:
                self._guarded_grid(kind, files[f"{kind}.csv"])
        if "settings.toml" in files:
            self._guarded_toml(files["settings.toml"])
        for name, file in files.items():
            if name not in _FOLDER_FILES and file.suffix.lower() in (
                *DELIMITED,
                *WORKBOOKS,
                ".toml",
            ):
                near = tuple(get_close_matches(name, sorted(_FOLDER_FILES), n=1))
                message = "is not a known file of a cohort and is left out"
                self.findings.notice(message, Place(file=file.name), near)

    def _guarded_grid(self, kind: str, path: Path) -> None:
        try:
            self._grid(kind, read_delimited(path))
        except InputError as error:
            self.findings.problems.extend(error.problems)
            self.gathered.add(kind, RawTable(path.name, None, None, (), ()))

    def _guarded_toml(self, path: Path) -> None:
        try:
            self.gathered.settings.extend(toml_lines(path))
        except InputError as error:
            self.findings.problems.extend(error.problems)

    def _json(self, path: Path) -> None:
        for name, entries in read_json(path).items():
            place = Place(path.name, name)
            kind = _kind_of(name)
            if kind is None:
                self.findings.notice("is not a known list and is left out", place)
            elif kind == "settings":
                self._json_settings(entries, Place(path.name, name))
            else:
                self._json_table(path, kind, name, entries)

    def _json_table(self, path: Path, kind: str, name: str, entries: object) -> None:
        try:
            self.gathered.add(kind, json_table(path.name, name, entries))
        except InputError as error:
            self.findings.problems.extend(error.problems)
            self.gathered.add(kind, RawTable(path.name, name, None, (), ()))

    def _json_settings(self, entries: object, place: Place) -> None:
        if isinstance(entries, Mapping):
            self.gathered.settings.extend(mapping_lines(entries, place))
        elif entries is not None:
            self.findings.error("is not an object of settings", place)

    def table(self, kind: str, given: Any) -> None:
        """One table by itself: a path, a data frame or a list of dicts."""
        self.gathered.given_apart.add(kind)
        if not isinstance(given, str | os.PathLike):
            from rmatch.io.frames import frame_table

            self.gathered.add(kind, frame_table(given, kind.capitalize()))
            return
        path = Path(given)
        try:
            self._grid(kind, _one_grid(path, kind))
        except InputError as error:
            self.findings.problems.extend(error.problems)
            self.gathered.add(kind, RawTable(path.name, None, None, (), ()))

    def settings(self, given: Mapping[str, object] | str | os.PathLike[str]) -> None:
        """Settings given apart; they go before those of the source."""
        lines = self._settings_lines(given)
        set_again = {setting_key(line.name) for line in lines}
        kept = [line for line in self.gathered.settings if setting_key(line.name) not in set_again]
        self.gathered.settings = [*kept, *lines]

    def _settings_lines(
        self, given: Mapping[str, object] | str | os.PathLike[str]
    ) -> list[SettingLine]:
        if isinstance(given, Mapping):
            return mapping_lines(given, Place())
        path = Path(given)
        try:
            if path.suffix.lower() == ".toml":
                return toml_lines(path)
            if path.suffix.lower() == ".json":
                return mapping_lines(read_json(path), Place(file=path.name))
            return settings_lines(_one_grid(path, "settings"), self.findings)
        except InputError as error:
            self.findings.problems.extend(error.problems)
            return []


def _one_grid(path: Path, kind: str) -> Grid:
    """The one table of a file: of a workbook the sheet of that name, else the first one filled."""
    require(path)
    if path.suffix.lower() in WORKBOOKS:
        from rmatch.io.workbook import read_workbook

        grids = read_workbook(path)
        named = [grid for grid in grids if _kind_of(grid.sheet or "") == kind]
        filled = [grid for grid in grids if grid.rows]
        return (named or filled or grids)[0]
    if path.suffix.lower() in DELIMITED:
        return read_delimited(path)
    raise refused(path, "is neither a .csv file nor an .xlsx workbook")


def _kind_of(title: str) -> str | None:
    """The table that a sheet or list of this name is, singular or plural."""
    plain = normalise(title)
    for kind in _SHEETS:
        if plain in (kind, kind.removesuffix("s")):
            return kind
    return None
