"""``rmatch equity``: how a matching came out for groups of people."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from rmatch.cli.commands.explain import load_run
from rmatch.cli.failures import failures_told
from rmatch.cli.options import AsJson
from rmatch.cli.output import page_width, say, say_json
from rmatch.equity import Equity


def equity(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that `rmatch solve` wrote.")],
    monitoring: Annotated[
        Path,
        typer.Argument(
            metavar="MONITORING",
            help="Monitoring answers, .csv or .xlsx: a column id and one for each characteristic. "
            "Nothing of it is kept.",
        ),
    ],
    *,
    minimum: Annotated[
        int, typer.Option(min=3, help="Fewer people than this are counted nowhere.")
    ] = 10,
    as_json: AsJson = False,
) -> None:
    """Say how a matching came out for groups of people, small groups withheld."""
    with failures_told(as_json=as_json):
        report = load_run(run).equity(monitoring, minimum=minimum)
        if as_json:
            say_json(_document(report))
        else:
            say(report.to_text(width=page_width()))


def _document(report: Equity) -> dict[str, Any]:
    return {
        "minimum": report.minimum,
        "rows": [asdict(row) for row in report.rows],
        "withheld": [asdict(one) for one in report.withheld],
        "limits": list(report.limits),
        "notices": list(report.notices),
    }
