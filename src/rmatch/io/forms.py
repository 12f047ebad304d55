"""Form exports: who answered twice, and an id for everyone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from rmatch.io.cells import as_text, written_day
from rmatch.io.findings import Findings, UnreadableCellError
from rmatch.io.headings import Columns
from rmatch.io.keyfile import KeyEntry
from rmatch.io.people import Draft, Side, read_field
from rmatch.io.sources import RawRow, RawTable
from rmatch.programme.text import fold

PREFIX: dict[Side, str] = {"mentors": "M", "mentees": "S"}
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]m)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Submission:
    """Somebody's last answer, and the order in which they first answered."""

    row: RawRow
    first: int


def latest_submissions(
    table: RawTable, columns: Columns, rows: Sequence[RawRow], key: str, findings: Findings
) -> list[Submission]:
    """One row for each person, their latest, in the order in which people first answered.

    People are told apart by the column ``key``; rows where it is blank or broken stand alone. Rows
    go by their completion time, or by their order where one of these cannot be read.
    """
    ordered = _in_order(columns, rows)
    people: dict[str, list[int]] = {}
    for position, row in enumerate(ordered):
        people.setdefault(_known_as(columns, row, key) or f"\x00{position}", []).append(position)
    for positions in people.values():
        latest = ordered[positions[-1]]
        for position in positions[:-1]:
            message = f"is answered again in row {latest.number}; the later answers count"
            place = table.place(ordered[position].number, columns.heading[key])
            findings.notice(message, place)
    return [Submission(ordered[positions[-1]], positions[0]) for positions in people.values()]


def _known_as(columns: Columns, row: RawRow, key: str) -> str | None:
    try:
        value = read_field(key, columns.cell(row, key))
    except UnreadableCellError:
        return None
    return fold(value) if isinstance(value, str) else None


def _in_order(columns: Columns, rows: Sequence[RawRow]) -> list[RawRow]:
    if columns.completion is None:
        return list(rows)
    moments = [moment(row.cell(columns.completion)) for row in rows]
    known = [found for found in moments if found is not None]
    if len(known) < len(rows):
        return list(rows)
    order = sorted(range(len(rows)), key=lambda position: (known[position], position))
    return [rows[position] for position in order]


def moment(cell: object) -> datetime | None:
    """A completion time, or ``None`` if it cannot be read."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - forms tell local time
    written = "" if cell is None else as_text(cell)
    try:
        return datetime.fromisoformat(written).replace(tzinfo=None)
    except ValueError:
        pass
    found = written_day(written)
    if found is None:
        return None
    clock = _CLOCK.search(written)
    hour, minute, second = (int(part or 0) for part in clock.groups()[:3]) if clock else (0, 0, 0)
    half = (clock.group(4) or "").lower() if clock else ""
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    if hour > 23 or minute > 59 or second > 59:
        return None
    return datetime(found.year, found.month, found.day, hour, minute, second)  # noqa: DTZ001


def _may_be(entry_id: str, side: Side) -> bool:
    """Whether an id of the key may be somebody's of this side: it is not one given to the other."""
    other = PREFIX["mentees" if side == "mentors" else "mentors"]
    return re.fullmatch(rf"{other}\d+", entry_id) is None


@dataclass(slots=True)
class IdBook:
    """Gives ids, ``M01``, ``M02``, … and ``S01``, …; whoever is in the key keeps theirs."""

    entries: list[KeyEntry] = field(default_factory=list)
    given: bool = False

    def assign(self, drafts: Sequence[Draft]) -> None:
        """Give ids to the people of one side, in their order."""
        side = drafts[0].side if drafts else "mentors"
        prefix = PREFIX[side]
        known = {fold(e.email): e.id for e in self.entries if e.email and _may_be(e.id, side)}
        number = max((self._number(entry.id, prefix) for entry in self.entries), default=0)
        width = max(2, len(str(number + len(drafts))))
        for draft in drafts:
            address = str(draft.values.get("email") or "")
            found = known.get(fold(address)) if address else None
            if found is None:
                number += 1
                found = f"{prefix}{number:0{width}}"
                name = str(draft.values.get("name") or "")
                self.entries.append(KeyEntry(found, name, address))
            draft.values["id"] = found
        self.given = self.given or bool(drafts)

    @staticmethod
    def _number(text: str, prefix: str) -> int:
        match = re.fullmatch(rf"{prefix}(\d+)", text)
        return int(match.group(1)) if match else 0
