"""A programme in words and as a card: counts, settings, notices; ids, never names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rmatch.markup import card, note, table
from rmatch.problem_html import problem_tables
from rmatch.programme.participant import Participant
from rmatch.programme.settings import Settings

if TYPE_CHECKING:
    from rmatch.programme.cohort import Programme

LISTED = 6
"""So many entries of a setting are written out; of more it says how many there are."""
_DEFAULTS = "All settings have their default values."


def programme_text(programme: Programme) -> str:
    """The counts of both sides side by side, then the settings that were changed, and notices."""
    counts = [("", "mentors", "mentees"), *_counts(programme)]
    width = max(len(row[0]) for row in counts)
    lines = [repr(programme), ""]
    lines += [f"  {name:<{width}}  {one:>7}  {other:>7}".rstrip() for name, one, other in counts]
    lines += ["", *_settings_lines(programme.settings)]
    if programme.notices:
        lines += ["", "Noticed while reading:", *(f"  {one}" for one in programme.notices)]
    return "\n".join(lines)


def _settings_lines(settings: Settings) -> Iterator[str]:
    changed = _changed(settings)
    yield "Settings:" if changed else _DEFAULTS
    width = max((len(name) for name, _ in changed), default=0)
    yield from (f"  {name:<{width}}  {value}" for name, value in changed)


def programme_html(programme: Programme) -> str:
    """The same for a notebook."""
    changed = _changed(programme.settings)
    settings = table("Settings", ("setting", "value"), changed) if changed else note(_DEFAULTS)
    return card(
        _title(programme),
        table("Who takes part", ("", "mentors", "mentees"), _counts(programme), right={1, 2}),
        settings,
        *problem_tables(programme.notices, "noticed while reading"),
    )


def _title(programme: Programme) -> str:
    parts = {
        "mentor": programme.mentors,
        "mentee": programme.mentees,
        "conflict": programme.conflicts,
        "earlier pair": programme.history,
    }
    return ", ".join(f"{len(some)} {noun}{'s' * (len(some) != 1)}" for noun, some in parts.items())


def _counts(programme: Programme) -> list[tuple[str, str, str]]:
    """What there is of each side; nothing that tells who."""
    sides = (programme.mentors, programme.mentees)
    kinds = {
        "people": [len(side) for side in sides],
        "places": [sum(person.capacity for person in side) for side in sides],
        "with choices": [_number(side, "choices") for side in sides],
        "carried over": [_number(side, "carried_over") for side in sides],
    }
    return [(name, str(one), str(other)) for name, (one, other) in kinds.items()]


def _number(side: Sequence[Participant], field: str) -> int:
    return sum(bool(getattr(person, field)) for person in side)


def _changed(settings: Settings) -> list[tuple[str, str]]:
    """Name and value of every setting that is not as it comes."""
    default = Settings()
    return [
        (name, _words(name, getattr(settings, name)))
        for name in type(settings).model_fields
        if getattr(settings, name) != getattr(default, name)
    ]


def _words(name: str, value: object) -> str:
    if name == "coordinators" and isinstance(value, tuple):  # they may be names
        return _people(len(value))
    if isinstance(value, Mapping):
        return _short([f"{key}: {_plain(one)}" for key, one in value.items()])
    if isinstance(value, tuple):
        return _short([_plain(one) for one in value])
    return str(value)


def _plain(one: object) -> str:
    return " – ".join(map(str, one)) if isinstance(one, tuple) else str(one)


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _short(texts: Sequence[str]) -> str:
    return "; ".join(texts) if len(texts) <= LISTED else f"{len(texts)} entries"
