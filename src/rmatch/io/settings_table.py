"""Settings from a sheet, a TOML file, a JSON object or a dict: one line, one setting, one place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path

from rmatch.errors import InputError, Place, Problem
from rmatch.io.cells import as_text, day
from rmatch.io.files import read_bytes, refused
from rmatch.io.findings import Findings, UnreadableCellError, may_be_shown
from rmatch.io.headings import heading_text
from rmatch.io.lists import items
from rmatch.io.people import is_template_row
from rmatch.io.sources import BrokenCell, Grid, RawRow, is_blank
from rmatch.io.statement_cells import pairs_of
from rmatch.io.waiver_cells import waivers_of
from rmatch.programme import Settings
from rmatch.programme.reference import RULES, AmbiguousValueError, UnknownValueError, normalise
from rmatch.programme.settings import (
    DEFAULT_WEIGHTS,
    PAIR_LISTS,
    PERSON_TABLES,
    WAIVERS,
    default_severities,
)
from rmatch.programme.statements import as_quota
from rmatch.programme.text import fold

_TABLES = ("weights", "rules", "lookback_months", *PERSON_TABLES, "quotas")
_LISTS = ("side_weights", "objectives", "coordinators")
_DATES = ("starts", "ends", "induction_deadline")
_WORDS = ("specialty", "strategy", "objectives", "rules", "stability")
_PRIVATE = ("coordinators", *PAIR_LISTS, WAIVERS)


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting as written: a dotted name, a cell, and where it stood."""

    name: str
    cell: object
    place: Place


def settings_lines(grid: Grid, findings: Findings) -> list[SettingLine]:
    """The lines of a sheet with the columns ``setting`` and ``value``."""
    if not grid.rows:
        return []
    head = grid.rows[0]
    headings = [normalise(heading_text(cell)) for cell in head.cells]
    place = Place(grid.file, grid.sheet, head.number)
    missing = [name for name in ("setting", "value") if name not in headings]
    if missing:
        findings.error(f"has no column {' and no column '.join(missing)}", place)
        return []
    for cell, heading in zip(head.cells, headings, strict=True):
        if heading not in ("setting", "value", "") and not heading.startswith("note"):
            column = heading_text(cell)
            left = Place(grid.file, grid.sheet, head.number, column)
            findings.notice("is not a known column and is left out", left)
    at = (headings.index("setting"), headings.index("value"))
    column = heading_text(head.cells[at[1]])
    return [line for row in grid.rows[1:] for line in _line(grid, row, at, column, findings)]


def _line(
    grid: Grid, row: RawRow, at: tuple[int, int], column: str, findings: Findings
) -> Iterator[SettingLine]:
    name, value = row.cell(at[0]), row.cell(at[1])
    place = Place(grid.file, grid.sheet, row.number, column)
    if is_template_row(row.cells, ()) or (is_blank(name) and is_blank(value)):
        return
    if isinstance(name, BrokenCell):
        findings.error(name.message, place, name.text, shown=True)
    elif is_blank(name):
        findings.error("is a value without the name of its setting", place)
    elif not is_blank(value):
        yield SettingLine(as_text(name), value, place)


def toml_lines(path: Path) -> list[SettingLine]:
    """The settings of a TOML file."""
    import tomllib

    content = read_bytes(path)
    problem = ""
    try:
        return mapping_lines(tomllib.loads(content.decode("utf-8-sig")), Place(file=path.name))
    except tomllib.TOMLDecodeError as error:
        problem = f"is not TOML: {str(error)[:1].lower()}{str(error)[1:]}"
    except UnicodeDecodeError:
        problem = "is not UTF-8 text"
    raise refused(path, problem)


def mapping_lines(settings: Mapping[str, object], place: Place) -> list[SettingLine]:
    """The settings of a mapping; those in a table of it get dotted names."""
    lines = []
    for name, value in settings.items():
        if isinstance(value, Mapping) and name in _TABLES:
            pairs = [(f"{name}.{key}", inner) for key, inner in value.items()]
        else:
            pairs = [(str(name), value)]
        for dotted, inner in pairs:
            at = Place(place.file, place.sheet, place.row, shown_name(dotted))
            lines.append(SettingLine(dotted, inner, at))
    return [line for line in lines if line.cell is not None]


def setting_key(name: str) -> str:
    """A setting's name such that two names of one setting are equal."""
    written, _, key = name.strip().partition(".")
    table = normalise(written).replace(" ", "_")
    if table in PERSON_TABLES:
        return f"{table}.{fold(key)}"
    return f"{table}.{key.strip()}" if table == "quotas" else normalise(name)


def shown_name(dotted: str) -> str:
    """A setting's name as messages may show it: a person's id, never their name."""
    table, _, key = dotted.partition(".")
    is_person = normalise(table).replace(" ", "_") in PERSON_TABLES
    return table if is_person and not _ID.fullmatch(key.strip()) else dotted


_ID = re.compile(r"[^\W\d_]{0,3}[-_]?\d+")
"""What can only be an id."""


def read_settings(
    lines: list[SettingLine], findings: Findings, places: dict[str, Place] | None = None
) -> Settings:
    """The settings; every fault is noted at its own line.

    Args:
        lines: What was written.
        findings: Where faults are noted.
        places: Takes where each setting stood, by its :func:`setting_key`.
    """
    places = {} if places is None else places
    values: dict[str, object] = {}
    for line in lines:
        try:
            name, key = _known_name(line, findings)
        except _UnknownSettingError:
            continue
        dotted = f"{name}.{key}" if key else name
        if setting_key(dotted) in places:
            shown = shown_name(dotted)
            findings.error(f"sets {shown} a second time", line.place, shown, shown=True)
            continue
        places[setting_key(dotted)] = line.place
        value = _checked_value(name, key, line, findings)
        if value is not None and key:
            values.setdefault(name, {})[key] = value  # type: ignore[index]
        elif value is not None:
            values[name] = value
    return _together(values, places, findings)


