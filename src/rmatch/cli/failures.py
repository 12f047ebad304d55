"""What goes wrong, told once: as text on stderr or as JSON on stdout, with the right exit code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import typer

from rmatch.audit import Audit
from rmatch.cli.output import note, say_json
from rmatch.cli.problems import notices_json, problems_text
from rmatch.errors import (
    DecisionError,
    InfeasibleError,
    InputError,
    MissingExtraError,
    Problem,
    RmatchError,
    RunFolderError,
    StrategyError,
    UnknownPersonError,
)
from rmatch.explaining.wording import counted

FAILED = 1
USAGE = 2


class AuditFailedError(RmatchError):
    """The independent audit contradicts the result, which is therefore not handed out."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        super().__init__(str(audit))


def refuse_call(message: str) -> NoReturn:
    """Stop because the command line itself makes no sense."""
    note(f"{message}\nThe same command with --help says what it takes.")
    raise typer.Exit(USAGE)


@contextmanager
def failures_told(*, as_json: bool = False, show_values: bool = False) -> Iterator[None]:
    """Turn every error that rmatch raises on purpose into words and an exit code."""
    try:
        yield
    except RmatchError as error:
        if as_json:
            say_json({"error": _error_json(error, show_values=show_values)})
        else:
            note(error_text(error, show_values=show_values))
        code = USAGE if isinstance(error, MissingExtraError) else FAILED
        # Not chained: a cause may hold what nobody should read.
        raise typer.Exit(code) from None


def error_text(error: RmatchError, *, show_values: bool = False) -> str:
    """An error for a coordinator."""
    if isinstance(error, InputError):
        listed = problems_text(error.problems, show_values=show_values)
        heading = f"{counted(len(error.problems), 'problem')} in the input"
        hidden = values_left_out(error.problems) and not show_values
        return "\n\n".join([heading, listed, *([LEFT_OUT] if hidden else [])])
    if isinstance(error, AuditFailedError):
        return f"The result failed its own check, so nothing was written.\n{error}"
    return str(error)


LEFT_OUT = "Some values are left out here; rmatch check --show-values shows them."


def values_left_out(problems: Iterable[Problem]) -> bool:
    """Whether there is a value that is shown only to those who ask."""
    return any(problem.value is not None and not problem.shown for problem in problems)


def _error_json(error: RmatchError, *, show_values: bool) -> dict[str, Any]:
    return {"kind": _kind(error), **_details(error, show_values=show_values)}


def _kind(error: RmatchError) -> str:
    kinds = {
        DecisionError: "decision",
        InputError: "input",
        InfeasibleError: "infeasible",
        MissingExtraError: "missing_extra",
        RunFolderError: "run_folder",
        StrategyError: "strategy",
        AuditFailedError: "audit",
        UnknownPersonError: "unknown_person",
    }
    return next((name for kind, name in kinds.items() if isinstance(error, kind)), "rmatch")


def _details(error: RmatchError, *, show_values: bool) -> dict[str, Any]:
    if isinstance(error, InputError):
        return {
            "problems": [p.to_dict(show_values=show_values) for p in error.problems],
            "notices": notices_json(error.notices, show_values=show_values),
        }
    if isinstance(error, InfeasibleError):
        return {"message": str(error), "statements": list(error.statements)}
    if isinstance(error, AuditFailedError):
        findings = error.audit.findings
        return {
            "findings": [
                {"kind": f.kind.value, "ids": list(f.ids), "message": f.message} for f in findings
            ]
        }
    return {"message": str(error)}
