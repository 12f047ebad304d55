"""The rows of Conflicts, History and Dormant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, get_args

from rmatch.errors import Place
from rmatch.io.cells import Reader, as_text, day, name_of, says_nothing, word
from rmatch.io.findings import Findings, UnreadableCellError, unreadable
from rmatch.io.headings import Columns
from rmatch.io.people import data_rows
from rmatch.io.sources import BrokenCell, RawRow, RawTable, is_blank
from rmatch.programme import Conflict, PastPair
from rmatch.programme.reference import RULES, normalise
from rmatch.programme.ties import EndReason

UNREADABLE = "\x00"
"""Stands for a person whose cell is blank or broken, so that the row's other cells are checked."""

_ENDS: Mapping[str, str] = {
    **dict.fromkeys(
        ("completed", "complete", "finished", "ended normally", "full term"), "completed"
    ),
    **dict.fromkeys(("no fault", "nofault", "no fault of either"), "no_fault"),
    **dict.fromkeys(("moved", "moved away", "moved on", "left", "rotated", "relocated"), "moved"),
    **dict.fromkeys(("withdrawn", "withdrew", "one withdrew"), "withdrawn"),
    **dict.fromkeys(("declined", "refused", "said no", "turned down"), "declined"),
    **dict.fromkeys(("early", "ended early", "stopped early", "stopped"), "early"),
    **dict.fromkeys(("concern", "concerns", "concern raised", "concerns raised"), "concern"),
    **dict.fromkeys(("not again", "never again", "do not pair again"), "not_again"),
}


@dataclass(slots=True)
class RecordDraft:
    """One row of Conflicts, History or Dormant, as read."""

    place: Place
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def at(self, column: str | None) -> Place:
        """Where a field of this row stood."""
        return self.places.get(column or "", self.place)

    def conflict(self) -> Conflict:
        """The row as a conflict."""
        return Conflict.model_validate(self.values)

    def past_pair(self) -> PastPair:
        """The row as an earlier pair."""
        return PastPair.model_validate(self.values)


def ended(cell: object) -> str | None:
    """How a pair ended."""
    written = as_text(cell)
    if says_nothing(written):
        return None
    found = _ENDS.get(normalise(written))
    if found is None:
        near = get_close_matches(normalise(written), _ENDS, n=1)
        message = f"is not a way to end: {', '.join(get_args(EndReason))}"
        suggestions = tuple(_ENDS[match] for match in near)
        raise unreadable(message, written, shown=True, suggestions=suggestions)
    return found


_READERS: Mapping[str, Reader] = {
    "mentor": name_of,
    "mentee": name_of,
    "rule": word(RULES),
    "until": day,
    "ended": ended,
}


def read_records(table: RawTable, columns: Columns, findings: Findings) -> list[RecordDraft]:
    """Every row with its faults noted. A table that lacks an end of its pairs is refused once."""
    missing = [end for end in ("mentor", "mentee") if end not in columns.index]
    if table.headings and missing and not columns.broken:
        message = f"has no column {' and no column '.join(missing)}"
        findings.error(message, table.place(row=table.heading_row))
    rows = data_rows(table, columns, ("mentor", "mentee"), findings)
    return [_read_record(table, columns, row, findings) for row in rows] if not missing else []


def _read_record(table: RawTable, columns: Columns, row: RawRow, findings: Findings) -> RecordDraft:
    draft = RecordDraft(table.place(row=row.number))
    for name in columns.index:
        place = table.place(row.number, columns.heading[name])
        draft.places[name] = place
        value = _guarded_read(_READERS[name], columns.cell(row, name), place, findings)
        if value is not None:
            draft.values[name] = value
        elif name in ("mentor", "mentee"):
            draft.values[name] = UNREADABLE
            if is_blank(columns.cell(row, name)):
                findings.error(f"is missing; write the {name}'s id", place)
    return draft


def _guarded_read(
    read: Callable[[object], object], cell: object, place: Place, findings: Findings
) -> object:
    if is_blank(cell):
        return None
    if isinstance(cell, BrokenCell):
        findings.error(cell.message, place, cell.text, shown=True)
        return None
    try:
        return read(cell)
    except UnreadableCellError as error:
        findings.faults(error, place)
        return None
