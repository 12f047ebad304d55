"""``rmatch report``: the reports, the workbook and the letters of a run, made again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rmatch.cli.commands.explain import load_run
from rmatch.cli.documents import make_documents, refuse_edited, say_documents
from rmatch.cli.failures import failures_told, refuse_call
from rmatch.cli.options import Force
from rmatch.cli.output import say, say_line
from rmatch.cli.overwriting import refuse_existing
from rmatch.cli.progress import progress
from rmatch.matching import Matching

AUDIENCES = ("panel", "coordinator", "auditor")


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that `rmatch solve` wrote.")],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="Write one report (.html) or workbook (.xlsx) here, instead of all into RUN.",
        ),
    ] = None,
    audience: Annotated[
        str,
        typer.Option(metavar="WHO", help=f"With --out, who is to read it: {', '.join(AUDIENCES)}."),
    ] = "panel",
    names: Annotated[bool, typer.Option("--names", help="Show names beside the ids.")] = False,
    force: Force = False,
) -> None:
    """Write the report, the workbook and the letters of a run again.

    What is for a panel has no ranks, choices or vetoes in it; coordinator.html and
    coordinator.xlsx are for you alone.
    """
    if audience not in AUDIENCES:
        refuse_call(f"--audience is {', '.join(AUDIENCES[:-1])} or {AUDIENCES[-1]}.")
    if out is not None and out.suffix.lower() not in (".html", ".xlsx"):
        refuse_call("--out is a file that ends in .html or .xlsx.")
    if out is None and audience != "panel":
        refuse_call("--audience goes with --out FILE; without it, all documents are written.")
    with failures_told():
        if out is not None:
            refuse_existing(out, force=force)
        elif not force:
            refuse_edited(run)
        matching = load_run(run)
        if out is None:
            make_documents(matching, run, names=names)
            say_documents(run)
        else:
            _write_one(matching, out, audience, names=names, force=force)


def _write_one(matching: Matching, out: Path, audience: str, *, names: bool, force: bool) -> None:
    with progress(f"Writing {out.name}"):
        write = matching.to_html if out.suffix.lower() == ".html" else matching.to_excel
        write(out, audience, names=names, force=force)
    say(f"Written, for the {audience} to read:")
    say_line(str(out))
