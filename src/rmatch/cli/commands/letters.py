"""``rmatch letters``: a letter for each participant of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rmatch.cli.commands.explain import load_run
from rmatch.cli.failures import failures_told
from rmatch.cli.options import Force
from rmatch.cli.output import note, say, say_line
from rmatch.cli.overwriting import refuse_existing
from rmatch.errors import RunFolderError
from rmatch.explaining.wording import counted
from rmatch.matching import Matching
from rmatch.reporting.summary import merged


def letters(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that `rmatch solve` wrote.")],
    *,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the letters go.")],
    templates: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            show_default=False,
            help="Your own matched.md, unmatched.md or no_place.md.",
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Write a letter for each participant, and letters.csv for a mail merge."""
    with failures_told():
        refuse_existing(out, force=force)
        matching = load_run(run)
        if matching.programme is None:
            raise RunFolderError("this run was made without people, so there is nobody to write to")
        matching.letters(out, templates=templates, force=force)
        _tell_open_questions(matching, run)
        say(f"Wrote {counted(sum(1 for _ in matching.programme.people), 'letter')} to {out}")
        say("Each is for its reader alone. For a mail merge:")
        say_line(str(out / "letters.csv"))


def _tell_open_questions(matching: Matching, run: Path) -> None:
    asked = len(merged(matching.questions))
    if asked:
        note(
            f"{counted(asked, 'question')} still to be asked before these pairs are approved; "
            f"rmatch explain {run} --questions lists them."
        )
