"""How much of a large programme a report holds, and what it says of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rmatch.reports.reader import Reader

if TYPE_CHECKING:
    from rmatch.matching import Matching

MOST_PAIRS = 2**18
"""Pairs of people of which each has an answer and a score: 512 a side.

Of a million the page would be 12 MB and the two files half a minute's work.
"""


def left_out(matching: Matching, reader: Reader) -> str:
    """Why the coordinator's report holds no answer and no score of every pair; ``""`` if it does.

    Others are never told: what they do not see is nothing that was left out.
    """
    if not reader.is_coordinator:
        return ""
    if matching.candidates is not None:
        return "Only each person's candidates were looked at"
    mentors, mentees = matching.instance.n_mentors, matching.instance.n_mentees
    if mentors * mentees > MOST_PAIRS:
        return f"{mentors} mentors and {mentees} mentees are more than a report holds all pairs of"
    return ""
