"""Solve and audit, as every command that makes a matching does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import rmatch
from rmatch.audit import Audit
from rmatch.cli.failures import AuditFailedError, refuse_call
from rmatch.cli.interrupt import run_stoppable
from rmatch.cli.limits import limit_of
from rmatch.cli.progress import Latest, is_watched, progress
from rmatch.matching import Matching
from rmatch.programme import Programme
from rmatch.solving.solve import names_of


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks of the solver; ``None`` leaves it to the settings."""

    objectives: tuple[str, ...] | None = None
    strategy: str | None = None
    seed: int | None = None
    time_limit: float | None = None
    candidates: int | Literal["all"] | None = None

    def __post_init__(self) -> None:
        """Refuse unknown names before anything is read."""
        try:
            names_of(self.objectives, self.strategy)
        except (TypeError, ValueError) as error:
            text = str(error)
            refuse_call(f"{text[0].upper()}{text[1:]}.")  # what was given keeps its capitals

    def as_arguments(self) -> dict[str, Any]:
        """For ``rmatch.solve``."""
        return {
            "objectives": self.objectives,
            "strategy": self.strategy,
            "seed": self.seed,
            "time_limit": self.time_limit,
            "candidates": self.candidates,
        }


@dataclass(frozen=True, slots=True)
class Paired:
    """A matching that passed its audit."""

    matching: Matching
    audit: Audit
    stopped: bool
    """By Ctrl-C, before everything was proved."""
    out_of_time: bool
    """At the time limit, before everything was proved."""


def pair(programme: Programme, wishes: Wishes | None = None, *, quiet: bool = False) -> Paired:
    """Make the matching and have it audited.

    Args:
        programme: Whom to pair.
        wishes: What the command line asks of the solver.
        quiet: Show no live line.

    Raises:
        AuditFailedError: the audit finds anything at all.
    """
    arguments = (wishes or Wishes()).as_arguments()
    arguments["time_limit"] = limit_of(programme, arguments["time_limit"])
    latest = Latest() if is_watched(quiet=quiet) else None
    if latest is not None:  # where nobody watches, the solver need not tell
        arguments["progress"] = latest
    matching, stopped = run_stoppable(
        lambda cancel: rmatch.solve(programme, cancel=cancel, **arguments),
        "Pairing",
        latest=latest,
        quiet=quiet,
    )
    with progress("Checking the result", quiet=quiet):
        audit = matching.verify()
    if not audit.ok:
        raise AuditFailedError(audit)
    unproved = matching.status != "optimal"
    limit = arguments["time_limit"]
    limit = programme.settings.time_limit if limit is None else limit
    late = limit is not None and matching.solution.seconds >= limit
    return Paired(matching, audit, unproved and stopped, unproved and late and not stopped)
