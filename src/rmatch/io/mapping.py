"""``columns=``: which of a form's questions stands for which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from rmatch.errors import Place
from rmatch.io.fields import CHOICE_FIELDS, READERS
from rmatch.io.findings import Findings
from rmatch.programme.participant import NEVER_KEPT
from rmatch.programme.reference import normalise
from rmatch.programme.text import fold

PEOPLE = ("mentors", "mentees")
_PARTICIPANT = (*READERS, "side", *CHOICE_FIELDS)
FIELDS: Mapping[str, tuple[str, ...]] = {
    "mentors": _PARTICIPANT,
    "mentees": _PARTICIPANT,
    "choices": (
        *("id", "email", "name", "choices", *CHOICE_FIELDS),
        *("vetoes", "conflicts", "conflicts_confirmed"),
    ),
    "conflicts": ("mentor", "mentee", "rule", "until"),
    "history": ("mentor", "mentee", "ended"),
    "dormant": ("mentor", "mentee", "rule", "until"),
}
"""The columns each table may have."""


def heading_key(heading: str) -> str:
    """What two spellings of a heading share; a heading of signs alone stands for itself."""
    return normalise(heading) or fold(heading)


@dataclass(slots=True)
class ColumnMapping:
    """Questions mapped to fields, for each table; remembers which of them were found."""

    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)
    flat: bool = True
    found: set[str] = field(default_factory=set)

    def of(self, kind: str) -> Mapping[str, str]:
        """The mapping for one table: heading key → field."""
        return self.tables.get(kind, {})

    def note_headings(self, kind: str, headings: Iterable[str], place: Place, to: Findings) -> None:
        """Note which questions a table has; a question mapped for it alone must be there."""
        keys = {heading_key(heading) for heading in headings}
        self.found |= keys & set(self.of(kind))
        if not self.flat:
            for key in self.of(kind):
                if key not in keys:
                    self._missing(key, Place(place.file, place.sheet), to)

    def check_all_found(self, findings: Findings) -> None:
        """Refuse questions of a flat mapping that no table has."""
        if self.flat:
            for key in self.questions:
                if key not in self.found:
                    self._missing(key, Place(), findings)

    def _missing(self, key: str, place: Place, findings: Findings) -> None:
        question = self.questions[key]
        message = "is mapped in columns=, but there is no such heading"
        findings.error(message, Place(place.file, place.sheet, column=question))


def column_mapping(
    columns: Mapping[str, object] | None, extra: Iterable[str], findings: Findings
) -> ColumnMapping:
    """The caller's ``columns=``, checked.

    Raises:
        TypeError: it is neither ``{question: field}`` nor ``{table: {question: field}}``.
    """
    given = dict(columns or {})
    nested = bool(given) and all(isinstance(value, Mapping) for value in given.values())
    if not nested and not all(isinstance(value, str) for value in given.values()):
        raise TypeError("columns= takes {question: field}, or {table: {question: field}}")
    unknown = [name for name in given if nested and name not in FIELDS]
    if unknown:
        raise TypeError(f"columns= knows the tables {', '.join(FIELDS)}; not {unknown[0]!r}")
    mapping = ColumnMapping(flat=not nested)
    extras = frozenset(extra)
    for kind, fields in FIELDS.items():
        questions = given.get(kind, {}) if nested else given
        mapping.tables[kind] = _checked(dict(questions), fields, extras, mapping, findings)  # type: ignore[call-overload]
    return mapping


def _checked(
    questions: Mapping[str, str],
    fields: tuple[str, ...],
    extras: frozenset[str],
    mapping: ColumnMapping,
    findings: Findings,
) -> dict[str, str]:
    everywhere = {name for known in FIELDS.values() for name in known}
    known = {*fields, *extras, *NEVER_KEPT}
    checked = {}
    for question, name in questions.items():
        key = heading_key(question)
        first_seen = key not in mapping.questions
        mapping.questions.setdefault(key, question)
        if name in known:
            checked[key] = name
        elif not mapping.flat or (name not in everywhere and first_seen):
            near = tuple(get_close_matches(name, sorted(known), n=2))
            message = "is mapped in columns= to a field that does not exist"
            place = Place(column=question)
            findings.error(message, place, name, shown=True, suggestions=near)
            mapping.found.add(key)
    return checked
