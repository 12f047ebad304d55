"""The next cohort: who is carried over, what is remembered, and that nothing is lost on the way."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from cohorts_of_people import bare, called, kept_apart, some_leave
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rmatch
from rmatch.programme import Conflict, Participant, PastPair, Programme
from rmatch.programme.next_cohort import Decided
from rmatch.rematching.cohort_end import decided, unknown_joined
from rmatch.rematching.decisions import (
    Approve,
    Capacity,
    Declared,
    Decline,
    End,
    Forbid,
    Join,
    Keep,
    Offer,
    Undo,
    Withdraw,
)
from rmatch.rematching.erasing import erase
from rmatch.rematching.ledger import read_ledger

KNOWN: dict[str, Any] = {"line_manager": "", "supervisors": [], "conflicts_confirmed": True}
WHEN = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)


def cohort(**changes: Any) -> Programme:
    """Four mentors, three mentees: M4 has nobody, since no mentee may meet them."""
    mentors = [{**KNOWN, "id": f"M{k}", "grade": "st4", "choices": [[f"S{k}"]]} for k in (1, 2, 3)]
    mentees = [
        {**KNOWN, "id": f"S{k}", "grade": "consultant", "choices": [[f"M{k}"]], "vetoes": ["M4"]}
        for k in (1, 2, 3)
    ]
    fields: dict[str, Any] = {
        "mentors": [*mentors, {**KNOWN, "id": "M4", "grade": "st4"}],
        "mentees": mentees,
        "conflicts": [{"mentor": "M1", "mentee": "S2", "rule": "family"}],
        "settings": {
            "starts": date(2026, 9, 1),
            "ends": date(2027, 7, 31),
            "must_pair": [("M3", "S3")],
            "must_not_pair": [("M2", "S1"), ("M4", "S1")],
            "maximum_load": {"S3": 1},
            "waivers": [("M3", "S3", "same_employer")],
            "seed": 7,
        },
    }
    return Programme(**{**fields, **changes})


@pytest.fixture(scope="module")
def matching() -> rmatch.Matching:
    made = rmatch.solve(cohort())
    assert [(p.mentor, p.mentee) for p in made.pairs] == [("M1", "S1"), ("M2", "S2"), ("M3", "S3")]
    return made


@pytest.fixture
def run(matching: rmatch.Matching, tmp_path: Path) -> Path:
    return matching.save(tmp_path / "run")


def ends(programme: Programme) -> dict[tuple[str, str], str | None]:
    return {(one.mentor, one.mentee): one.ended for one in programme.history}


def test_the_unmatched_are_carried_over_with_priority(matching: rmatch.Matching) -> None:
    after = cohort().next(matching)
    assert [(one.id, one.carried_over) for one in after.people] == [("M4", True)]
    assert ends(after) == dict.fromkeys([("M1", "S1"), ("M2", "S2"), ("M3", "S3")], "completed")


def test_what_was_stated_for_one_cohort_is_left_behind(matching: rmatch.Matching) -> None:
    """What must not happen is not."""
    after = cohort().next(matching, stay=["S1"])
    given = after.settings
    assert (given.starts, given.ends, given.must_pair, given.waivers) == (None, None, (), ())
    assert (given.maximum_load, given.seed) == ({}, 7)
    assert given.must_not_pair == (("M4", "S1"),)
    assert set(after.dormant) == {
        Conflict(mentor="M1", mentee="S2", rule="family"),
        Conflict(mentor="M2", mentee="S1"),
        Conflict(mentor="M4", mentee="S2", rule="veto"),
        Conflict(mentor="M4", mentee="S3", rule="veto"),
    }
    assert after.by_id["S1"].vetoes == ("M4",)


def test_what_a_rematch_held_is_left_behind(matching: rmatch.Matching) -> None:
    """A pair that was not to be moved is no pair that the next cohort must make."""
    new = rmatch.rematch(matching, frozen="all")
    assert new.programme is not None
    assert ("M1", "S1") in new.programme.settings.frozen_pairs
    after = new.next_programme(stay=["M1", "S1"])
    assert after.settings.frozen_pairs == after.settings.standing_pairs == ()
    assert rmatch.solve(after).pairs == ()


def test_whoever_stays_has_no_priority_and_may_meet_somebody_else(
    matching: rmatch.Matching,
) -> None:
    after = cohort().next(matching, stay=["M1", "S1"])
    assert [(one.id, one.carried_over) for one in after.people] == [
        ("M1", False),
        ("M4", True),
        ("S1", False),
    ]
    assert rmatch.score(after).why_excluded("M1", "S1") == ("previous_pair",)
    assert rmatch.solve(after).pairs == ()


def test_how_pairs_ended_may_be_said(matching: rmatch.Matching) -> None:
    """A pair that ended before its time leaves both without a partner."""
    after = cohort().next(
        matching, ended={("M1", "S1"): "concern", ("M2", "S2"): "moved"}, withdrawn=["M2", "M4"]
    )
    assert called(after) == {"M1", "S1", "S2"}
    assert ends(after)["M1", "S1"] == "concern"
    assert rmatch.score(after).why_excluded("M1", "S1") == ("previous_pair", "failed_pair")


@pytest.mark.parametrize(
    "options",
    [{"stay": ["M9"]}, {"withdrawn": ["M9"]}, {"ended": {("M9", "S1"): "early"}}],
)
def test_an_id_that_nobody_has_is_refused(matching: rmatch.Matching, options: Any) -> None:
    with pytest.raises(KeyError):
        cohort().next(matching, **options)


def test_history_is_not_told_twice(matching: rmatch.Matching) -> None:
    once = cohort(history=[PastPair(mentor="M1", mentee="S1", ended="completed")]).next(matching)
    assert len(once.history) == 3


def test_a_folder_without_decisions_says_nothing_more(matching: rmatch.Matching, run: Path) -> None:
    assert matching.next_programme(run) == matching.next_programme() == cohort().next(matching)


def test_the_ledger_says_how_pairs_ended_and_who_left(matching: rmatch.Matching, run: Path) -> None:
    """Declined: both without a partner. Withdrawn: one stays. The third goes its way."""
    for decision in (
        Approve("M1", "S1", acknowledged=True),
        Offer("M1", "S1", "both"),
        Decline("M1", "S1", "mentee", "no_time"),
        Approve("M2", "S2", acknowledged=True),
        Withdraw("S2", "away"),
        Approve("M3", "S3", acknowledged=True),
        Capacity("M1", 2),
    ):
        matching.record(run, decision, who="AB", when=WHEN)
    after = matching.next_programme(run)
    assert ends(after) == {
        ("M1", "S1"): "declined",
        ("M2", "S2"): "withdrawn",
        ("M3", "S3"): "completed",
    }
    assert called(after) == {"M1", "M2", "M4", "S1"}
    assert all(one.carried_over for one in after.people)
    assert after.by_id["M1"].capacity == 2
    assert "failed_pair" in rmatch.score(after).why_excluded("M1", "S1")


@pytest.mark.parametrize(
    ("reason", "known"), [("no_fault", "no_fault"), ("moved", "moved"), ("concern", "concern")]
)
def test_a_pair_that_was_ended_stands_in_the_history_so(
    matching: rmatch.Matching, run: Path, reason: str, known: str
) -> None:
    matching.record(run, Approve("M1", "S1", acknowledged=True), who="AB", when=WHEN)
    matching.record(run, End("M1", "S1", reason), who="AB", when=WHEN)
    assert ends(matching.next_programme(run))["M1", "S1"] == known


def test_what_came_out_meanwhile_is_remembered(matching: rmatch.Matching, run: Path) -> None:
    """A forbidden pair, and conflicts with people who stay, who leave and who are back later."""
    for decision in (
        Declared("M1", "S1", "grievance"),
        Declared("M4", "S3", "line_manager", date(2027, 1, 31)),
        Forbid("M3", "S1", "judgement"),
        Forbid("M4", "S2"),
    ):
        matching.record(run, decision, who="AB", when=WHEN)
    after = matching.next_programme(run)
    assert called(after) == {"M1", "M4", "S1"}
    assert Conflict(mentor="M1", mentee="S1", rule="grievance") in after.conflicts
    assert ends(after).get(("M1", "S1")) is None
    expected = Conflict(mentor="M4", mentee="S3", rule="line_manager", until=date(2027, 1, 31))
    assert expected in after.dormant
    assert {Conflict(mentor="M3", mentee="S1"), Conflict(mentor="M4", mentee="S2")} <= set(
        after.dormant
    )


def test_a_pair_that_a_conflict_ended_is_never_made_again(
    matching: rmatch.Matching, run: Path
) -> None:
    matching.record(run, Approve("M1", "S1", acknowledged=True), who="AB", when=WHEN)
    matching.record(run, Declared("M1", "S1", "family"), who="AB", when=WHEN)
    assert ends(matching.next_programme(run))["M1", "S1"] == "not_again"


def test_what_was_undone_was_never_said(matching: rmatch.Matching, run: Path) -> None:
    matching.record(run, Withdraw("M4"), who="AB", when=WHEN)
    matching.record(run, Undo(2, "mistake"), who="AB", when=WHEN)
    assert matching.next_programme(run) == matching.next_programme()


def test_a_warning_is_no_reason_to_call_a_pair_off(matching: rmatch.Matching, run: Path) -> None:
    matching.record(run, Declared("M1", "S1", "business"), who="AB", when=WHEN)
    after = matching.next_programme(run)
    assert ends(after)["M1", "S1"] == "completed"
    assert Conflict(mentor="M1", mentee="S1", rule="business") in after.dormant


def test_who_joined_by_the_ledger_alone_is_found(matching: rmatch.Matching, run: Path) -> None:
    """Nobody knows what they answered; that is said, and not passed over."""
    for person in ("M77", "M78"):
        matching.record(run, Join(person, "mentor", "late"), who="AB", when=WHEN)
    matching.record(run, Withdraw("M78"), who="AB", when=WHEN)
    history = read_ledger(run)
    assert unknown_joined(history, called(cohort())) == ("M77",)
    assert "M77" not in called(matching.next_programme(run))


def test_who_was_erased_is_in_nothing(matching: rmatch.Matching, run: Path) -> None:
    """Not even by pseudonym."""
    for decision in (
        Keep("M2", "S2"),
        Forbid("M3", "S1"),
        Approve("M1", "S1", acknowledged=True),
        Declared("M4", "S1", "grievance"),
        Withdraw("S1"),
    ):
        matching.record(run, decision, who="AB", when=WHEN)
    erase(run, "S1")
    known = decided(read_ledger(run))
    assert known == Decided()
    after = rmatch.Matching.load(run).next_programme(run)
    assert called(after) == {"M1", "M4"}
    assert "S1" not in after.model_dump_json()
    assert not re.search(r"p_[0-9a-f]{10}", after.model_dump_json())


def test_it_needs_people() -> None:
    plain = rmatch.solve(rmatch.Instance.from_rankings(mentors=[[[0]]], mentees=[[[0]]]))
    with pytest.raises(ValueError, match="without people"):
        plain.next_programme()


# --- any programme


@settings(max_examples=80)
@given(some_leave())
def test_nobody_is_lost_and_no_pair_is_made_again(case: Any) -> None:
    """Everybody is carried over, had a partner or withdrew; who comes back stays kept apart."""
    programme, chosen = case
    rules = programme.settings.severities
    assume(rules["previous_pair"] == "hard")
    programme = programme.replace(settings=programme.settings.model_copy(update={"waivers": ()}))
    matching = rmatch.solve(programme)
    had = {person for pair in matching.pairs for person in (pair.mentor, pair.mentee)}
    stay = chosen & had
    withdrawn = chosen - had
    after = programme.next(matching, withdrawn=withdrawn, stay=stay)
    assert called(after) == called(programme) - (had - stay) - withdrawn
    for one in after.people:
        assert one.carried_over is (one.id not in had and one.capacity > 0)
    back = after.merge(bare(programme, called(programme) - called(after)))
    assert kept_apart(back) == kept_apart(programme)
    assert {(p.mentor, p.mentee) for p in matching.pairs} <= set(ends(back))
    assert set(programme.history) <= set(back.history)
    again = rmatch.solve(back, time_limit=20)
    old = {(p.mentor, p.mentee) for p in back.history}
    assert not old & {(p.mentor, p.mentee) for p in again.pairs}
    assert again.verify().ok


@st.composite
def cases(draw: st.DrawFn) -> tuple[Programme, Decided]:
    """A programme, and anything at all decided about it and about people who left it earlier."""
    programme, withdrawn = draw(some_leave())
    mentors = [*(one.id for one in programme.mentors), "M88"]
    mentees = [*(one.id for one in programme.mentees), "S88"]
    pairs = st.tuples(st.sampled_from(mentors), st.sampled_from(mentees))
    pair = {"mentor": st.sampled_from(mentors), "mentee": st.sampled_from(mentees)}
    forbidden = draw(st.lists(pairs, max_size=2, unique=True))
    conflicts = draw(st.lists(st.builds(Conflict, **pair, rule=st.just("grievance")), max_size=2))
    ended = draw(st.dictionaries(pairs, st.sampled_from(["declined", "moved", "withdrawn"])))
    return programme, Decided(
        ended=ended,
        under_way=frozenset(draw(st.sets(pairs, max_size=2))) - set(ended),
        ruled_out=frozenset({*forbidden, *((c.mentor, c.mentee) for c in conflicts)}),
        withdrawn=frozenset({*withdrawn, "M88"}),
        forbidden=tuple(forbidden),
        conflicts=tuple(conflicts),
    )


@settings(max_examples=80)
@given(cases())
def test_nothing_that_was_decided_is_lost(case: tuple[Programme, Decided]) -> None:
    """Everybody is accounted for, every end is in the history, every conflict is kept."""
    programme, known = case
    matching = rmatch.solve(programme)
    after = programme.next(matching, decided=known)
    made = {(one.mentor, one.mentee) for one in matching.pairs}
    past = ends(after)
    assert known.ended.items() <= {(p, how) for p, how in past.items()}
    assert known.under_way <= set(past)
    void = {p for p in made if p in known.ruled_out or known.withdrawn & set(p)} - known.under_way
    assert made - void <= set(past)
    lasted = ((made - void) | known.under_way) - set(known.ended)
    had_partner = {person for pair in lasted for person in pair}
    assert called(after) == called(programme) - known.withdrawn - had_partner
    assert all(one.carried_over is (one.capacity > 0) for one in after.people)
    everybody = {
        "mentors": [Participant(id="M88"), *bare(programme, called(programme))["mentors"]],
        "mentees": [Participant(id="S88"), *bare(programme, called(programme))["mentees"]],
    }
    apart = kept_apart(after.merge(everybody))
    assert kept_apart(programme) <= apart
    assert {(c.mentor, c.mentee, c.rule) for c in known.conflicts} <= apart
    assert {(*pair, "confidential") for pair in known.forbidden} <= apart
