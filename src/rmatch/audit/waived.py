"""Which rules the coordinator waived for which pairs, as far as they can be waived at all."""

from __future__ import annotations

from typing import Any

from rmatch.audit.declared import IdPair
from rmatch.programme import Settings
from rmatch.programme.reference import RULES
from rmatch.programme.settings import MINIMUM_SCORE


def waivers_in_force(settings: Settings) -> dict[IdPair, frozenset[str]]:
    """The codes waived for each pair (mentor, mentee).

    A waiver of what can never be waived counts for nothing: settings refuse it, but a file can be
    forged, and then the rule still holds.
    """
    # By name, with a default: a programme's settings may know of no waivers.
    stated: Any = getattr(settings, "waivers", ())
    waived: dict[IdPair, set[str]] = {}
    for mentor, mentee, code in stated:
        if _may_be_waived(code):
            waived.setdefault((mentor, mentee), set()).add(code)
    return {pair: frozenset(codes) for pair, codes in waived.items()}


def _may_be_waived(code: str) -> bool:
    """Rules of roles and of the coordinator's own always, those of the table as it says."""
    if code == MINIMUM_SCORE:
        return False
    if code not in RULES:
        return True
    return RULES[code]["waivable"] == "yes" and RULES[code]["confidential"] == "no"
