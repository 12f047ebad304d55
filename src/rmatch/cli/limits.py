"""How long a command looks for a better matching where nobody said."""

from __future__ import annotations

from rmatch.cli.output import note
from rmatch.explaining.wording import counted
from rmatch.programme import Programme

MOST_UNLIMITED = 50
"""People on a side up to which everything is proved in seconds."""
SECONDS = 60.0
"""For more: proving all of a large cohort can take for ever, and a command should end."""


def limit_of(programme: Programme, asked: float | None) -> float | None:
    """The time limit that was asked for or is set; else one for large cohorts, which is told.

    Args:
        programme: Whom to pair.
        asked: Seconds, as the command line gave them.
    """
    if asked is not None or programme.settings.time_limit is not None:
        return asked
    mentors, mentees = len(programme.mentors), len(programme.mentees)
    if max(mentors, mentees) <= MOST_UNLIMITED:
        return None
    note(
        f"{counted(mentors, 'mentor')} and {counted(mentees, 'mentee')} can take long: the "
        f"best matching found within {SECONDS:.0f} seconds is taken. For longer: --time-limit 600"
    )
    return SECONDS
