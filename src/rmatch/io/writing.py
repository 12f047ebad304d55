"""A programme's values as cells, such that reading them gives the same values again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from rmatch.io.fields import READERS
from rmatch.io.lists import joined, quoted
from rmatch.io.statement_cells import pairs_cell
from rmatch.io.waiver_cells import waivers_cell
from rmatch.programme import (
    Conflict,
    LeadershipRole,
    Participant,
    Period,
    PreferredAttributes,
    PriorExperience,
    Programme,
    Quota,
    Settings,
)
from rmatch.programme.settings import PAIR_LISTS, WAIVERS

Cell = str | int | float | date | None
Lines = list[list[Cell]]


def people_lines(people: Sequence[Participant]) -> Lines:
    """Headings and a row for each person: the columns that somebody fills."""
    rows = [{name: field_cell(name, getattr(p, name)) for name in READERS} for p in people]
    default = {name: field_cell(name, getattr(_NOBODY, name)) for name in READERS}
    used = [
        name for name in READERS if name == "id" or any(row[name] != default[name] for row in rows)
    ]
    extras = list(dict.fromkeys(name for person in people for name in person.extra))
    lines: Lines = [[*used, *extras]]
    for person, row in zip(people, rows, strict=True):
        lines.append([*(row[name] for name in used), *(person.extra.get(name) for name in extras)])
    return lines


def field_cell(name: str, value: object) -> Cell:
    """One field of a participant as a cell."""
    special = _SPECIAL.get(name)
    if special is not None:
        return special(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, str | int | date):
        return value
    if isinstance(value, tuple):
        return joined(value) or None
    raise TypeError(f"the field {name} has no cell")


def _manager(value: object) -> Cell:
    return "none" if value == "" else str(value) if value is not None else None


def _supervisors(value: object) -> Cell:
    if not isinstance(value, tuple):
        return None
    return joined(value) or "none"


def _choices(value: object) -> Cell:
    groups: tuple[tuple[str, ...], ...] = value if isinstance(value, tuple) else ()
    return "; ".join(" = ".join(map(quoted, group)) for group in groups) or None


def _roles(value: object) -> Cell:
    held: tuple[LeadershipRole, ...] = value if isinstance(value, tuple) else ()
    return joined(f"{r.role}:{r.scope}" if r.scope else r.role for r in held) or None


def _wishes(value: object) -> Cell:
    if not isinstance(value, PreferredAttributes):
        return None
    given = {name: wish for name, wish in value.model_dump().items() if wish is not None}
    return "; ".join(f"{name}={wish}" for name, wish in given.items()) or None


def _experience(value: object) -> Cell:
    if not isinstance(value, PriorExperience):
        return None
    return joined(["yes" if value.before else "no", *value.partners])


def _periods(value: object) -> Cell:
    given: tuple[Period, ...] = value if isinstance(value, tuple) else ()
    return "; ".join(f"{p.start.isoformat()} to {p.end.isoformat()}" for p in given) or None


_SPECIAL: Mapping[str, Callable[[object], Cell]] = {
    "line_manager": _manager,
    "supervisors": _supervisors,
    "choices": _choices,
    "leadership_roles": _roles,
    "pref_attrs": _wishes,
    "prior_experience": _experience,
    "unavailable_periods": _periods,
}
_NOBODY = Participant(id="nobody")


def conflict_lines(conflicts: Iterable[Conflict]) -> Lines:
    """Headings and a row for each conflict."""
    rows: Lines = [[c.mentor, c.mentee, c.rule, c.until] for c in conflicts]
    return [["mentor", "mentee", "rule", "until"], *rows]


def history_lines(programme: Programme) -> Lines:
    """Headings and a row for each earlier pair."""
    rows: Lines = [[p.mentor, p.mentee, p.ended] for p in programme.history]
    return [["mentor", "mentee", "ended"], *rows]


def changed_settings(settings: Settings) -> dict[str, object]:
    """The settings that are not the defaults, by dotted name."""
    default = Settings()
    changed: dict[str, object] = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if isinstance(value, dict):
            changed |= {f"{name}.{key}": _plain(inner) for key, inner in value.items()}
        elif value != getattr(default, name):
            changed[name] = value
    return changed


def settings_lines(settings: Settings) -> Lines:
    """Headings and a row for each setting that is not the default."""
    rows: Lines = []
    for name, value in changed_settings(settings).items():
        rows.append([name, _setting_cell(name, value)])
    return [["setting", "value"], *rows]


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Quota) else value


def _setting_cell(name: str, value: object) -> Cell:
    if name in PAIR_LISTS and isinstance(value, tuple):
        return pairs_cell(value)
    if name == WAIVERS and isinstance(value, tuple):
        return waivers_cell(value)
    if isinstance(value, tuple):
        return joined(map(str, value))
    return value  # type: ignore[return-value]
