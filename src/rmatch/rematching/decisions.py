"""What a coordinator can decide, one small frozen record each: people by id, reasons by code.

``reasons`` of each class is its whole vocabulary; ``not_given`` is a reason that nobody gave. There
is no free text anywhere, so that a ledger of these can be kept for years.

>>> Forbid("M01", "S04", reason="judgement")
Forbid(mentor='M01', mentee='S04', reason='judgement')
>>> Forbid("M01", "S04", reason="they do not get on")
Traceback (most recent call last):
rmatch.errors.DecisionError: forbid: reason is not one of not_given, judgement, asked_for, failed
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, ClassVar, Literal, TypeVar, get_args

from rmatch.errors import DecisionError
from rmatch.programme.reference import RULES
from rmatch.programme.settings import Severity
from rmatch.run_folder import NOT_GIVEN

Side = Literal["mentor", "mentee"]
SIDES: tuple[Side, ...] = ("mentor", "mentee")
Pair = tuple[str, str]

REMINDER = "reminder"
"""The reason of an offer that was made before and not answered."""
MOST_PLACES = 1_000_000

D = TypeVar("D", bound="Decision")


@dataclass(frozen=True, slots=True)
class Decision:
    """The base of all: checked when it is made, known by its ``kind``."""

    kind: ClassVar[str] = ""
    reasons: ClassVar[tuple[str, ...]] = (NOT_GIVEN,)

    def __post_init__(self) -> None:
        for field in fields(self):
            _check(self, field.name, getattr(self, field.name))

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody it names."""
        named = (getattr(self, name, None) for name in ("mentor", "mentee", "person"))
        return tuple(person for person in named if person is not None)


@dataclass(frozen=True, slots=True)
class OfPair(Decision):
    """A decision about one pair."""

    mentor: str
    mentee: str

    @property
    def pair(self) -> Pair:
        """Mentor and mentee."""
        return self.mentor, self.mentee


@dataclass(frozen=True, slots=True)
class Keep(OfPair):
    """The two are to stay together, whatever else changes."""

    kind: ClassVar[str] = "keep"
    reasons: ClassVar[tuple[str, ...]] = (NOT_GIVEN, "already_met", "asked_for", "judgement")
    reason: str = NOT_GIVEN


@dataclass(frozen=True, slots=True)
class Forbid(OfPair):
    """The two are never to be paired."""

    kind: ClassVar[str] = "forbid"
    reasons: ClassVar[tuple[str, ...]] = (NOT_GIVEN, "judgement", "asked_for", "failed")
    reason: str = NOT_GIVEN


@dataclass(frozen=True, slots=True)
class Withdraw(Decision):
    """Somebody leaves the programme; every pair of theirs that is not over ends."""

    kind: ClassVar[str] = "withdraw"
    reasons: ClassVar[tuple[str, ...]] = (
        *(NOT_GIVEN, "own_wish", "left_organisation", "away", "no_contact", "not_eligible"),
    )
    person: str
    reason: str = NOT_GIVEN


@dataclass(frozen=True, slots=True)
class Join(Decision):
    """Somebody joins, or comes back."""

    kind: ClassVar[str] = "join"
    reasons: ClassVar[tuple[str, ...]] = (NOT_GIVEN, "late", "replacement", "returned")
    person: str
    side: Side
    reason: str = NOT_GIVEN


@dataclass(frozen=True, slots=True)
class Declared(OfPair):
    """A conflict came out; ``until`` is its last day, or the day a relationship ended.

    ``severity`` is filled in from the run's settings when it is recorded. Where it is ``hard``, a
    pair of the two that is not over ends at once.
    """

    kind: ClassVar[str] = "conflict"
    reasons: ClassVar[tuple[str, ...]] = (NOT_GIVEN, "declared", "found", "reported")
    rule: str = "confidential"
    until: date | None = None
    severity: Severity = "hard"
    reason: str = NOT_GIVEN


@dataclass(frozen=True, slots=True)
class Capacity(Decision):
    """How many partners somebody can take from now on."""

    kind: ClassVar[str] = "capacity"
    reasons: ClassVar[tuple[str, ...]] = (NOT_GIVEN, "own_wish", "workload", "needed")
    person: str
    places: int
    reason: str = NOT_GIVEN


@dataclass(frozen=True, slots=True)
class Approve(OfPair):
    """A proposed pair is agreed to; ``questions``: codes of rules that could not be checked.

    The questions are filled in from the matching when it is recorded. With any, it takes
    ``acknowledged``.
    """

    kind: ClassVar[str] = "approve"
    reasons: ClassVar[tuple[str, ...]] = (NOT_GIVEN, "panel", "coordinator")
    acknowledged: bool = False
    questions: tuple[str, ...] = ()
    reason: str = NOT_GIVEN


@dataclass(frozen=True, slots=True)
class Offer(OfPair):
    """An approved pair is put to one of them (the mentor, unless said otherwise) or to both.

    With the reason ``reminder`` it is put again to who was asked and has not answered.
    """

    kind: ClassVar[str] = "offer"
    reasons: ClassVar[tuple[str, ...]] = (NOT_GIVEN, "first", REMINDER, "after_change")
    to: Literal["mentor", "mentee", "both"] = "mentor"
    reason: str = NOT_GIVEN


