"""Reading a cohort, whatever it comes in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rmatch.errors import InputError, Place, Problem
from rmatch.io.crosscheck import Cohort, Gaps, check
from rmatch.io.findings import Findings
from rmatch.io.gather import Gathered, Gatherer
from rmatch.io.headings import Columns, sort_headings
from rmatch.io.mapping import PEOPLE, ColumnMapping, column_mapping, heading_key
from rmatch.io.people import SIDES, Draft, Side, data_rows, read_person
from rmatch.io.quota_values import unused_values
from rmatch.io.records import RecordDraft, read_records
from rmatch.io.settings_table import read_settings, setting_key
from rmatch.io.sources import RawTable
from rmatch.programme import Programme, Settings
from rmatch.programme.text import fold

if TYPE_CHECKING:
    from rmatch.io.forms import IdBook

StrPath = str | os.PathLike[str]


def load(
    source: StrPath | None = None,
    *,
    mentors: Any = None,
    mentees: Any = None,
    conflicts: Any = None,
    history: Any = None,
    choices: Any = None,
    settings: Settings | Mapping[str, object] | StrPath | None = None,
    columns: Mapping[str, Any] | None = None,
    extra: Iterable[str] = (),
    key_file: StrPath | None = None,
) -> Programme:
    """Read a cohort.

    Args:
        source: a workbook (sheets Mentors, Mentees, Conflicts, History, Dormant, Settings), a
            folder (mentors.csv, …, settings.toml) or a JSON file.
        mentors: instead of ``source``, the mentors: a path to .csv or .xlsx, a data frame (pandas,
            polars, pyarrow, …) or a list of dicts. A table without ids, such as a form's export,
            is given ids ``M01``, ``M02``, … in the order in which people first answered.
        mentees: the mentees likewise, with ids ``S01``, ``S02``, …
        conflicts: conflicts, besides those of ``source``.
        history: earlier pairs, besides those of ``source``.
        choices: a later form with the choices, joined by e-mail, id or name.
        settings: settings, or a path to them; they go before those of ``source``.
        columns: which heading stands for which field: ``{"Your work e-mail": "email"}``, or one
            such mapping for each table: ``{"mentors": {…}, "choices": {…}}``.
        extra: names of further columns to keep, as text, for a criterion of one's own.
        key_file: where the key (id, name, e-mail) is kept when ids are given; without it
            ``key.csv`` beside the mentors' file. People in it keep their ids.

    Returns:
        The programme; ``notices`` holds what was noticed and not refused.

    Raises:
        InputError: with every problem found, each with its place.
        MissingExtraError: a workbook is read and openpyxl is not installed.
        TypeError: neither ``source`` nor both ``mentors`` and ``mentees`` are given.
    """
    _check_call(source, mentors, mentees)
    findings = Findings()
    extras = _names(extra)
    mapping = column_mapping(columns, extras, findings)
    apart = {
        "mentors": mentors,
        "mentees": mentees,
        "conflicts": conflicts,
        "history": history,
        "choices": choices,
    }
    gathered = _gather(source, apart, settings, mapping, findings)
    key_path = _key_path(key_file, mentors)
    loader = _Loader(gathered, mapping, extras, key_path, findings)
    return loader.loaded(settings if isinstance(settings, Settings) else None)


def load_beside(source: StrPath, known: Iterable[Draft]) -> Programme:
    """Read a cohort whose people may name others, who are put before them.

    Raises:
        InputError: with every problem found.
    """
    findings = Findings()
    mapping = column_mapping(None, (), findings)
    gathered = _gather(source, {}, None, mapping, findings)
    return _Loader(gathered, mapping, (), None, findings, known=known).loaded(None)


def _check_call(source: object, mentors: object, mentees: object) -> None:
    if source is None and (mentors is None or mentees is None):
        raise TypeError("give load() a source, or mentors= and mentees=")
    if source is not None and (mentors is not None or mentees is not None):
        raise TypeError("give load() a source, or mentors= and mentees=, not both")
    if source is not None and not isinstance(source, str | os.PathLike):
        raise TypeError("source is a path; give data frames as mentors= and mentees=")


def _names(extra: Iterable[str]) -> tuple[str, ...]:
    if isinstance(extra, str):
        raise TypeError("extra= takes a list of column names")
    return tuple(extra)


def _gather(
    source: StrPath | None,
    apart: Mapping[str, Any],
    settings: Settings | Mapping[str, object] | StrPath | None,
    mapping: ColumnMapping,
    findings: Findings,
) -> Gathered:
    gatherer = Gatherer(mapping, findings)
    if source is not None:
        gatherer.source(Path(source))
    for kind, given in apart.items():
        if given is not None:
            gatherer.table(kind, given)
    if settings is not None and not isinstance(settings, Settings):
        gatherer.settings(settings)
    return gatherer.gathered


def _key_path(key_file: StrPath | None, mentors: object) -> Path | None:
    if key_file is not None:
        return Path(key_file)
    if not isinstance(mentors, str | os.PathLike):
        return None
    from rmatch.io.keyfile import KEY_FILE

    return Path(mentors).parent / KEY_FILE


class _Loader:
    """Reads the gathered tables, one kind after the other."""

    def __init__(
        self,
        gathered: Gathered,
        mapping: ColumnMapping,
        extra: tuple[str, ...],
        key_path: Path | None,
        findings: Findings,
        *,
        known: Iterable[Draft] = (),
    ) -> None:
        self.known = tuple(known)
        self.gathered = gathered
        self.mapping = mapping
        self.extra = extra
        self.key_path = key_path
        self.findings = findings
        self.missing: set[Side] = set()
        self.found_extras: set[str] = set()
        self.book: IdBook | None = None
        self.cohort = Cohort([], [], [])

    def loaded(self, given: Settings | None) -> Programme:
        """The programme; see ``read``.

        Raises:
            InputError: with every problem found.
        """
        self.read(given)
        if self.findings.problems:
            problems = _in_order(self.findings.problems, self.gathered)
            raise InputError(problems, self.findings.notices)
        programme = self.programme()
        self.keep_key()
        return programme

    def read(self, given: Settings | None) -> None:
        """Read everything and note every problem; settings that are given go before all others."""
        people = [draft for side in SIDES for draft in self._people(side)]
        people = [*self.known, *people]
        conflicts, history = self._records("conflicts"), self._records("history")
        self.cohort = Cohort(people, conflicts, history, self._records("dormant"))
        self.cohort.missing = frozenset(self.missing)
        if given is None:
            self.cohort.settings = read_settings(
                self.gathered.settings, self.findings, self.cohort.setting_places
            )
        else:
            self.cohort.settings = given
        self._choices()
        self.mapping.check_all_found(self.findings)
        self._note_missing_extras()
        check(self.cohort, self.findings)

    def _tables(self, kind: str) -> list[tuple[RawTable, Columns]]:
        found = []
        for table in self.gathered.tables.get(kind, []):
            columns = sort_headings(table, kind, self.mapping, self.extra, self.findings)
            self.found_extras |= columns.extras.keys()
            found.append((table, columns))
        return found

    def _people(self, side: Side) -> list[Draft]:
        tables = self._tables(side)
        if not tables:
            self.missing.add(side)
        return [
            draft for table, columns in tables for draft in self._people_of(side, table, columns)
        ]

    def _people_of(self, side: Side, table: RawTable, columns: Columns) -> list[Draft]:
        rows = list(data_rows(table, columns, ("id",), self.findings))
        if not rows:
            self._note_empty(table)
        if "id" in columns.index:
            drafts = [read_person(side, table, columns, row, self.findings) for row in rows]
            for draft in drafts:
                self._require_id(draft)
            return drafts
        if table.headings and not (side in self.gathered.given_apart or columns.is_form):
            self.missing.add(side)
            if not columns.broken:
                place = table.place(row=table.heading_row)
                self.findings.error("has no column id", place)
        elif rows:
            return self._people_without_ids(side, table, columns, rows)
        return [read_person(side, table, columns, row, self.findings) for row in rows]

    def _note_empty(self, table: RawTable) -> None:
        failed = (
            any(
                p.place.file == table.file and p.place.row is None and p.place.sheet == table.sheet
                for p in self.findings.problems
            )
            and not table.headings
        )
        if not failed:
            self.findings.notice("is empty", table.place())

    def _require_id(self, draft: Draft) -> None:
        if draft.id is None and "id" not in draft.damaged:
            self.findings.error("is missing; everybody needs an id", draft.at("id"))
            draft.damaged.add("id")

    def _people_without_ids(
        self, side: Side, table: RawTable, columns: Columns, rows: list[Any]
    ) -> list[Draft]:
        """People told apart by e-mail; their ids come from the key, or are given in their order."""
        from rmatch.io.forms import Submission, latest_submissions

        if "email" in columns.index:
            answers = latest_submissions(table, columns, rows, "email", self.findings)
        else:
            answers = [Submission(row, position) for position, row in enumerate(rows)]
            if not columns.broken:
                message = "has neither a column id nor a column email; map one with columns="
                self.findings.error(message, table.place(row=table.heading_row))
        drafts = [read_person(side, table, columns, a.row, self.findings) for a in answers]
        for draft in drafts:
            if "email" in columns.index and not {"email"} & (draft.values.keys() | draft.damaged):
                message = "is missing; without an id, everybody needs an e-mail address"
                self.findings.error(message, draft.at("email"))
                draft.damaged.add("email")
        self._open_book().assign(drafts)
        return drafts

    def _open_book(self) -> IdBook:
        if self.book is None:
            from rmatch.io.forms import IdBook
            from rmatch.io.keyfile import read_key

            self.book = IdBook()
            try:
                self.book.entries = read_key(self.key_path) if self.key_path else []
            except InputError as error:
                self.findings.problems.extend(error.problems)
        return self.book

    def _records(self, kind: str) -> list[RecordDraft]:
        drafts: list[RecordDraft] = []
        for table, columns in self._tables(kind):
            found = read_records(table, columns, self.findings)
            if not table.rows:
                self._note_empty(table)
            drafts.extend(found)
        return drafts

    def _choices(self) -> None:
        gaps = {side: Gaps(self.cohort, side) for side in SIDES}
        for table, columns in self._tables("choices"):
            if not table.rows:
                self._note_empty(table)
            from rmatch.io.choices import lay_over

            lay_over(table, columns, self.cohort.people, gaps, self.findings)

    def _note_missing_extras(self) -> None:
        mapped = {name for side in PEOPLE for name in self.mapping.of(side).values()}
        known = {heading_key(name) for name in self.found_extras | mapped}
        for name in self.extra:
            if heading_key(name) not in known:
                self.findings.notice("is named in extra=, but no table has it", Place(column=name))

    def programme(self) -> Programme:
        """The programme, once nothing is wrong with it, with all notices."""
        members = {
            side: tuple(draft.participant(self.findings) for draft in self.cohort.side(side))
            for side in SIDES
        }
        programme = Programme(
            mentors=members["mentors"],
            mentees=members["mentees"],
            conflicts=tuple(draft.conflict() for draft in self.cohort.conflicts),
            history=tuple(draft.past_pair() for draft in self.cohort.history),
            dormant=tuple(draft.conflict() for draft in self.cohort.dormant),
            settings=self.cohort.settings,
        )
        self._note_unused_values(programme)
        self._note_one_sided(programme)
        self._note_shared_addresses()
        if self.book is not None and self.book.given and self.key_path is None:
            message = "ids were given and kept in no key file; name one with key_file="
            self.findings.notice(message, Place())
        return programme.model_copy(update={"notices": tuple(self.findings.notices)})

    def _note_unused_values(self, programme: Programme) -> None:
        for name, near in unused_values(programme):
            place = self.cohort.setting_places.get(setting_key(f"quotas.{name}"))
            self.findings.notices.append(
                Problem(
                    "counts people with a value that nobody here has",
                    place or Place(sheet="Settings", column=f"quotas.{name}"),
                    suggestions=near,
                    hidden_suggestions=True,
                    severity="warning",
                )
            )

    def _note_one_sided(self, programme: Programme) -> None:
        drafts = {draft.id: draft for draft in self.cohort.people}
        declared = {frozenset((c.mentor, c.mentee)) for c in programme.conflicts}
        for person in programme.people:
            for other in person.conflicts:
                known = frozenset((person.id, other)) in declared
                if not known and person.id not in programme.by_id[other].conflicts:
                    message = "names somebody who does not name them back; the conflict counts"
                    self.findings.notices.append(
                        Problem(
                            message,
                            drafts[person.id].at("conflicts"),
                            value=other,
                            severity="warning",
                        )
                    )

    def _note_shared_addresses(self) -> None:
        for side in SIDES:
            seen: set[str] = set()
            for draft in self.cohort.side(side):
                address = draft.values.get("email")
                if isinstance(address, str):
                    if fold(address) in seen:
                        message = "is the e-mail address of somebody else on this side as well"
                        self.findings.notice(message, draft.at("email"))
                    seen.add(fold(address))

    def keep_key(self) -> None:
        """Write the key, if ids were given."""
        if self.book is not None and self.book.given and self.key_path is not None:
            from rmatch.io.keyfile import write_key

            write_key(self.key_path, self.book.entries)


def _in_order(problems: list[Problem], gathered: Gathered) -> list[Problem]:
    """Problems table by table, row by row; within a row as they were found."""
    order = [(table.file, table.sheet) for tables in gathered.tables.values() for table in tables]
    order += [(line.place.file, line.place.sheet) for line in gathered.settings]
    rank = {key: number for number, key in reversed(list(enumerate(order)))}

    def position(problem: Problem) -> tuple[int, int]:
        place = problem.place
        return (rank.get((place.file, place.sheet), -1), place.row or 0)

    return sorted(problems, key=position)
