"""``rmatch record``: one decision about a run, into its ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from rmatch.cli.commands.explain import load_run
from rmatch.cli.failures import failures_told, refuse_call
from rmatch.cli.options import AsJson, Reason, Who
from rmatch.cli.output import note, say, say_json
from rmatch.errors import DecisionError
from rmatch.matching import Matching
from rmatch.rematching.coding import fields_of
from rmatch.rematching.decisions import KINDS, MOST_PLACES, Decision, OfPair
from rmatch.rematching.ledger import Recorded
from rmatch.rematching.log_words import entry_words
from rmatch.rematching.states import COORDINATOR_SELF
from rmatch.run_folder import NOT_GIVEN


class Kind(StrEnum):
    """What can be decided."""

    APPROVE = "approve"
    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    START = "start"
    END = "end"
    KEEP = "keep"
    FORBID = "forbid"
    CONFLICT = "conflict"
    WITHDRAW = "withdraw"
    JOIN = "join"
    CAPACITY = "capacity"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class _Given:
    """What stands on the command line behind the kind."""

    about: Sequence[str]
    by: str | None
    to: str | None
    rule: str | None
    until: date | None
    acknowledge: bool
    reason: str


def record(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that `rmatch solve` wrote.")],
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help=f"One of {', '.join(Kind)}.")],
    about: Annotated[
        list[str],
        typer.Argument(
            metavar="ABOUT…",
            help="Mentor and mentee; or a person (for join then mentor or mentee, for capacity a "
            "number); or for undo the number of an entry. People by id.",
        ),
    ],
    *,
    who: Who = NOT_GIVEN,
    reason: Reason = NOT_GIVEN,
    acknowledge: Annotated[
        bool,
        typer.Option("--acknowledge", help="approve: though some rules could not be checked."),
    ] = False,
    by: Annotated[
        str | None,
        typer.Option(metavar="SIDE", show_default=False, help="accept, decline: mentor or mentee."),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="SIDE",
            show_default=False,
            help="offer: mentor (unless said otherwise), mentee or both.",
        ),
    ] = None,
    rule: Annotated[
        str | None,
        typer.Option(
            metavar="CODE", show_default=False, help="conflict: the rule; confidential by default."
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DATE",
            show_default=False,
            help="conflict: its last day; without it, for ever.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a decision into the ledger of a run: approve, offer, accept, decline, withdraw, ….

    For example: rmatch record RUN approve M01 S04 --who AB
    """
    given = _Given(
        about, by, to, rule, None if until is None else until.date(), acknowledge, reason
    )
    with failures_told(as_json=as_json):
        decision = _decision(kind.value, given)
        done = recorded(load_run(run), run, decision, who)
        if as_json:
            say_json(document(done))
        else:
            say_recorded(done)


def recorded(matching: Matching, run: Path, decision: Decision, who: str) -> Recorded:
    """The decision in the ledger.

    Raises:
        DecisionError: it cannot be taken from here; says so in terms of the command line.
    """
    try:
        return matching.record(run, decision, who=who, when=now())
    except DecisionError as error:
        refused = error
    message = refused.message.replace("with acknowledged=True", "with --acknowledge")
    raise DecisionError(message, refused.allowed)


def now() -> datetime:
    """The moment a decision is written down; the one clock that decisions are dated by."""
    return datetime.now(UTC)


def _decision(kind: str, given: _Given) -> Decision:
    """The decision, with every option that it knows and none that it does not.

    Raises:
        DecisionError: a field holds what it cannot hold.
    """
    options: dict[str, Any] = {
        "by": given.by,
        "to": given.to,
        "rule": given.rule,
        "until": given.until,
        "acknowledged": given.acknowledge or None,
        "reason": None if given.reason == NOT_GIVEN else given.reason,
    }
    stated = {name: value for name, value in options.items() if value is not None}
    known = KINDS[kind].__dataclass_fields__
    for name in stated:
        if name not in known:
            refuse_call(f"--{_OPTIONS.get(name, name)} makes no sense for {kind}.")
    for name in ("by", "reason"):
        if name in known and known[name].default is not NOT_GIVEN and name not in stated:
            needed = ", ".join(KINDS[kind].reasons) if name == "reason" else "mentor or mentee"
            refuse_call(f"{kind} needs --{name}: {needed}.")
    fields = _PEOPLE.get(kind, _pair if issubclass(KINDS[kind], OfPair) else _person)
    return KINDS[kind](**fields(kind, given.about), **stated)


_OPTIONS = {"acknowledged": "acknowledge"}


def _pair(kind: str, about: Sequence[str]) -> dict[str, Any]:
    if len(about) != 2:
        refuse_call(f"{kind} is about two people: the mentor, then the mentee.")
    return {"mentor": about[0], "mentee": about[1]}


def _person(kind: str, about: Sequence[str]) -> dict[str, Any]:
    if len(about) != 1:
        refuse_call(f"{kind} is about one person.")
    return {"person": about[0]}


def _join(kind: str, about: Sequence[str]) -> dict[str, Any]:
    if len(about) != 2:
        refuse_call(f"{kind} is about one person and their side: mentor or mentee.")
    return {"person": about[0], "side": about[1]}


def _capacity(kind: str, about: Sequence[str]) -> dict[str, Any]:
    if len(about) != 2 or not about[1].isdecimal():
        refuse_call(f"{kind} is about one person and a number of places, 0 to {MOST_PLACES}.")
    return {"person": about[0], "places": int(about[1])}


def _undo(kind: str, about: Sequence[str]) -> dict[str, Any]:
    if len(about) != 1 or not about[0].isdecimal():
        refuse_call(f"{kind} is about the number of an entry; rmatch log shows them.")
    return {"entry": int(about[0])}


_PEOPLE: Mapping[str, Callable[[str, Sequence[str]], dict[str, Any]]] = {
    "join": _join,
    "capacity": _capacity,
    "undo": _undo,
}


def say_recorded(done: Recorded) -> None:
    """The entry, and what is to be looked at."""
    say(entry_words(done.entry))
    if COORDINATOR_SELF in done.warnings:
        note(
            "Only somebody of this pair has approved it (coordinator_self): somebody else should "
            "approve it too."
        )
    if done.set_aside is not None:
        note(f"A line that was never finished was set aside: {done.set_aside}")
    if done.entry.who == NOT_GIVEN:
        note("Nobody is noted as having decided this; say who with --who AB.")


def document(done: Recorded) -> dict[str, Any]:
    """The entry as JSON."""
    return {
        "number": done.entry.number,
        "kind": done.entry.decision.kind,
        "who": done.entry.who,
        "fields": fields_of(done.entry.decision),
        "warnings": list(done.warnings),
        "set_aside": done.set_aside,
    }
