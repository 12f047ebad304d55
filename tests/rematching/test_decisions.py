"""What can be decided, in a closed vocabulary; the moves of a pair."""

from __future__ import annotations

import contextlib
from dataclasses import FrozenInstanceError, fields
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rmatch
from rmatch.rematching.coding import decision_of, fields_of
from rmatch.rematching.decisions import (
    KINDS,
    Accept,
    Approve,
    Capacity,
    Decision,
    Declared,
    Decline,
    End,
    Forbid,
    Join,
    Keep,
    Offer,
    OfPair,
    Propose,
    Start,
    Undo,
    Withdraw,
    renamed,
    vocabulary,
)
from rmatch.rematching.states import (
    PairState,
    PairStatus,
    allowed_moves,
    is_self_approved,
    moved,
)
from rmatch.run_folder import NOT_GIVEN

M, S = "M1", "S1"
EVERY: dict[str, Decision] = {
    d.kind: d
    for d in (
        *(Keep(M, S), Forbid(M, S), Withdraw(M), Join("M9", "mentor"), Capacity(M, 2)),
        *(Declared(M, S, "family", date(2027, 1, 1)), Approve(M, S), Offer(M, S), Undo(3)),
        *(Accept(M, S, "mentor"), Decline(M, S, "mentee"), Start(M, S), End(M, S, "moved")),
        Propose(((M, S),), "0" * 64),
    )
}


def test_every_kind_is_tried_here() -> None:
    """A new kind of decision is tested by being registered."""
    assert set(EVERY) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_decision_is_frozen_and_written_and_read_back(kind: str) -> None:
    """Its fields are JSON, and give the same decision again."""
    decision = EVERY[kind]
    assert decision_of(kind, fields_of(decision)) == decision
    with pytest.raises(FrozenInstanceError):
        decision.reason = "other"  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", KINDS)
def test_a_reason_is_a_code_and_never_a_text(kind: str) -> None:
    """What was written instead is not repeated: it may be about somebody."""
    given = fields_of(EVERY[kind])
    for code in vocabulary(kind):
        assert fields_of(decision_of(kind, {**given, "reason": code}))["reason"] == code
    with pytest.raises(rmatch.DecisionError, match="reason is not one of") as caught:
        type(EVERY[kind])(**{**_arguments(EVERY[kind]), "reason": "he shouted at Ann"})
    assert "Ann" not in str(caught.value)
    assert caught.value.allowed == vocabulary(kind)
    if kind not in ("end", "propose"):
        assert EVERY[kind].reason == NOT_GIVEN  # type: ignore[attr-defined]


def _arguments(decision: Decision) -> dict[str, Any]:
    return {field.name: getattr(decision, field.name) for field in fields(decision)}


WRONG: list[tuple[str, str, Any]] = [
    ("keep", "mentor", ""),
    ("keep", "mentee", 7),
    ("withdraw", "person", " "),
    ("join", "side", "senior"),
    ("conflict", "rule", "they quarrelled"),
    ("conflict", "until", "tomorrow"),
    ("conflict", "severity", "soft"),
    ("capacity", "places", -1),
    ("capacity", "places", True),
    ("approve", "acknowledged", 1),
    ("approve", "questions", "line_manager"),
    ("offer", "to", "dean"),
    ("accept", "by", "both"),
    ("undo", "entry", 0),
    ("propose", "pairs", (("M1",),)),
    ("propose", "run", "abc"),
]


@pytest.mark.parametrize(("kind", "name", "value"), WRONG)
def test_a_field_holds_only_what_it_is_for(kind: str, name: str, value: Any) -> None:
    """Made by hand it is an error that names kind and field; read from a line, no decision."""
    with pytest.raises(rmatch.DecisionError, match=f"^{kind}: {name} is not "):
        type(EVERY[kind])(**{**_arguments(EVERY[kind]), name: value})
    with pytest.raises(ValueError, match=r"."):
        decision_of(kind, {**fields_of(EVERY[kind]), name: value})


def test_a_line_has_just_the_fields_of_its_kind() -> None:
    """No kind that is not known, no field more or less."""
    with pytest.raises(ValueError, match="no such kind"):
        decision_of("marry", {})
    with pytest.raises(ValueError, match="other fields"):
        decision_of("keep", {"mentor": M, "mentee": S})
    with pytest.raises(ValueError, match="other fields"):
        decision_of("keep", {**fields_of(EVERY["keep"]), "note": "x"})


def test_people_are_called_otherwise_everywhere() -> None:
    """And back again."""
    names = {M: "p_1", S: "p_2", "M9": "p_3"}
    back = {name: person for person, name in names.items()}
    for decision in EVERY.values():
        hidden = renamed(decision, names)
        assert not {M, S, "M9"} & {*hidden.people, *map(str, fields_of(hidden).values())}
        assert renamed(hidden, back) == decision


# ------------------------------------------------------------------------------ the moves of a pair

NEW = PairStatus()


def path(*decisions: OfPair, who: str = "AB") -> PairStatus:
    """Where these moves lead."""
    status = NEW
    for decision in decisions:
        status = moved(status, decision, who)
    return status


ACCEPTED = (Approve(M, S), Offer(M, S), Accept(M, S, "mentor"), Offer(M, S, "mentee"))


def test_the_whole_way_of_a_pair() -> None:
    """The mentor is asked first, then the mentee; both say yes; it starts; it ends."""
    way = (*ACCEPTED, Accept(M, S, "mentee"), Start(M, S), End(M, S, "no_fault"))
    states = [path(*way[:n]).state.value for n in range(len(way) + 1)]
    assert states == [
        *("proposed", "approved", "offered", "offered", "offered", "accepted", "active", "ended")
    ]
    assert path(*way).reason == "no_fault"
    assert path(*way[:4]).awaited == ("mentee",)


