"""Every error rmatch raises on purpose, and the records they carry.

::

    Exception
    └── RmatchError
        ├── InputError             every problem found in what was given, each with its place
        ├── InfeasibleError        the coordinator's own statements cannot all hold
        ├── MissingExtraError      an optional dependency is not installed (also an ImportError)
        ├── RunFolderError         a run folder or output file is missing, broken or in the way
        └── TimeLimitError         the time was up before anything could be returned

``TypeError`` and ``ValueError`` keep their Python meaning: a call that makes no sense.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

__all__ = [
    "InfeasibleError",
    "InputError",
    "MissingExtraError",
    "Place",
    "Problem",
    "RmatchError",
    "RunFolderError",
    "TimeLimitError",
]


class RmatchError(Exception):
    """Base of every error rmatch raises on purpose."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stood: a cell of a file, or a field of a person built in code."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    person: str | None = None

    def __str__(self) -> str:
        parts = [
            self.file,
            f"sheet {self.sheet}" if self.sheet else None,
            f"row {self.row}" if self.row is not None else None,
            f"column {self.column}" if self.column else None,
        ]
        where = ", ".join(part for part in parts if part)
        if self.person is not None:
            return f"{where} ({self.person})" if where else self.person
        return where


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the input, or one notice about it.

    ``value`` always holds what was read. It is shown in text only when ``shown`` is true: values of
    vocabulary fields and ids may be shown, while names, e-mails, choices, vetoes and free text may
    not, because error texts end up in logs.
    """

    message: str
    place: Place = field(default_factory=Place)
    value: str | None = field(default=None, repr=False)
    shown: bool = False
    suggestions: tuple[str, ...] = field(default=(), repr=False)
    severity: Literal["error", "warning"] = "error"
    hidden_suggestions: bool = False

    def text(self, *, show_values: bool = False) -> str:
        """One line: place, value where it may be shown, what is wrong, what to write instead."""
        where = str(self.place)
        parts = [f"{where}: " if where else ""]
        if self.value is not None and (self.shown or show_values):
            parts.append(f"{self.value!r} ")
        parts.append(self.message)
        if self.suggestions and (show_values or not self.hidden_suggestions):
            parts.append(f" (did you mean {', '.join(self.suggestions)}?)")
        return "".join(parts)

    def __str__(self) -> str:
        return self.text()

    def at(self, place: Place) -> Problem:
        """The same problem, seen at ``place``."""
        return replace(self, place=place)


class InputError(RmatchError):
    """What was given cannot be used; ``problems`` lists everything wrong with it at once."""

    def __init__(self, problems: Iterable[Problem], notices: Iterable[Problem] = ()) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.notices: tuple[Problem, ...] = tuple(notices)
        super().__init__(self.problems)

    def text(self, *, show_values: bool = False) -> str:
        """All problems, one a line, under a heading that counts them."""
        count = len(self.problems)
        heading = f"{count} problem{'' if count == 1 else 's'} in the input"
        lines = [problem.text(show_values=show_values) for problem in self.problems]
        return "\n".join([heading, *(f"  {line}" for line in lines)])

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"InputError({len(self.problems)} problems)"


class InfeasibleError(RmatchError):
    """The coordinator's statements cannot all hold; ``statements`` is the set that clashes."""

    def __init__(self, statements: Sequence[str]) -> None:
        self.statements: tuple[str, ...] = tuple(statements)
        super().__init__(self.statements)

    def __str__(self) -> str:
        return "these cannot all hold: " + "; ".join(self.statements)


class MissingExtraError(RmatchError, ImportError):
    """Something optional is not installed; the message names the pip command that installs it."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        self.package = package
        self.extra = extra
        self.purpose = purpose
        super().__init__(f"{purpose} needs {package}: pip install 'rmatch[{extra}]'")

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, str, str]]:
        return type(self), (self.package, self.extra, self.purpose)


class RunFolderError(RmatchError, OSError):
    """A run folder or an output file is missing, unreadable or in the way."""


class TimeLimitError(RmatchError):
    """The time was up before there was any matching that keeps what the coordinator stated."""
