"""Problems of an input as tables for a notebook, one a sheet; no value that was read is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rmatch.markup import Html, card, table

if TYPE_CHECKING:
    from rmatch.errors import Problem


def problems_html(problems: Sequence[Problem], notices: Sequence[Problem] = ()) -> str:
    """All problems, sheet by sheet, then what was noticed beside them."""
    count = len(problems)
    return card(
        f"{count} problem{'' if count == 1 else 's'} in the input",
        *problem_tables(problems, "what is wrong"),
        *problem_tables(notices, "noticed"),
    )


def problem_tables(problems: Iterable[Problem], heading: str) -> Iterator[Html]:
    """A table for every file and sheet, under ``heading`` what is to be said of each place."""
    sheets: dict[str, list[Problem]] = {}
    for problem in problems:
        sheets.setdefault(_sheet(problem), []).append(problem)
    # Those of no sheet come first, as they do in a terminal.
    for sheet, some in sorted(sheets.items(), key=lambda item: bool(item[0])):
        yield _table(sheet or "The input", heading, some)


def _sheet(problem: Problem) -> str:
    place = problem.place
    return ", ".join(filter(None, [place.file, place.sheet and f"sheet {place.sheet}"]))


_WHERE: Mapping[str, Callable[[Problem], object]] = {
    "line": lambda problem: problem.place.line,
    "row": lambda problem: problem.place.row,
    "column": lambda problem: problem.place.column,
    "who": lambda problem: problem.place.person,
}


def _table(caption: str, heading: str, problems: Sequence[Problem]) -> Html:
    """Only the columns that some problem has something for."""
    columns: dict[str, list[str]] = {
        name: [_text(part(problem)) for problem in problems] for name, part in _WHERE.items()
    }
    columns[heading] = [problem.message for problem in problems]
    columns["did you mean"] = [_suggestions(problem) for problem in problems]
    filled = {name: cells for name, cells in columns.items() if any(cells)}
    numbers = [at for at, name in enumerate(filled) if name in ("line", "row")]
    rows = list(zip(*filled.values(), strict=True))
    return table(caption, list(filled), rows, right=numbers, more="print() lists all.")


def _text(part: object) -> str:
    return "" if part is None else str(part)


def _suggestions(problem: Problem) -> str:
    return "" if problem.hidden_suggestions else ", ".join(problem.suggestions)
