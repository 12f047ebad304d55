"""The later form with the choices, laid over the people it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rmatch.errors import Place
from rmatch.io.crosscheck import Gaps
from rmatch.io.findings import Findings
from rmatch.io.forms import latest_submissions
from rmatch.io.headings import Columns
from rmatch.io.people import IDENTITY, Draft, Side, data_rows, read_person
from rmatch.io.sources import RawTable
from rmatch.programme.text import fold

_LAID_OVER = ("choices", "vetoes", "conflicts", "conflicts_confirmed")


def lay_over(
    table: RawTable,
    columns: Columns,
    people: Sequence[Draft],
    gaps: dict[Side, Gaps],
    findings: Findings,
) -> None:
    """Give each person the choices they sent later; who sent them twice, the latest."""
    keys = [name for name in IDENTITY if name in columns.index]
    if not keys:
        if table.headings and not columns.broken:
            message = "has no column email, id or name to tell whose choices they are"
            findings.error(message, table.place(row=table.heading_row))
        return
    rows = list(data_rows(table, columns, ("id",), findings))
    reader = _Overlay(_by_name(people), gaps, findings)
    for submission in latest_submissions(table, columns, rows, _best_key(keys), findings):
        reader.lay(read_person("mentors", table, columns, submission.row, findings))


def _by_name(people: Sequence[Draft]) -> dict[tuple[str, str], list[Draft]]:
    """Everybody by their id, e-mail and name."""
    called: dict[tuple[str, str], list[Draft]] = {}
    for draft in people:
        for name in IDENTITY:
            value = draft.values.get(name)
            if isinstance(value, str):
                called.setdefault((name, fold(value)), []).append(draft)
    return called


def _best_key(keys: Sequence[str]) -> str:
    return "id" if "id" in keys else keys[0]


@dataclass(frozen=True, slots=True)
class _Overlay:
    """Lays one person's later answers over what they said before."""

    called: Mapping[tuple[str, str], Sequence[Draft]]
    gaps: Mapping[Side, Gaps]
    findings: Findings

    def lay(self, read: Draft) -> None:
        person = self._whose(read)
        if person is None:
            return
        for name in _LAID_OVER:
            if name in read.values:
                person.values[name] = read.values[name]
                person.places[name] = read.places[name]
        if "choices" in read.values:
            person.choice_places = read.choice_places

    def _whose(self, read: Draft) -> Draft | None:
        """The one person a row belongs to; a problem is noted where there is none, or several."""
        for name in IDENTITY:
            value = read.values.get(name)
            if isinstance(value, str):
                return self._called(name, value, read.places[name])
        if not read.damaged & set(IDENTITY):
            column = next((name for name in IDENTITY if name in read.places), None)
            message = "is missing, so nobody knows whose choices these are"
            self.findings.error(message, read.at(column))
        return None

    def _called(self, name: str, value: str, place: Place) -> Draft | None:
        key = fold(value)
        found = self.called.get((name, key), ())
        if len(found) == 1:
            return found[0]
        explained = any(gap.explained({key}) for gap in self.gaps.values())
        if found or not explained:
            message = "matches more than one person" if found else "is nobody in the programme"
            at = Place(place.file, place.sheet, place.row, place.column)
            self.findings.error(message, at, value, shown=name == "id")
        return None
