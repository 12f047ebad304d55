"""``rmatch purge``: everybody's data out of runs that ended long ago."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from rmatch.cli.failures import failures_told
from rmatch.cli.options import AsJson, Yes
from rmatch.cli.output import note, say, say_json, say_line
from rmatch.explaining.wording import counted
from rmatch.rematching.erasing import Purged, to_purge
from rmatch.rematching.erasing import purge as purge_runs


def purge(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A run, or a folder that holds runs.")
    ],
    *,
    before: Annotated[
        datetime,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="Programmes whose last day (ends, in their settings) is earlier: 2026-07-31.",
        ),
    ],
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Remove everybody's data from runs whose programme ended before a day, for good.

    What was decided stays, under pseudonyms that mean nobody any more.
    """
    day = before.date()
    with failures_told(as_json=as_json):
        due, left = to_purge(folder, before=day)
        if due and not yes:
            note("\n".join(["To be purged:", *(f"  {run}" for run in due)]))
            question = f"Purge {counted(len(due), 'run')}? This cannot be undone."
            typer.confirm(question, abort=True, err=True)
        done = purge_runs(folder, before=day) if due else Purged((), left)
        if as_json:
            say_json(_document(done))
        else:
            _say(done)


def _say(done: Purged) -> None:
    if done.purged:
        say(f"Purged {counted(len(done.purged), 'run')}:")
        for run in done.purged:
            say_line(str(run))
    else:
        say("Nothing is due.")
    if done.left:
        say("Left as they are:")
        for run, reason in done.left.items():
            say(f"  {run}: {reason}")
    if done.untouched:
        note(f"In these folders, and not looked into: {', '.join(done.untouched)}")


def _document(done: Purged) -> dict[str, object]:
    return {
        "purged": [str(run) for run in done.purged],
        "left": {str(run): reason for run, reason in done.left.items()},
        "untouched": list(done.untouched),
    }
