"""The commands put together."""

from __future__ import annotations

import contextlib
import io
import sys
from typing import Annotated

import typer

from rmatch import __version__
from rmatch.cli.loading import PLAIN, LazyGroup

app = typer.Typer(
    name="rmatch",
    cls=LazyGroup,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    **PLAIN,
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


def run() -> None:
    """Read the command line and obey it."""
    for stream in (sys.stdout, sys.stderr):
        # An old console that cannot show a character shows "?" instead of failing.
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(OSError, ValueError):
                stream.reconfigure(errors="replace")
    app(prog_name="rmatch")
