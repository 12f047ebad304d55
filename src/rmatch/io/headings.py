"""What each heading of a table stands for: a field, something dropped, something refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from rmatch.io.fields import CHOICE_FIELDS
from rmatch.io.findings import Findings
from rmatch.io.mapping import FIELDS, PEOPLE, ColumnMapping, heading_key
from rmatch.io.protected import is_never_kept, names_characteristic, names_monitoring
from rmatch.io.sources import BrokenCell, Grid, RawRow, RawTable, is_blank
from rmatch.programme.participant import NEVER_KEPT
from rmatch.programme.reference import form_fields, normalise

FORM_MARKS = frozenset(("id", "start time", "completion time"))
"""Headings that every Microsoft Forms export has."""
_FORM_METADATA = FORM_MARKS | {"last modified time"}
_FORM_FALLBACK = ("email", "name")
_ALIASES = {
    "e mail": "email",
    "work email": "email",
    "work e mail": "email",
    "email address": "email",
    "e mail address": "email",
    "full name": "name",
}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_HEADING_SEARCH = 10
JSON_ONLY = "extra"


@dataclass(slots=True)
class Columns:
    """Where each field stands in a table."""

    index: dict[str, int] = field(default_factory=dict)
    heading: dict[str, str] = field(default_factory=dict)
    again: dict[str, list[int]] = field(default_factory=dict)
    """Further columns of a field, refused; what they hold still tells who is who."""
    extras: dict[str, int] = field(default_factory=dict)
    is_form: bool = False
    completion: int | None = None
    submission: int | None = None
    broken: bool = False

    def cell(self, row: RawRow, name: str) -> object:
        """What a row holds for a field."""
        indices = (self.index[name], *self.again.get(name, ()))
        cells = [row.cell(index) for index in indices]
        return next((cell for cell in cells if not is_blank(cell)), cells[0])

    def add(self, name: str, index: int, heading: str) -> None:
        """Note that ``name`` is read from the column at ``index``."""
        self.index[name] = index
        self.heading[name] = heading


def column_letter(index: int) -> str:
    """What a spreadsheet calls the column at ``index``: A to Z, then AA, and so on."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def heading_text(heading: object) -> str:
    """A heading in one line, as it was written."""
    return "" if heading is None else " ".join(str(heading).split())


def known_headings(kind: str) -> dict[str, str]:
    """Heading key → field, for the columns that a table may have."""
    known = {heading_key(name): name for name in FIELDS[kind]}
    if kind in (*PEOPLE, "choices"):
        labels = {row["id"]: row["label"] for row in form_fields()}
        known |= {heading_key(labels[name]): name for name in FIELDS[kind] if name in labels}
        known |= _ALIASES | _choice_headings()
    return known


def _choice_headings() -> dict[str, str]:
    spellings = {}
    for place, (name, word) in enumerate(zip(CHOICE_FIELDS, _ORDINALS, strict=True), start=1):
        suffix = {1: "st", 2: "nd", 3: "rd"}.get(place, "th")
        for spelling in (f"{place}{suffix} choice", f"{word} choice", f"choice{place}"):
            spellings[spelling] = name
    return spellings


def find_headings(grid: Grid, kind: str, mapping: ColumnMapping, findings: Findings) -> RawTable:
    """The grid as a table: its heading row is the first that looks like one.

    Rows above it (a title, a date) are left out with a notice.
    """
    if not grid.rows:
        return RawTable(grid.file, grid.sheet, None, (), ())
    known = known_headings(kind).keys() | mapping.of(kind).keys()
    start = 0
    for number, row in enumerate(grid.rows[:_HEADING_SEARCH]):
        keys = {heading_key(heading_text(cell)) for cell in row.cells if not is_blank(cell)}
        if len(keys & known) > 1 or (len(keys & known) == 1 and len(keys) <= 2):
            start = number
            break
    head = grid.rows[start]
    headings = tuple(
        cell if isinstance(cell, BrokenCell) else heading_text(cell) for cell in head.cells
    )
    table = RawTable(grid.file, grid.sheet, head.number, headings, grid.rows[start + 1 :])
    if start:
        findings.notice("the rows above the headings are left out", table.place(row=head.number))
    if grid.ragged_is_wrong:
        table = _without_ragged(table, findings)
    return table


def _without_ragged(table: RawTable, findings: Findings) -> RawTable:
    """A row with more cells than headings has a delimiter too many: its cells are shifted."""
    width = len(table.headings)
    message = "has more cells than there are headings; put quotation marks round texts with a comma"
    straight = []
    for row in table.rows:
        if all(map(is_blank, row.cells[width:])):
            straight.append(row)
        else:
            findings.error(message, table.place(row=row.number))
    return RawTable(table.file, table.sheet, table.heading_row, table.headings, tuple(straight))


def sort_headings(
    table: RawTable, kind: str, mapping: ColumnMapping, extra: Iterable[str], findings: Findings
) -> Columns:
    """What each heading stands for; whatever is not to be kept is noted and left out."""
    sorter = _Sorter(
        table, kind, mapping.of(kind), {heading_key(name): name for name in extra}, findings
    )
    mapping.note_headings(kind, map(heading_text, table.headings), table.place(), findings)
    return sorter.sort()


