"""What reading finds: faults of a cell, and the problems and notices gathered from all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rmatch.errors import Place, Problem

LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one value, before its place is known."""

    message: str
    value: str | None = None
    shown: bool = False
    suggestions: tuple[str, ...] = ()
    hidden_suggestions: bool = False

    def at(self, place: Place) -> Problem:
        """This fault as a problem at ``place``."""
        return Problem(
            self.message,
            place,
            value=self.value,
            shown=self.shown and may_be_shown(self.value),
            suggestions=self.suggestions,
            hidden_suggestions=self.hidden_suggestions,
        )


class UnreadableCellError(ValueError):
    """A cell cannot be read; ``faults`` says why. Never leaves the package: it holds values."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("a cell cannot be read")


def unreadable(
    message: str,
    value: str | None = None,
    *,
    shown: bool = False,
    suggestions: tuple[str, ...] = (),
    hidden_suggestions: bool = False,
) -> UnreadableCellError:
    """The error for a cell with one fault."""
    return UnreadableCellError([Fault(message, value, shown, suggestions, hidden_suggestions)])


def may_be_shown(value: str | None) -> bool:
    """Whether a value of a shown field looks like one: no address, no story in the wrong cell."""
    return value is not None and len(value) <= LONGEST_SHOWN and "@" not in value


@dataclass(slots=True)
class Findings:
    """Everything noticed while loading, errors apart from notices."""

    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)

    def error(self, message: str, place: Place, value: str | None = None, **more: object) -> None:
        """Note a problem that keeps the input from being used."""
        self.problems.append(Problem(message, place, value, **more))  # type: ignore[arg-type]

    def faults(self, error: UnreadableCellError, place: Place) -> None:
        """Note each fault of a cell as a problem at ``place``."""
        self.problems.extend(fault.at(place) for fault in error.faults)

    def notice(self, message: str, place: Place, suggestions: tuple[str, ...] = ()) -> None:
        """Note something that the coordinator should know and that stops nothing."""
        self.notices.append(Problem(message, place, suggestions=suggestions, severity="warning"))
