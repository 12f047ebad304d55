"""The rows of a participant table as drafts: values read, places remembered, faults noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from rmatch.errors import InputError, Place
from rmatch.io.answers import tie_group
from rmatch.io.cells import as_text
from rmatch.io.fields import CHOICE_FIELDS, READERS
from rmatch.io.findings import Findings, UnreadableCellError, unreadable
from rmatch.io.headings import JSON_ONLY, Columns, repeats_headings
from rmatch.io.protected import names_characteristic
from rmatch.io.sources import BrokenCell, RawRow, RawTable, is_blank
from rmatch.programme import Participant
from rmatch.programme.reference import normalise
from rmatch.programme.text import fold

Side = Literal["mentors", "mentees"]
SIDES: tuple[Side, Side] = ("mentors", "mentees")
EXAMPLE = "EXAMPLE"
"""An id that is this, or starts with it and a hyphen, marks the template's example row."""
NOTES = "NOTES:"
"""A cell that starts so marks the template's row of notes."""
IDENTITY = ("id", "email", "name")


@dataclass(slots=True)
class Draft:
    """One person as read so far. ``key`` names them within loading, whatever their id."""

    side: Side
    place: Place
    values: dict[str, object] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    choice_places: dict[str, Place] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)
    key: str = ""

    @property
    def id(self) -> str | None:
        """The id, where it could be read."""
        found = self.values.get("id")
        return found if isinstance(found, str) else None

    def at(self, column: str | None, value: str | None = None) -> Place:
        """Where a field of this person stood; a choice of several columns by what it says."""
        place = self.places.get(column or "", self.place)
        if column == "choices" and value is not None:
            place = self.choice_places.get(fold(value), place)
        return Place(place.file, place.sheet, place.row, place.column, self.id)

    def participant(self, findings: Findings) -> Participant:
        """The person; what the model itself refuses is noted and left out."""
        values = {**self.values, "id": self.key}
        for _ in range(2):
            try:
                return Participant.model_validate(values)
            except InputError as error:
                refused = error.problems
            for problem in refused:
                column = problem.place.column
                findings.problems.append(problem.at(self.at(column)))
                values.pop(column or "", None)
            values["id"] = self.key
        return Participant(id=self.key)


def is_template_row(cells: tuple[object, ...], id_cells: tuple[object, ...]) -> bool:
    """Whether a row is the template's own: its notes or its example."""
    if any(isinstance(cell, str) and cell.startswith(NOTES) for cell in cells):
        return True
    ids = [fold(as_text(cell)) for cell in id_cells if isinstance(cell, str)]
    return any(i == EXAMPLE.casefold() or i.startswith(f"{EXAMPLE.casefold()}-") for i in ids)


def data_rows(
    table: RawTable, columns: Columns, id_columns: tuple[str, ...], findings: Findings
) -> Iterator[RawRow]:
    """The rows that hold data: not the template's, not headings over again."""
    for row in table.rows:
        id_cells = tuple(columns.cell(row, c) for c in id_columns if c in columns.index)
        if is_template_row(row.cells, id_cells):
            continue
        if table.heading_row is not None and repeats_headings(table, row.cells):
            findings.notice("repeats the headings and is left out", table.place(row=row.number))
            continue
        yield row


def read_field(name: str, cell: object, *, exact: bool = False) -> object:
    """The value of a field's cell; ``None`` where it is blank or says nothing.

    Raises:
        UnreadableCellError: it cannot be read.
    """
    if isinstance(cell, BrokenCell):
        raise unreadable(cell.message, cell.text, shown=True)
    if is_blank(cell):
        # In JSON an empty text is written on purpose: there is no line manager.
        return "" if exact and name == "line_manager" and cell is not None else None
    return READERS[name](cell)


def read_person(
    side: Side, table: RawTable, columns: Columns, row: RawRow, findings: Findings
) -> Draft:
    """One row as a draft; every fault noted at its cell."""
    draft = Draft(side, table.place(row=row.number))
    _PersonReader(draft, table, columns, row, findings).read()
    return draft