class _Sorter:
    """Sorts the headings of one table."""

    def __init__(
        self,
        table: RawTable,
        kind: str,
        mapped: Mapping[str, str],
        extras: Mapping[str, str],
        findings: Findings,
    ) -> None:
        self.table = table
        self.about_people = kind in (*PEOPLE, "choices")
        self.known = known_headings(kind)
        self.mapped = mapped
        self.extras = extras if kind in PEOPLE else {}
        self.findings = findings
        self.columns = Columns()
        if table.exact and kind in PEOPLE:
            self.known[JSON_ONLY] = JSON_ONLY

    def sort(self) -> Columns:
        keys = [heading_key(heading_text(heading)) for heading in self.table.headings]
        self.columns.is_form = self.about_people and set(keys) >= FORM_MARKS
        later = []
        for index, key in enumerate(keys):
            if self.columns.is_form and key in _FORM_FALLBACK and key not in self.mapped:
                later.append((index, key))
            else:
                self._sort_one(index, key)
        for index, key in later:  # a form's own "Email" and "Name" stand back for its questions
            if key not in self.columns.index:
                self.columns.add(key, index, self._heading(index))
        self._refuse_choices_twice()
        return self.columns

    def _heading(self, index: int) -> str:
        return heading_text(self.table.headings[index])

    def _sort_one(self, index: int, key: str) -> None:
        heading = self.table.headings[index]
        if isinstance(heading, BrokenCell):
            self.columns.broken = True
            place = self.table.place(self.table.heading_row, column_letter(index))
            self.findings.error(heading.message, place, heading.text, shown=True)
        elif not key:
            self._note_blank(index)
        elif key in self.mapped:
            self._take_mapped(index, self.mapped[key])
        elif self.columns.is_form and key in _FORM_METADATA:
            self._take_metadata(index, key)
        elif key in self.known:
            self._take(index, self.known[key])
        else:
            self._sort_unknown(index, key)

    def _note_blank(self, index: int) -> None:
        if any(not is_blank(row.cell(index)) for row in self.table.rows):
            place = self.table.place(self.table.heading_row, column_letter(index))
            self.findings.notice("has no heading and is left out", place)

    def _take_metadata(self, index: int, key: str) -> None:
        if key == "completion time":
            self.columns.completion = index
        elif key == "id":
            self.columns.submission = index

    def _take_mapped(self, index: int, name: str) -> None:
        if name in NEVER_KEPT:
            self._drop(index, f"is never kept ({name})")
        elif name in self.extras.values() and name not in self.known.values():
            self._take_extra(index, name)
        else:
            self._take(index, name)

    def _take(self, index: int, name: str) -> None:
        if name not in self.columns.index:
            self.columns.add(name, index, self._heading(index))
            return
        self.columns.again.setdefault(name, []).append(index)
        other = self.columns.heading[name]
        self._refuse(
            index, f"means the same field ({name}) as the column {other}; keep one of them"
        )

    def _take_extra(self, index: int, name: str) -> None:
        if names_characteristic(name) or names_characteristic(self._heading(index)):
            self._refuse_characteristic(index)
        elif is_never_kept(name) or is_never_kept(self._heading(index)):
            self._drop(index, "is never kept")
        elif name in self.columns.extras:
            self._refuse(index, f"is the second column for {name}; keep one of them")
        else:
            self.columns.extras[name] = index
            self.columns.heading[f"extra.{name}"] = self._heading(index)

    def _sort_unknown(self, index: int, key: str) -> None:
        heading = self._heading(index)
        if self.about_people and is_never_kept(heading):
            self._drop(index, "is never kept")
        elif self.about_people and names_monitoring(heading):
            message = "holds monitoring answers; they belong in a file of their own"
            self._refuse(index, message)
        elif self.about_people and names_characteristic(heading):
            self._refuse_characteristic(index)
        elif key in self.extras:
            self._take_extra(index, self.extras[key])
        else:
            near = get_close_matches(key, self.known, n=1, cutoff=0.75)
            suggestions = tuple(self.known[match] for match in near)
            self._drop(index, "is not a known column and is left out", suggestions)

    def _refuse_characteristic(self, index: int) -> None:
        message = (
            "names a protected characteristic; take the column out (monitoring has its own file)"
        )
        self._refuse(index, message)

    def _refuse(self, index: int, message: str) -> None:
        place = self.table.place(self.table.heading_row, self._heading(index))
        self.findings.error(message, place)

    def _drop(self, index: int, message: str, suggestions: tuple[str, ...] = ()) -> None:
        place = self.table.place(self.table.heading_row, self._heading(index))
        self.findings.notice(message, place, suggestions)

    def _refuse_choices_twice(self) -> None:
        """Choices come in one column or in several, not both."""
        apart = [name for name in CHOICE_FIELDS if name in self.columns.index]
        if apart and "choices" in self.columns.index:
            index = self.columns.index[apart[0]]
            other = self.columns.heading["choices"]
            self._refuse(index, f"gives choices again, as the column {other} does; keep one way")
            for name in apart:
                del self.columns.index[name]


def repeats_headings(table: RawTable, cells: tuple[object, ...]) -> bool:
    """Whether a row is the heading row over again, as pasted exports have it."""
    pairs = [
        (normalise(str(cell)), normalise(heading_text(heading)))
        for cell, heading in zip(cells, table.headings, strict=False)
        if not is_blank(cell)
    ]
    enough = min(2, sum(not is_blank(heading) for heading in table.headings))
    return len(pairs) >= enough and all(cell == heading for cell, heading in pairs)