@pytest.mark.parametrize(
    ("way", "move", "allowed"),
    [
        ((), Offer(M, S), "approve"),
        ((Approve(M, S),), Accept(M, S, "mentor"), "approve by somebody else, offer to mentor"),
        ((Approve(M, S),), Approve(M, S), "approve by somebody else, offer to mentor"),
        ((Approve(M, S), Offer(M, S)), Accept(M, S, "mentee"), "accept by mentor, decline by men"),
        ((Approve(M, S), Offer(M, S)), Offer(M, S, "mentee"), "accept by mentor, decline by men"),
        (
            (Approve(M, S), Offer(M, S)),
            Start(M, S),
            "accept by mentor, decline by mentor, remind mentor, end$",
        ),
        (ACCEPTED[:3], Accept(M, S, "mentor"), "decline by mentor, offer to mentee, end$"),
        ((*ACCEPTED, Accept(M, S, "mentee")), Offer(M, S), "start, decline by mentor, decline by"),
    ],
)
def test_an_illegal_move_says_what_is_allowed(
    way: tuple[OfPair, ...], move: OfPair, allowed: str
) -> None:
    """In one sentence, and as data."""
    with pytest.raises(rmatch.DecisionError, match=f"allowed from here: {allowed}") as caught:
        path(*way, move)
    assert str(caught.value).startswith("M1 with S1 is ")
    assert caught.value.allowed == allowed_moves(path(*way))


def test_whoever_has_not_answered_can_be_reminded() -> None:
    """Only they; it changes nothing about the pair, and a first offer can be called whatever."""
    offered = path(Approve(M, S), Offer(M, S, reason="reminder"))
    assert moved(offered, Offer(M, S, reason="reminder"), "CD") == offered
    both = path(Approve(M, S), Offer(M, S, "both"))
    assert moved(both, Offer(M, S, "both", reason="reminder"), "CD") == both
    assert moved(both, Offer(M, S, "mentee", reason="reminder"), "CD") == both
    with pytest.raises(rmatch.DecisionError, match="no 'remind mentor'"):
        moved(path(*ACCEPTED), Offer(M, S, reason="reminder"), "CD")
    with pytest.raises(rmatch.DecisionError, match="no 'offer to mentor'"):
        moved(offered, Offer(M, S), "CD")


def test_what_is_over_stays_over() -> None:
    """A pair that was declined or has ended can only be left as it is."""
    declined = path(Approve(M, S), Offer(M, S), Decline(M, S, "mentor", "no_time"))
    assert (declined.state, declined.declined_by, declined.reason) == (
        *(PairState.DECLINED, "mentor", "no_time"),
    )
    for over in (declined, path(Approve(M, S), End(M, S, "moved"))):
        for decision in EVERY.values():
            if isinstance(decision, OfPair) and not isinstance(decision, Keep | Forbid | Declared):
                with pytest.raises(rmatch.DecisionError, match="nothing more can be done"):
                    moved(over, decision, "CD")


def test_a_coordinator_may_begin_with_the_mentee_or_both() -> None:
    """On purpose; by default it is the mentor."""
    assert Offer(M, S).to == "mentor"
    both = path(Approve(M, S), Offer(M, S, "both"))
    assert both.awaited == ("mentor", "mentee")
    assert moved(both, Accept(M, S, "mentee"), "AB").awaited == ("mentor",)
    assert path(Approve(M, S), Offer(M, S, "mentee")).awaited == ("mentee",)


def test_open_questions_have_to_be_acknowledged() -> None:
    """The codes stay with the pair."""
    with pytest.raises(rmatch.DecisionError, match=r"open questions \(line_manager\): ask them"):
        path(Approve(M, S, questions=("line_manager",)))
    known = path(Approve(M, S, acknowledged=True, questions=("line_manager",)))
    assert known.questions == ("line_manager",)


def test_who_is_in_a_pair_is_not_enough_to_approve_it() -> None:
    """It takes somebody else as well."""
    own = moved(NEW, Approve(M, S), S)
    assert is_self_approved((M, S), own)
    assert not is_self_approved((M, S), moved(own, Approve(M, S), "AB"))
    assert not is_self_approved((M, S), NEW)


MOVES = st.sampled_from(
    [d for d in EVERY.values() if isinstance(d, OfPair) and d.kind not in ("keep", "forbid")]
    + [Offer(M, S, "mentee"), Offer(M, S, "both"), Accept(M, S, "mentee"), Decline(M, S, "mentor")]
).filter(lambda d: d.kind != "conflict")


@settings(max_examples=200)
@given(tried=st.lists(MOVES, max_size=12), who=st.sampled_from(["AB", M]))
def test_no_series_of_moves_skips_a_step(tried: list[OfPair], who: str) -> None:
    """Whatever is tried: states follow the drawing, and nobody accepts unasked."""
    follows = {
        "proposed": {"approved"},
        "approved": {"approved", "offered", "ended"},
        "offered": {"offered", "accepted", "declined", "ended"},
        "accepted": {"active", "declined", "ended"},
        "active": {"ended"},
        "declined": set(),
        "ended": set(),
    }
    seen = [NEW]
    for number, decision in enumerate(tried):
        with contextlib.suppress(rmatch.DecisionError):
            seen.append(moved(seen[-1], decision, f"{who}{number}"))
    for one, other in pairwise(seen):
        assert other.state.value in follows[one.state.value]
        assert set(other.accepted_by) <= set(other.offered_to)
    if seen[-1].state in (PairState.ACCEPTED, PairState.ACTIVE):
        assert set(seen[-1].accepted_by) == {"mentor", "mentee"}
