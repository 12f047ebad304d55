"""Options that several commands share, with the words of their help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

import rmatch
from rmatch.cli.stated import ID_NUMBER, MENTOR_MENTEE
from rmatch.programme.settings import MOST_CANDIDATES


def _known_example(name: str | None) -> str | None:
    if name is not None and name not in rmatch.examples.names():
        raise typer.BadParameter(f"there are {', '.join(rmatch.examples.names())}")
    return name


def as_candidates(text: str | None) -> int | Literal["all"] | None:
    """How many candidates somebody asked for.

    Raises:
        typer.BadParameter: neither a number nor ``all``.
    """
    if text is None or text == "all":
        return None if text is None else "all"
    is_short = len(text) <= len(str(MOST_CANDIDATES))  # Python reads no number of 5 000 digits
    if not is_short or not text.isdecimal() or not 1 <= int(text) <= MOST_CANDIDATES:
        raise typer.BadParameter(f"--candidates is a number from 1 to {MOST_CANDIDATES}, or all")
    return int(text)


def example_option(words: str) -> Any:
    """An option that names an example cohort; ``words`` end before the names."""
    return typer.Option(
        "--example",
        metavar="NAME",
        callback=_known_example,
        help=f"{words}: {' or '.join(rmatch.examples.names())}.",
    )


AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON document on stdout, for a program to read.")
]
CohortPath = Annotated[
    Path | None,
    typer.Argument(
        metavar="COHORT",
        show_default=False,
        help="Workbook (.xlsx), folder of CSV files, or .json.",
    ),
]
Mentors = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        show_default=False,
        help="Instead of COHORT: the mentors' form export, .csv or .xlsx. Ids are given and kept "
        "in key.csv beside it.",
    ),
]
Mentees = Annotated[
    Path | None, typer.Option(metavar="FILE", show_default=False, help="The mentees' export.")
]
Choices = Annotated[
    Path | None,
    typer.Option(metavar="FILE", show_default=False, help="A later form with the choices."),
]
Columns = Annotated[
    Path | None,
    typer.Option(
        metavar="TOML",
        show_default=False,
        help='Which question is which field, a line each: "Your work e-mail" = "email".',
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there already.")]
Documents = Annotated[
    bool,
    typer.Option(
        "--documents/--no-documents",
        show_default=False,
        help="Whether to write the reports, the workbook and the letters as well; by default yes.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
Who = Annotated[
    str,
    typer.Option(metavar="ID", help="Who decided: an id or initials, in one word."),
]
Reason = Annotated[str, typer.Option(metavar="CODE", help="Why, by code; see docs/ledger.md.")]
Candidates = Annotated[
    str | None,
    typer.Option(
        metavar="N|all",
        show_default=False,
        help="Look at the best N partners of each person and every stated choice, or at all pairs. "
        "By default as the settings say, or 50 where there are more than 2**25 pairs of people.",
    ),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS",
        min=0.0,
        show_default=False,
        help="Then the best matching so far is taken. Ctrl-C does the same at any time. By default "
        "as the settings say, or 60 where there are more than 50 people on a side.",
    ),
]
Keep = Annotated[
    list[str] | None,
    typer.Option(
        metavar=MENTOR_MENTEE,
        show_default=False,
        help="A pair that must stay, or be made; may be repeated.",
    ),
]
Forbid = Annotated[
    list[str] | None,
    typer.Option(
        metavar=MENTOR_MENTEE,
        show_default=False,
        help="A pair that must not be made; may be repeated.",
    ),
]
Capacity = Annotated[
    list[str] | None,
    typer.Option(
        metavar=ID_NUMBER, show_default=False, help="Another number of places; may be repeated."
    ),
]
