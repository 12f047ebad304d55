"""Every error rmatch raises on purpose, and the records they carry.

::

    Exception
    └── RmatchError
        ├── DecisionError          a decision that cannot be taken from here; says which can
        ├── InputError             every problem found in what was given, each with its place
        ├── InfeasibleError        the coordinator's own statements cannot all hold
        ├── LostWorkerError        a job ended the process that did it, twice
        ├── MissingExtraError      an optional dependency is not installed (also an ImportError)
        ├── RunFolderError         a run folder or output file is missing, broken or in the way
        ├── StrategyError          a strategy that another package adds is broken or not installed
        ├── TimeLimitError         the time was up before anything could be returned
        └── UnknownPersonError     nobody has the id that was asked for (also a KeyError)

``TypeError`` and ``ValueError`` keep their Python meaning: a call that makes no sense.

A notebook shows the message of these without its frames, which tell a coordinator nothing;
``import traceback; traceback.print_last()`` shows them, and ``%debug`` stands in the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

__all__ = [
    "DecisionError",
    "InfeasibleError",
    "InputError",
    "LostWorkerError",
    "MissingExtraError",
    "Place",
    "Problem",
    "Relaxation",
    "RmatchError",
    "RunFolderError",
    "StrategyError",
    "TimeLimitError",
    "UnknownPersonError",
]


class RmatchError(Exception):
    """Base of every error rmatch raises on purpose."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of the frames: the message, and how to see the frames."""
        return [f"{type(self).__name__}: {self}", "", FRAMES]


FRAMES = "(Where in the code: import traceback; traceback.print_last())"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stood: a cell of a file, a line of a text, or a field built in code."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    person: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        parts = [
            self.file,
            f"line {self.line}" if self.line is not None else None,
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

    def to_dict(self, *, show_values: bool = False) -> dict[str, Any]:
        """The same for a program; the value and what betrays it only where they may be shown."""
        place = self.place
        record: dict[str, Any] = {
            "file": place.file,
            "sheet": place.sheet,
            "row": place.row,
            "column": place.column,
            "person": place.person,
            "message": self.message,
            "suggestions": [],
        }
        if show_values or not self.hidden_suggestions:
            record["suggestions"] = list(self.suggestions)
        if self.value is not None and (self.shown or show_values):
            record["value"] = self.value
        return record

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

    def _repr_html_(self) -> str:
        from rmatch.problem_html import problems_html

        return problems_html(self.problems, self.notices)


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The cheapest single change that makes statements feasible together.

    Attributes:
        statement: The id of the statement to change.
        change: Drop it, or move its ``minimum`` or ``maximum``.
        before: The limit as stated; ``None`` where it is dropped.
        after: The limit that is enough, nearest to the one stated; ``None`` where it is dropped.
    """

    statement: str
    change: Literal["drop", "minimum", "maximum"]
    before: int | None = None
    after: int | None = None

    @property
    def cost(self) -> int:
        """By how many units the limit moves; 1 for a pair that is dropped."""
        return 1 if self.before is None or self.after is None else abs(self.after - self.before)

    def __str__(self) -> str:
        if self.change == "drop":
            return f"drop {self.statement}"
        verb = "lower" if self.change == "minimum" else "raise"
        return f"{verb} the {self.change} of {self.statement} from {self.before} to {self.after}"


class InfeasibleError(RmatchError):
    """The coordinator's statements cannot all hold.

    Attributes:
        statements: Ids of statements that clash, in the order stated. Where ``explained``, the set
            is minimal: without any one of them, the others could hold.
        relaxation: The cheapest single change after which *all* statements can hold; ``None`` where
            no single change is enough.
        notes: What is to be said of some of the statements, by id.
        explained: Whether the set was made minimal and a relaxation looked for; there may have been
            no time.
    """

    def __init__(
        self,
        statements: Sequence[str],
        relaxation: Relaxation | None = None,
        notes: Mapping[str, str] | None = None,
        *,
        explained: bool = False,
    ) -> None:
        self.statements: tuple[str, ...] = tuple(statements)
        self.relaxation = relaxation
        self.notes: dict[str, str] = dict(notes or {})
        self.explained = explained
        super().__init__(self.statements)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.statements,), vars(self)

    def __str__(self) -> str:
        lead = "this cannot hold" if len(self.statements) == 1 else "these cannot all hold"
        return f"{lead}: {'; '.join(self._said())}{self._advice()}"

    def _repr_html_(self) -> str:
        from rmatch.markup import card, items, paragraph

        single = len(self.statements) == 1
        return card(
            "What is stated cannot hold",
            paragraph("This cannot hold:" if single else "These cannot all hold:"),
            items(self._said()),
            *([paragraph(f"{self._advice().removeprefix('. ')}.")] if self._advice() else []),
        )

    def _said(self) -> list[str]:
        """Each statement, with what is to be said of it."""
        return [
            f"{one} ({self.notes[one]})" if one in self.notes else one for one in self.statements
        ]

    def _advice(self) -> str:
        if self.relaxation is not None:
            return f". It would be enough to {self.relaxation}"
        if self.explained:
            return ". No single change of one of them is enough: other statements clash as well"
        return ""


class DecisionError(RmatchError):
    """A decision that makes no sense, or cannot be taken from here.

    Attributes:
        allowed: What can be decided instead, where that is a short list: moves of a pair, codes.
    """

    def __init__(self, message: str, allowed: Iterable[str] = ()) -> None:
        self.message = message
        self.allowed: tuple[str, ...] = tuple(allowed)
        super().__init__(message, self.allowed)

    def __str__(self) -> str:
        return self.message


class LostWorkerError(RmatchError):
    """A job was lost with the process that did it, and again in a process of its own.

    It ends its process, for want of memory or by a fault; or none could be started, which the error
    that caused this one says.
    """


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


class StrategyError(RmatchError):
    """A strategy of another package is missing, broken, or made no matching; names it."""


class TimeLimitError(RmatchError):
    """The time was up before there was any matching that keeps what the coordinator stated."""


class UnknownPersonError(RmatchError, KeyError):
    """Nobody has the id that was asked for; the message names those that are nearest."""

    def __str__(self) -> str:
        return Exception.__str__(self)  # a KeyError's own would put it in quotes


def unknown_person(person: object, known: Iterable[str]) -> UnknownPersonError:
    """The error for an id that nobody has.

    Args:
        person: What was asked for.
        known: The ids there are.
    """
    from difflib import get_close_matches

    ids = list(known)
    same = [one for one in ids if one.casefold() == str(person).casefold()]
    near = same or get_close_matches(str(person), ids, n=2)
    hint = f" (did you mean {' or '.join(near)}?)" if near else ""
    return UnknownPersonError(f"nobody has the id {person!r}{hint}")