class _UnknownSettingError(Exception):
    """The line's name is no setting; noted already."""


def _known_name(line: SettingLine, findings: Findings) -> tuple[str, str]:
    """The field of ``Settings``, and the key within it for the three that are tables."""
    written, _, key = line.name.strip().partition(".")
    names = {normalise(name): name for name in Settings.model_fields}
    name = names.get(normalise(written), "")
    if not name or bool(key) != (name in _TABLES):
        suggestions = _near(written, line.name)
        shown = may_be_shown(line.name) and not (key and " " in key.strip())
        message = "is not a setting"
        findings.error(message, line.place, line.name, shown=shown, suggestions=suggestions)
        raise _UnknownSettingError
    if name == "weights":
        return name, _weight_name(key, line, findings)
    if name in ("rules", "lookback_months"):
        return name, _rule_code(name, key.strip(), line, findings)
    return name, key.strip()


def _near(written: str, whole: str) -> tuple[str, ...]:
    """The nearest names of settings; of tables whose keys are anybody's, the form."""
    free = {normalise(name): form for name, form in _FORMS.items()}
    tables = get_close_matches(normalise(written), free, n=1, cutoff=0.8)
    if tables:
        return (free[tables[0]],)
    near = get_close_matches(normalise(whole), _all_names(), n=2)
    return tuple(_all_names()[match] for match in near)


_FORMS = {**{name: f"{name}.ID" for name in PERSON_TABLES}, "quotas": "quotas.NAME"}
"""How settings are written whose name ends in whatever the coordinator likes."""


def _all_names() -> dict[str, str]:
    names = [name for name in Settings.model_fields if name not in _TABLES]
    names += [f"weights.{name}" for name in DEFAULT_WEIGHTS]
    names += [f"rules.{code}" for code in default_severities()]
    return {normalise(name): name for name in names}


def _weight_name(key: str, line: SettingLine, findings: Findings) -> str:
    known = {normalise(name): name for name in DEFAULT_WEIGHTS}
    found = known.get(normalise(key))
    if found is None:
        near = tuple(known[match] for match in get_close_matches(normalise(key), known, n=1))
        findings.notice("weighs a criterion that is not built in", line.place, near)
    return found or key.strip()


def _rule_code(name: str, written: str, line: SettingLine, findings: Findings) -> str:
    codes = {normalise(code): code for code in default_severities()}
    found = codes.get(normalise(written))
    if found is not None and (name == "rules" or found in RULES):
        return found
    try:
        return RULES.resolve(written)
    except UnknownValueError as error:
        near = error.suggestions
    except AmbiguousValueError as error:
        near = error.candidates
    findings.error("is not a known rule code", line.place, written, shown=True, suggestions=near)
    raise _UnknownSettingError


def _checked_value(name: str, key: str, line: SettingLine, findings: Findings) -> object:
    """The value, if ``Settings`` takes it alone."""
    shown = name not in _PRIVATE and may_be_shown(_plain(line.cell))
    if isinstance(line.cell, BrokenCell):
        findings.error(line.cell.message, line.place, line.cell.text, shown=True)
        return None
    try:
        value = _value(name, key, line.cell)
        Settings.model_validate({name: {key: value} if key else value})
    except UnreadableCellError as error:
        findings.faults(error, line.place)
        return None
    except InputError as error:
        messages = [problem.message for problem in error.problems]
    except ValueError as error:
        messages = [str(error)]
    else:
        return value
    findings.error(messages[0], line.place, _plain(line.cell), shown=shown)
    return None


def _plain(cell: object) -> str:
    return cell.text if isinstance(cell, BrokenCell) else as_text(cell)


def _value(name: str, key: str, cell: object) -> object:
    if name in (*PAIR_LISTS, WAIVERS, "quotas"):
        return _statement(name, key, cell)
    if name in _DATES and not isinstance(cell, bool):
        return day(cell)
    if name in _LISTS:
        parts = list(cell) if isinstance(cell, list | tuple) else items(as_text(cell))
        return tuple(_word(part) if name in _WORDS else part for part in parts)
    if isinstance(cell, date | datetime):
        return as_text(cell)
    if isinstance(cell, str):
        return _word(cell) if name in _WORDS else cell.strip()
    return cell


def _statement(name: str, key: str, cell: object) -> object:
    if name == WAIVERS:
        return waivers_of(cell)
    return pairs_of(cell) if name in PAIR_LISTS else as_quota(key, cell)


def _word(value: object) -> object:
    return value.strip().casefold().replace(" ", "_") if isinstance(value, str) else value


def _together(values: dict[str, object], places: dict[str, Place], findings: Findings) -> Settings:
    problems: tuple[Problem, ...] = ()
    try:
        return Settings.model_validate(values)
    except InputError as error:
        problems = error.problems
    for problem in problems:
        findings.problems.append(problem.at(place_of(problem, places)))
    return Settings()


def place_of(problem: Problem, places: Mapping[str, Place]) -> Place:
    """Where the setting stood that a problem is about."""
    column = problem.place.column or ""
    key = f"{column}.{problem.value}" if column in PERSON_TABLES else column
    return places.get(setting_key(key), problem.place)