@dataclass(frozen=True, slots=True)
class Accept(OfPair):
    """One of them says yes."""

    kind: ClassVar[str] = "accept"
    reasons: ClassVar[tuple[str, ...]] = (NOT_GIVEN, "in_writing", "by_voice")
    by: Side
    reason: str = NOT_GIVEN


@dataclass(frozen=True, slots=True)
class Decline(OfPair):
    """One of them says no."""

    kind: ClassVar[str] = "decline"
    reasons: ClassVar[tuple[str, ...]] = (NOT_GIVEN, "own_wish", "no_time", "conflict", "no_answer")
    by: Side
    reason: str = NOT_GIVEN


@dataclass(frozen=True, slots=True)
class Start(OfPair):
    """An accepted pair is active from now on."""

    kind: ClassVar[str] = "start"
    reasons: ClassVar[tuple[str, ...]] = (NOT_GIVEN, "met", "agreed")
    reason: str = NOT_GIVEN


@dataclass(frozen=True, slots=True)
class End(OfPair):
    """A pair is over: nobody's fault, somebody moved on, or there was a concern."""

    kind: ClassVar[str] = "end"
    reasons: ClassVar[tuple[str, ...]] = ("no_fault", "moved", "concern")
    reason: str


@dataclass(frozen=True, slots=True)
class Undo(Decision):
    """An earlier entry is taken back, by its number; both stay in the ledger."""

    kind: ClassVar[str] = "undo"
    reasons: ClassVar[tuple[str, ...]] = (NOT_GIVEN, "mistake", "changed")
    entry: int
    reason: str = NOT_GIVEN


@dataclass(frozen=True, slots=True)
class Propose(Decision):
    """What a matching proposes: written by the ledger itself before the first decision about it."""

    kind: ClassVar[str] = "propose"
    reasons: ClassVar[tuple[str, ...]] = ("solved",)
    pairs: tuple[Pair, ...]
    run: str
    """The SHA-256 of the run.json that proposes it."""
    reason: str = "solved"

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody of a pair."""
        return tuple(dict.fromkeys(person for pair in self.pairs for person in pair))


KINDS: dict[str, type[Decision]] = {
    kind.kind: kind
    for kind in (
        *(Keep, Forbid, Withdraw, Join, Declared, Capacity, Approve, Offer, Accept, Decline),
        *(Start, End, Undo, Propose),
    )
}
"""Every decision by its kind, as the ledger writes it."""


def vocabulary(kind: str) -> tuple[str, ...]:
    """The reason codes of a kind of decision."""
    return KINDS[kind].reasons


def renamed(decision: D, names: dict[str, str]) -> D:
    """The same decision with people called otherwise; whoever is not in ``names`` stays as is."""
    if isinstance(decision, Propose):
        pairs = tuple((names.get(m, m), names.get(s, s)) for m, s in decision.pairs)
        return replace(decision, pairs=pairs)
    changes = {
        name: names.get(getattr(decision, name), getattr(decision, name))
        for name in ("mentor", "mentee", "person")
        if hasattr(decision, name)
    }
    return replace(decision, **changes) if changes else decision


# What each field may hold -------------------------------------------------------------------------


def _check(decision: Decision, name: str, value: Any) -> None:
    codes = decision.reasons if name == "reason" else _CODES.get(name)
    if codes is None:
        is_right, wanted = _FIELDS[name]
        if not is_right(value):
            raise DecisionError(f"{decision.kind}: {name} is not {wanted}")
    elif not isinstance(value, str) or value not in codes:
        # The value may be free text about somebody, so it is not repeated.
        raise DecisionError(f"{decision.kind}: {name} is not one of {', '.join(codes)}", codes)


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_pairs(value: Any) -> bool:
    return type(value) is tuple and all(
        type(pair) is tuple and len(pair) == 2 and all(map(_is_id, pair)) for pair in value
    )


def _are_codes(value: Any) -> bool:
    return type(value) is tuple and all(isinstance(one, str) for one in value)


_CODES: dict[str, tuple[str, ...]] = {
    "side": SIDES,
    "by": SIDES,
    "to": (*SIDES, "both"),
    "severity": get_args(Severity),
}

_FIELDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "mentor": (_is_id, "an id"),
    "mentee": (_is_id, "an id"),
    "person": (_is_id, "an id"),
    "rule": (lambda value: isinstance(value, str) and value in RULES, "the code of a rule"),
    "until": (lambda value: value is None or type(value) is date, "a date or None"),
    "places": (
        lambda value: type(value) is int and 0 <= value <= MOST_PLACES,
        f"a whole number from 0 to {MOST_PLACES}",
    ),
    "entry": (lambda value: type(value) is int and value >= 1, "the number of an entry"),
    "acknowledged": (lambda value: type(value) is bool, "True or False"),
    "questions": (_are_codes, "a tuple of rule codes"),
    "run": (lambda value: isinstance(value, str) and len(value) == 64, "a SHA-256"),
    "pairs": (_are_pairs, "a tuple of pairs of ids"),
}
