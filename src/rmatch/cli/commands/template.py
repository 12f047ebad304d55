"""``rmatch template``: the workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rmatch.cli.failures import failures_told
from rmatch.cli.options import Force
from rmatch.cli.output import say, say_line
from rmatch.cli.overwriting import refuse_existing


def template(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="Where to write it: a name that ends in .xlsx.")
    ],
    *,
    force: Force = False,
) -> None:
    """Write an empty workbook to fill in.

    It has notes under its headings, drop-downs and an example row that loading ignores.
    """
    if path.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"{path} must end in .xlsx", param_hint="PATH")
    with failures_told():
        refuse_existing(path, force=force)
        from rmatch.io.template import write_template

        write_template(path, force=force)
        say(f"Wrote {path}\n\nFill in the sheets Mentors and Mentees, then:")
        say_line(f"rmatch check {path}")
