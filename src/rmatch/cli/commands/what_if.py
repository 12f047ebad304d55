"""``rmatch what-if``: another matching beside a run, which stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from rmatch.cli.commands.explain import load_run
from rmatch.cli.failures import AuditFailedError, failures_told, refuse_call
from rmatch.cli.interrupt import run_stoppable
from rmatch.cli.options import AsJson, Force
from rmatch.cli.output import say, say_json, say_line
from rmatch.cli.overwriting import refuse_existing, refuse_foreign_folder
from rmatch.cli.progress import progress
from rmatch.errors import RunFolderError
from rmatch.matching import Matching
from rmatch.rematching.diff import Diff
from rmatch.rematching.scenarios import Scenarios

SAVED_AS = "what if"
"""What the other matching is called in the table."""


def what_if(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that `rmatch solve` wrote.")],
    *,
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="MENTOR:MENTEE", show_default=False, help="A pair that must be made."),
    ] = None,
    forbid: Annotated[
        list[str] | None,
        typer.Option(metavar="MENTOR:MENTEE", show_default=False, help="One that must not be."),
    ] = None,
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
    capacity: Annotated[
        list[str] | None,
        typer.Option(metavar="ID=N", show_default=False, help="Another number of places."),
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            min=0.0,
            show_default=False,
            help="Then the best matching so far is taken. Ctrl-C does the same at any time.",
        ),
    ] = None,
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
        "keep": [_pair("--keep", text) for text in keep or ()],
        "forbid": [_pair("--forbid", text) for text in forbid or ()],
        "waive": waive or [],
        "weights": dict(_number("--weight", text) for text in weight or ()),
        "capacity": dict(_number("--capacity", text) for text in capacity or ()),
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
        other = _solved(first, {**asked, "time_limit": time_limit}, quiet=as_json)
        found = other.diff(first, names=names)
        if as_json:
            say_json(_document(first, other, found))
        else:
            say(str(Scenarios(first, {SAVED_AS: other})))
            say(f"\n{found}")
        if out is not None:
            other.save(out, force=force)
            _tell_saved(out, quiet=as_json)


def _pair(option: str, text: str) -> tuple[str, str]:
    mentor, colon, mentee = (part.strip() for part in text.partition(":"))
    if not (mentor and colon and mentee):
        refuse_call(f"{option} {text} is not two people: write {option} M01:S06.")
    return mentor, mentee


def _number(option: str, text: str) -> tuple[str, int]:
    name, _, number = (part.strip() for part in text.rpartition("="))
    if not name or not number.isascii() or not number.isdigit():
        example = "topics=60" if option == "--weight" else "S05=2"
        refuse_call(f"{option} {text} names no whole number: write {option} {example}.")
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
