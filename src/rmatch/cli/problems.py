"""Problems and notices of an input as a list by sheet, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from rmatch.errors import Place, Problem


def problems_text(problems: Iterable[Problem], *, show_values: bool = False) -> str:
    """All problems, sheet by sheet, one entry each."""
    sheets: dict[str, list[str]] = {}
    for problem in problems:
        line = _short(problem).text(show_values=show_values)
        sheets.setdefault(_sheet(problem.place), []).append(line)
    return "\n".join(_lines(sheets))


def _lines(sheets: dict[str, list[str]]) -> Iterator[str]:
    # Those of no sheet come first, or they would seem to belong to the one above.
    for sheet, lines in sorted(sheets.items(), key=lambda item: bool(item[0])):
        if sheet:
            yield f"{sheet}:"
        yield from (f"  - {line}" for line in lines)


def _sheet(place: Place) -> str:
    return ", ".join(filter(None, [place.file, place.sheet and f"sheet {place.sheet}"]))


def _short(problem: Problem) -> Problem:
    """The problem with the part of its place that the heading does not say."""
    return problem.at(replace(problem.place, file=None, sheet=None))


def notices_json(problems: Iterable[Problem], *, show_values: bool = False) -> list[dict[str, Any]]:
    """Notices for a program."""
    return [problem.to_dict(show_values=show_values) for problem in problems]
