"""``rmatch demo``: an example cohort, paired; nothing is written."""

from __future__ import annotations

from typing import Annotated

import rmatch
from rmatch.cli import result_text as show
from rmatch.cli.failures import failures_told
from rmatch.cli.options import example_option
from rmatch.cli.output import say
from rmatch.cli.pairing import pair

DEFAULT = rmatch.examples.names()[0]


def demo(
    example: Annotated[
        str,
        example_option("Which example"),
    ] = DEFAULT,
) -> None:
    """Pair an example cohort of invented people. Writes nothing."""
    with failures_told():
        programme = rmatch.load(rmatch.examples.path(example))
        paired = pair(programme)
        matching = paired.matching
        mentors = show.side_text("mentor", programme.mentors)
        mentees = show.side_text("mentee", programme.mentees)
        say(f"{example}: {mentors}, {mentees}, all invented")
        show.show_headline(matching, paired.audit)
        say()
        show.show_pairs(matching, {})
        show.show_levels(paired)
        show.show_warnings(matching.warnings)
        show.show_questions(matching.questions, None)
        show.show_audit(paired.audit)
        say(_next_steps())


def _next_steps() -> str:
    return """
Your own cohort:
  rmatch template cohort.xlsx    a workbook to fill in
  rmatch check cohort.xlsx       lists everything that is wrong with it
  rmatch solve cohort.xlsx       pairs it and writes the folder cohort-run"""
