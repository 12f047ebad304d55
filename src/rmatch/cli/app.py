"""The commands put together."""

from __future__ import annotations

import contextlib
import io
import sys
from typing import Annotated

import typer

from rmatch import __version__
from rmatch.cli.commands.approve import approve
from rmatch.cli.commands.check import check
from rmatch.cli.commands.compare import compare
from rmatch.cli.commands.demo import demo
from rmatch.cli.commands.equity import equity
from rmatch.cli.commands.erase import erase
from rmatch.cli.commands.explain import explain
from rmatch.cli.commands.letters import letters
from rmatch.cli.commands.log import log
from rmatch.cli.commands.next import next_cohort
from rmatch.cli.commands.purge import purge
from rmatch.cli.commands.record import record
from rmatch.cli.commands.rematch import rematch
from rmatch.cli.commands.report import report
from rmatch.cli.commands.solve import solve
from rmatch.cli.commands.template import template
from rmatch.cli.commands.what_if import what_if

# Help without boxes: the same on every terminal and in every pipe.
app = typer.Typer(
    name="rmatch",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"rmatch {__version__}")
        raise typer.Exit


@app.callback()
def rmatch(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and stop."
        ),
    ] = False,
) -> None:
    """Pair a reciprocal mentoring cohort: legal, as many pairs as possible, stable, best by proof.

    Everything stays on this machine. Start with `rmatch demo`.
    """
    del version


for command in (
    *(demo, template, check, solve, compare, report, rematch, explain, letters, equity),
    *(approve, record, log, erase, purge),
):
    app.command()(command)
app.command("next")(next_cohort)
app.command("what-if")(what_if)


def run() -> None:
    """Read the command line and obey it."""
    for stream in (sys.stdout, sys.stderr):
        # An old console that cannot show a character shows "?" instead of failing.
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(OSError, ValueError):
                stream.reconfigure(errors="replace")
    app(prog_name="rmatch")
