"""The levels as one audience sees them: what was asked, what it came to, how that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rmatch.explaining.level_words import TIE_BREAK, goal, limit, number, vector
from rmatch.reporting.proof_words import how_known
from rmatch.reports.reader import Reader
from rmatch.reports.view import LevelRow
from rmatch.solution import Level

if TYPE_CHECKING:
    from rmatch.matching import Matching

COUNTED = frozenset(("pairs", "people", "priority", "changes", "stability", "prices", "warnings"))
"""Levels whose value a panel sees: of the others it would tell of scores or ranks."""

CHECKED = "Proved the best possible, and checked again without a solver."
SOLVED = "Proved the best possible by the solver."
OPEN = "Not proved: a better one may exist."
NOT_REACHED = "Not reached: an earlier level is not proved."


def level_rows(matching: Matching, reader: Reader) -> tuple[LevelRow, ...]:
    """One row a level, in order."""
    rows = []
    is_open = False
    for level in matching.solution.levels:
        rows.append(_row(matching, reader, level, after_open=is_open))
        is_open = is_open or not level.proved
    return tuple(rows)


def _row(matching: Matching, reader: Reader, level: Level, *, after_open: bool) -> LevelRow:
    for_people = matching.programme is not None
    shown = reader.audience != "panel" or level.name in COUNTED
    words = goal(level.name, matching.instance.stability)
    return LevelRow(
        name=level.name,
        goal=_capital(words),
        value=value_words(level, for_people=for_people) if shown else "",
        is_proved=level.proved,
        proof=NOT_REACHED
        if after_open and not level.proved and matching.algorithm is None
        else _proof(matching, reader, level, shown=shown),
    )


def value_words(level: Level, *, for_people: bool) -> str:
    """What a level came to; nothing for the draw, whose number means nothing."""
    if level.name == TIE_BREAK:
        return ""
    if isinstance(level.value, tuple):
        return vector(level.name, level.value, for_people=for_people)
    return number(level.name, level.value, for_people=for_people)


def _proof(matching: Matching, reader: Reader, level: Level, *, shown: bool) -> str:
    for_people = matching.programme is not None
    if not level.proved:
        open_words = limit(level.name, level.value, level.bound, for_people=for_people)
        return f"{_capital(open_words)}." if shown and open_words != "not proved" else OPEN
    if not reader.is_coordinator:  # the evidence names people, and tells who is allowed whom
        return SOLVED if level.proof in ("reported", "rotations") else CHECKED
    cut = matching.certificate.cut
    how = how_known(level, cut, for_people=for_people).removeprefix(", and ").removeprefix(": ")
    return f"{_capital(how)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
