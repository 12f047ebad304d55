"""``rmatch template``: the workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import rmatch
from rmatch.atomic import write_atomic
from rmatch.cli.failures import failures_told
from rmatch.cli.options import Force, example_option
from rmatch.cli.output import say, say_line
from rmatch.cli.overwriting import refuse_existing


def template(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="Where to write it: a name that ends in .xlsx.")
    ],
    *,
    example: Annotated[
        str | None, example_option("Instead of an empty one, an invented cohort to practise on")
    ] = None,
    force: Force = False,
) -> None:
    """Write an empty workbook to fill in.

    It has notes under its headings, drop-downs and an example row that loading ignores.

    With --example it is a workbook that is filled in already, with invented people.
    """
    if path.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"{path} must end in .xlsx", param_hint="PATH")
    with failures_told():
        refuse_existing(path, force=force)
        if example is None:
            _write_empty(path, force=force)
        else:
            _write_example(example, path, force=force)
        say_line(f"rmatch check {path}")


def _write_empty(path: Path, *, force: bool) -> None:
    from rmatch.io.template import write_template

    write_template(path, force=force)
    say(f"Wrote {path}\n\nFill in the sheets Mentors and Mentees, then:")


def _write_example(name: str, path: Path, *, force: bool) -> None:
    write_atomic(path, rmatch.examples.path(name, workbook=True).read_bytes(), force=force)
    say(f"Wrote {path}: the example {name}, all of it invented\n\nNext:")
