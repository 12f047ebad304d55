"""``rmatch what-if``: another matching beside a run, which stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from rmatch.cli.commands.explain import load_run
from rmatch.cli.failures import AuditFailedError, failures_told, refuse_call
from rmatch.cli.interrupt import run_stoppable
from rmatch.cli.limits import limit_of
from rmatch.cli.options import AsJson, Capacity, Forbid, Force, Keep, TimeLimit
from rmatch.cli.output import say, say_json, say_line
from rmatch.cli.overwriting import refuse_existing, refuse_foreign_folder
from rmatch.cli.progress import progress
from rmatch.cli.stated import pairs_of, places_of
from rmatch.errors import RunFolderError
from rmatch.matching import Matching
from rmatch.rematching.diff import Diff
from rmatch.rematching.scenarios import Scenarios

SAVED_AS = "what if"
"""What the other matching is called in the table."""


def what_if(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that `rmatch solve` wrote.")],
    *,
    keep: Keep = None,
    forbid: Forbid = None,
    waive: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", show_default=False, help="A rule that would not count."),
    ] = None,
    weight: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CRITERION=N", show_default=False, help="Another weight of a criterion."
        ),
    ] = None,
    capacity: Capacity = None,
    time_limit: TimeLimit = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            show_default=False,
            help="Keep the other matching as a run of its own; without it nothing is written.",
        ),
    ] = None,
    force: Force = False,
    names: Annotated[bool, typer.Option("--names", help="Show names beside the ids.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what would come out otherwise, beside what there is; each option may be repeated."""
    asked: dict[str, Any] = {
        "keep": pairs_of("--keep", keep),
        "forbid": pairs_of("--forbid", forbid),
        "waive": waive or [],
        "weights": dict(_weight(text) for text in weight or ()),
        "capacity": places_of("--capacity", capacity),
    }
    if not any(asked.values()):
        refuse_call("Say what would be different: --keep, --forbid, --waive, --weight, --capacity.")
    with failures_told(as_json=as_json):
        if out is not None:
            refuse_existing(out, force=force)
            refuse_foreign_folder(out)
        first = load_run(run)
        if first.programme is None:
            raise RunFolderError("this run was made without people, so there is nothing to change")
        limit = limit_of(first.programme, time_limit)
        other = _solved(first, {**asked, "time_limit": limit}, quiet=as_json)
        found = other.diff(first, names=names)
        if as_json:
            say_json(_document(first, other, found))
        else:
            say(str(Scenarios(first, {SAVED_AS: other})))
            say(f"\n{found}")
        if out is not None:
            other.save(out, force=force)
            _tell_saved(out, quiet=as_json)


def _weight(text: str) -> tuple[str, int]:
    name, _, number = (part.strip() for part in text.rpartition("="))
    if not name or not number.isascii() or not number.isdigit():
        refuse_call(f"--weight {text} names no whole number: write --weight topics=60.")
    return name, int(number)


def _solved(first: Matching, asked: dict[str, Any], *, quiet: bool) -> Matching:
    """The other matching, once it has passed its audit.

    Raises:
        AuditFailedError: the audit finds anything at all.
    """
    other, _ = run_stoppable(
        lambda cancel: first.what_if(**asked, cancel=cancel), "Pairing", quiet=quiet
    )
    with progress("Checking the result", quiet=quiet):
        audit = other.verify()
    if not audit.ok:
        raise AuditFailedError(audit)
    return other


def _document(first: Matching, other: Matching, found: Diff) -> dict[str, Any]:
    return {
        "as_it_is": {"status": first.status, "objectives": dict(first.objectives)},
        "what_if": other.to_dict(),
        "pairs": [
            {"mentor": pair[0], "mentee": pair[1], "change": fate}
            for pair, fate in found.fates.items()
        ],
        "changes": [
            {
                "person": change.person,
                "change": change.kind.value,
                "before": list(change.before),
                "after": list(change.after),
            }
            for change in found.changes
        ],
    }


def _tell_saved(out: Path, *, quiet: bool) -> None:
    if not quiet:
        say("\nWritten, as a run of its own, to:")
        say_line(str(out))
