"""Facts between two people that come from outside their forms: conflicts and earlier pairs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from rmatch.programme.participant import Text, _resolver
from rmatch.programme.records import Record
from rmatch.programme.reference import RULES

EndReason = Literal[
    "completed", "no_fault", "moved", "withdrawn", "declined", "early", "concern", "not_again"
]
FAILED_ENDS: tuple[EndReason, ...] = ("declined", "early", "concern", "not_again")
"""Ends after which the two are never paired again."""


class Conflict(Record):
    """Two people who must not meet, by rule code. No free text, no reasons.

    ``until`` is the last day it holds; for a rule with a look-back (supervision, line management)
    it is the day the relationship ended, and the look-back runs from there. Blank: for ever.
    """

    shown_fields: ClassVar[tuple[str, ...]] = ()

    mentor: Text
    mentee: Text
    rule: Annotated[str, _resolver(RULES)] = "confidential"
    until: date | None = None


class PastPair(Record):
    """A pair of an earlier cohort and how it ended (``None``: not recorded)."""

    shown_fields: ClassVar[tuple[str, ...]] = ()

    mentor: Text
    mentee: Text
    ended: EndReason | None = None


__all__ = ["FAILED_ENDS", "Conflict", "EndReason", "PastPair"]
