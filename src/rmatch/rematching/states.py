"""The states of a pair and the moves between them: data in, data out.

::

    proposed ── approve ──> approved ── offer ──> offered ── both accept ──> accepted
                                                     │                          │
                                                  decline                     start
                                                     ▼                          ▼
                                                  declined                   active ──> ended

An offer goes to the mentor first, then, once they accepted, to the mentee; a coordinator may begin
with the mentee or both on purpose. A pair that is approved or further can be ended at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from rmatch.errors import DecisionError
from rmatch.rematching.decisions import (
    REMINDER,
    SIDES,
    Accept,
    Approve,
    Decline,
    End,
    Offer,
    OfPair,
    Side,
    Start,
)

COORDINATOR_SELF = "coordinator_self"
"""The warning where somebody in the pair is the only one who approved it."""


class PairState(StrEnum):
    """How far a pair is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ACTIVE = "active"
    ENDED = "ended"


OVER = frozenset({PairState.DECLINED, PairState.ENDED})
UNDER_WAY = frozenset({PairState.APPROVED, PairState.OFFERED, PairState.ACCEPTED, PairState.ACTIVE})


@dataclass(frozen=True, slots=True)
class PairStatus:
    """Where a pair stands and who got it there.

    ``reason`` is why it was declined or has ended: a code of ``Decline`` or ``End``, or
    ``withdrawn``, ``conflict``.
    """

    state: PairState = PairState.PROPOSED
    approved_by: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    """Rules that were not checked, acknowledged at approval."""
    offered_to: tuple[Side, ...] = ()
    accepted_by: tuple[Side, ...] = ()
    declined_by: Side | None = None
    reason: str | None = None

    @property
    def awaited(self) -> tuple[Side, ...]:
        """Who was asked and has not answered."""
        return tuple(side for side in self.offered_to if side not in self.accepted_by)


def allowed_moves(status: PairStatus) -> tuple[str, ...]:
    """What can be done with the pair from here, in words that errors use."""
    return _ALLOWED[status.state](status)


def _when_approved(_: PairStatus) -> tuple[str, ...]:
    offers = (f"offer to {side}" for side in (*SIDES, "both"))
    return ("approve by somebody else", *offers, "end")


def _when_offered(status: PairStatus) -> tuple[str, ...]:
    others = [side for side in SIDES if side not in status.offered_to]
    return (
        *(f"accept by {side}" for side in status.awaited),
        *(f"decline by {side}" for side in status.offered_to),
        *(f"remind {side}" for side in status.awaited),
        *(("remind both",) if len(status.awaited) > 1 else ()),
        *(f"offer to {side}" for side in others if not status.awaited),
        "end",
    )


_ALLOWED: Mapping[PairState, Callable[[PairStatus], tuple[str, ...]]] = {
    PairState.PROPOSED: lambda _: ("approve",),
    PairState.APPROVED: _when_approved,
    PairState.OFFERED: _when_offered,
    PairState.ACCEPTED: lambda _: ("start", "decline by mentor", "decline by mentee", "end"),
    PairState.ACTIVE: lambda _: ("end",),
    PairState.DECLINED: lambda _: (),
    PairState.ENDED: lambda _: (),
}


def moved(status: PairStatus, decision: OfPair, who: str) -> PairStatus:
    """The pair after the decision.

    Raises:
        DecisionError: it is no legal move; ``allowed`` lists those that are.
    """
    wanted = _move_of(status, decision, who)
    if wanted not in allowed_moves(status):
        raise _illegal(status, decision, wanted)
    return _after(status, decision, who)


def _move_of(status: PairStatus, decision: OfPair, who: str) -> str:
    if isinstance(decision, Approve):
        if status.state is not PairState.APPROVED:
            return "approve"
        return "approve again" if who in status.approved_by else "approve by somebody else"
    if isinstance(decision, Offer):
        was_made = set(_asked(decision)) <= set(status.offered_to)
        again = was_made and decision.reason == REMINDER
        return f"{'remind' if again else 'offer to'} {decision.to}"
    if isinstance(decision, Accept | Decline):
        return f"{decision.kind} by {decision.by}"
    return decision.kind


def _asked(offer: Offer) -> tuple[Side, ...]:
    return SIDES if offer.to == "both" else (offer.to,)


def _illegal(status: PairStatus, decision: OfPair, wanted: str) -> DecisionError:
    allowed = allowed_moves(status)
    rest = f"allowed from here: {', '.join(allowed)}" if allowed else "nothing more can be done"
    message = f"{decision.mentor} with {decision.mentee} is {status.state}: no {wanted!r}; {rest}"
    return DecisionError(message, allowed)


def _after(status: PairStatus, decision: OfPair, who: str) -> PairStatus:
    if isinstance(decision, Approve):
        _check_acknowledged(decision)
        return replace(
            status,
            state=PairState.APPROVED,
            approved_by=(*status.approved_by, who),
            questions=decision.questions,
        )
    if isinstance(decision, Offer):
        offered = tuple(dict.fromkeys((*status.offered_to, *_asked(decision))))
        return replace(status, state=PairState.OFFERED, offered_to=offered)
    if isinstance(decision, Accept):
        return _accepted(replace(status, accepted_by=(*status.accepted_by, decision.by)))
    if isinstance(decision, Decline):
        return replace(
            status, state=PairState.DECLINED, declined_by=decision.by, reason=decision.reason
        )
    if isinstance(decision, Start):
        return replace(status, state=PairState.ACTIVE)
    if isinstance(decision, End):
        return ended(status, decision.reason)
    raise TypeError(f"{decision.kind} is no move of a pair")


def _check_acknowledged(decision: Approve) -> None:
    if decision.questions and not decision.acknowledged:
        raise DecisionError(
            f"{decision.mentor} with {decision.mentee} has open questions "
            f"({', '.join(decision.questions)}): ask them first, or approve with acknowledged=True",
            ("approve with acknowledged=True",),
        )


def _accepted(status: PairStatus) -> PairStatus:
    everybody = set(status.accepted_by) == set(SIDES)
    return replace(status, state=PairState.ACCEPTED if everybody else PairState.OFFERED)


def ended(status: PairStatus, reason: str) -> PairStatus:
    """The pair once it is over."""
    return replace(status, state=PairState.ENDED, reason=reason)


def is_self_approved(pair: tuple[str, str], status: PairStatus) -> bool:
    """Whether everybody who approved the pair is in it."""
    return bool(status.approved_by) and set(status.approved_by) <= set(pair)