class _PersonReader:
    """Reads the cells of one row into a draft."""

    def __init__(
        self, draft: Draft, table: RawTable, columns: Columns, row: RawRow, findings: Findings
    ) -> None:
        self.draft = draft
        self.table = table
        self.columns = columns
        self.row = row
        self.findings = findings

    def read(self) -> None:
        for name in sorted(self.columns.index, key=lambda name: name != "id"):
            if name in READERS:
                self._read_one(name)
        self._check_side()
        self._read_choices_apart()
        self._read_extras()

    def _cell(self, name: str) -> object:
        return self.columns.cell(self.row, name)

    def _place(self, name: str) -> Place:
        heading = self.columns.heading[name]
        return self.table.place(self.row.number, heading, self.draft.id)

    def _read_one(self, name: str) -> None:
        value = None
        try:
            value = read_field(name, self._cell(name), exact=self.table.exact)
        except UnreadableCellError as error:
            self.findings.faults(error, self._place(name))
            self.draft.damaged.add(name)
        self.draft.places[name] = self._place(name)
        if value is not None:
            self.draft.values[name] = value

    def _check_side(self) -> None:
        if "side" not in self.columns.index:
            return
        cell = self._cell("side")
        if isinstance(cell, BrokenCell):
            self.findings.error(cell.message, self._place("side"), cell.text, shown=True)
        elif not is_blank(cell):
            self._compare_side(as_text(cell))

    def _compare_side(self, written: str) -> None:
        said = normalise(written)
        here = self.draft.side.removesuffix("s")
        place = self._place("side")
        if said not in ("mentor", "mentors", "mentee", "mentees", "both", "either"):
            message = "is not a side; write mentor, mentee or both"
            self.findings.error(message, place, written, shown=len(written) <= 20)
        elif said in ("mentor", "mentee", "mentors", "mentees") and said.rstrip("s") != here:
            self.draft.damaged.add("side")
            message = f"does not fit: this table holds the {here}s"
            self.findings.error(message, place, written, shown=True)

    def _read_choices_apart(self) -> None:
        groups: list[tuple[str, ...]] = []
        for column in CHOICE_FIELDS:
            if column in self.columns.index:
                groups.extend(self._choices_of(column))
        if groups:
            self.draft.values["choices"] = tuple(groups)

    def _choices_of(self, column: str) -> list[tuple[str, ...]]:
        """The tie group of one choice column, as a list of none or one."""
        cell, place = self._cell(column), self._place(column)
        self.draft.places.setdefault("choices", place)
        if is_blank(cell):
            return []
        try:
            if isinstance(cell, BrokenCell):
                raise unreadable(cell.message, cell.text, shown=True)
            group = tie_group(cell)
            repeated = [name for name in group if fold(name) in self.draft.choice_places]
            if repeated:
                raise unreadable("names somebody who is chosen already", repeated[0])
        except UnreadableCellError as error:
            self.findings.faults(error, place)
            return []
        self.draft.choice_places.update({fold(name): place for name in group})
        return [group] if group else []

    def _read_extras(self) -> None:
        kept = {}
        for name, index in self.columns.extras.items():
            cell = self.row.cell(index)
            heading = self.columns.heading[f"extra.{name}"]
            if isinstance(cell, BrokenCell):
                place = self.table.place(self.row.number, heading, self.draft.id)
                self.findings.error(cell.message, place, cell.text, shown=True)
            elif not is_blank(cell):
                kept[name] = as_text(cell)
        if JSON_ONLY in self.columns.index:
            kept |= self._own_extras(self._cell(JSON_ONLY))
        if kept:
            self.draft.values["extra"] = kept

    def _own_extras(self, cell: object) -> dict[str, str]:
        """What JSON keeps under ``extra``: opted in when it was first read."""
        place = self._place(JSON_ONLY)
        if is_blank(cell):
            return {}
        if not isinstance(cell, dict) or not all(isinstance(v, str) for v in cell.values()):
            self.findings.error("is not an object of texts", place)
            return {}
        refused = [name for name in cell if names_characteristic(name)]
        for name in refused:
            message = f"names a protected characteristic ({name}); take it out"
            self.findings.error(message, place)
        return {name: value for name, value in cell.items() if name not in refused}
