"""Entries of a ledger in words: one line each, people as the entry calls them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

from rmatch.explaining.rule_words import public_code
from rmatch.explaining.wording import counted
from rmatch.rematching.decisions import REMINDER, Decision
from rmatch.rematching.replay import Entry
from rmatch.run_folder import NOT_GIVEN

Words = Callable[[Any], str]


def entry_words(entry: Entry, *, is_undone: bool = False) -> str:
    """Number, time (UTC), who, what, the reason where one was given."""
    when = entry.time.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    reason = getattr(entry.decision, "reason", NOT_GIVEN)
    said = "" if reason in (NOT_GIVEN, "solved") else f" ({reason.replace('_', ' ')})"
    gone = "; undone since" if is_undone else ""
    return f"{entry.number}  {when}  {entry.who}  {decision_words(entry.decision)}{said}{gone}"


def decision_words(decision: Decision) -> str:
    """What was decided, without the reason."""
    return _WORDS[decision.kind](decision)


def _pair(text: str) -> Words:
    return lambda d: text.format(pair=f"{d.mentor} with {d.mentee}")


def _conflict(d: Any) -> str:
    until = "" if d.until is None else f", until {d.until.isoformat()}"
    return f"declared a conflict of {d.mentor} and {d.mentee}: {public_code(d.rule)}{until}"


def _approval(d: Any) -> str:
    asked = ", ".join(d.questions)
    rest = f", acknowledging what was not checked: {asked}" if asked else ""
    return f"approved {d.mentor} with {d.mentee}{rest}"


def _offer(d: Any) -> str:
    to = "both" if d.to == "both" else f"the {d.to}"
    again = " again, as a reminder" if d.reason == REMINDER else ""
    return f"offered {d.mentor} with {d.mentee} to {to}{again}"


_WORDS: Mapping[str, Words] = {
    "propose": lambda d: f"had {counted(len(d.pairs), 'pair')} proposed by the matching",
    "keep": _pair("kept {pair}"),
    "forbid": _pair("forbade {pair}"),
    "withdraw": lambda d: f"withdrew {d.person}",
    "join": lambda d: f"let {d.person} join as a {d.side}",
    "conflict": _conflict,
    "capacity": lambda d: f"set the places of {d.person} to {d.places}",
    "approve": _approval,
    "offer": _offer,
    "accept": lambda d: f"noted that the {d.by} accepted {d.mentor} with {d.mentee}",
    "decline": lambda d: f"noted that the {d.by} declined {d.mentor} with {d.mentee}",
    "start": _pair("started {pair}"),
    "end": _pair("ended {pair}"),
    "undo": lambda d: f"undid entry {d.entry}",
}
