"""Facts recorded between two people: conflicts still in force, and earlier pairs."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from rmatch.programme import Conflict, PastPair, Settings
from rmatch.programme.ties import FAILED_ENDS

IdPair = tuple[str, str]


def conflicts_in_force(
    conflicts: Iterable[Conflict], settings: Settings
) -> dict[IdPair, frozenset[str]]:
    """The codes declared for each pair (mentor, mentee), lapsed ones left out."""
    lookbacks = settings.lookbacks
    codes: dict[IdPair, set[str]] = {}
    for conflict in conflicts:
        if not _lapsed(conflict, settings.starts, lookbacks.get(conflict.rule, 0)):
            codes.setdefault((conflict.mentor, conflict.mentee), set()).add(conflict.rule)
    return {pair: frozenset(found) for pair, found in codes.items()}


def earlier_pairs(history: Iterable[PastPair], *, failed_only: bool) -> frozenset[IdPair]:
    """Earlier pairs, both ways round: sides may have changed since."""
    found: set[IdPair] = set()
    for past in history:
        if not failed_only or past.ended in FAILED_ENDS:
            found.update({(past.mentor, past.mentee), (past.mentee, past.mentor)})
    return frozenset(found)


def _lapsed(conflict: Conflict, starts: date | None, lookback: int) -> bool:
    if conflict.until is None or starts is None:
        return False
    last = months_later(conflict.until, lookback)
    return last is not None and starts > last


def months_later(day: date, months: int) -> date | None:
    """``day`` some months on, or the last day of a shorter month; ``None`` past the calendar."""
    count = day.year * 12 + (day.month - 1) + months
    year, month = count // 12, count % 12 + 1
    if year > date.max.year:
        return None
    return date(year, month, min(day.day, monthrange(year, month)[1]))
