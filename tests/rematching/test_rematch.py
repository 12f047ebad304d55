"""Matching again: the fewest broken pairs by brute force, what must stay stays, who is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rmatch
from brute_force import Problem, best, changes, matchings
from deciding import decide_all, made, way_to_active
from rmatch.rematching.decisions import (
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
    Withdraw,
)
from rmatch.rematching.ledger import read_ledger
from rmatch.rematching.replay import State
from rmatch.rematching.states import PairState, PairStatus
from rmatch.testing import programmes
from shown import in_full

PROGRAMMES = in_full(programmes(max_side=4, filled=("goals", "choices")))
FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


# ------------------------------------------------------------------------------- by brute force


@st.composite
def happenings(draw: st.DrawFn, programme: rmatch.Programme) -> dict[str, Any]:
    """Arguments of a rematch: somebody leaves, something is forbidden, places change, one comes."""
    people = [person.id for person in programme.people]
    mentors = [person.id for person in programme.mentors]
    mentees = [person.id for person in programme.mentees]
    gone = draw(st.lists(st.sampled_from(people), max_size=2, unique=True)) if people else []
    here = [person for person in people if person not in gone]
    pairs = [(m, s) for m in mentors for s in mentees if m in here and s in here]
    some = st.lists(st.sampled_from(pairs), max_size=2, unique=True) if pairs else st.just([])
    joined = {"mentees": [{"id": "S9"}]} if draw(st.booleans()) else None
    return {
        "withdrawn": gone,
        "forbid": draw(some),
        "conflicts": draw(some),
        "capacity": {p: draw(st.integers(0, 2)) for p in here if draw(st.integers(0, 4)) == 4},
        "joined": joined,
    }


def acceptable(matching: rmatch.Matching) -> set[tuple[str, str]]:
    """The allowed pairs, forbidden ones left out."""
    assert matching.scores is not None
    assert matching.programme is not None
    allowed = matching.scores.acceptable
    return {
        (m.id, s.id)
        for i, m in enumerate(matching.programme.mentors)
        for j, s in enumerate(matching.programme.mentees)
        if allowed[i, j] and (m.id, s.id) not in matching.programme.settings.must_not_pair
    }


def who_is_there(programme: rmatch.Programme, happened: Mapping[str, Any]) -> set[str]:
    """Who is in the programme afterwards."""
    new = {"S9"} if happened["joined"] else set()
    return {person.id for person in programme.people} - set(happened["withdrawn"]) | new


@FEW
@given(programme=PROGRAMMES, data=st.data())
def test_no_more_pairs_are_broken_than_must_be(
    programme: rmatch.Programme, data: st.DataObject
) -> None:
    """At every level, of every matching of the new programme; and the audit agrees."""
    old = rmatch.solve(programme)
    happened = data.draw(happenings(programme))
    new = rmatch.rematch(old, **happened)
    assert new.programme is not None
    assert set(new.programme.by_id) == who_is_there(programme, happened)
    still = made(old) & acceptable(new)
    instance = new.instance
    standing = {
        (instance.mentor_ids[instance.mentor[k]], instance.mentee_ids[instance.mentee[k]])
        for k in instance.standing.nonzero()[0]
    }
    assert standing == still
    assert made(new) <= acceptable(new)
    assert not made(new) & {*happened["forbid"]}
    answer = best(instance, new.order, new.seed)
    assert answer is not None
    assert dict(new.solution.objectives) == answer.levels
    assert answer.levels["changes"] == len(still - made(new)) == len(new.diff(old).broken)
    assert new.verify().ok, new.verify()


@FEW
@given(programme=PROGRAMMES, data=st.data(), most=st.integers(0, 2))
def test_a_limit_of_changes_is_kept_or_cannot_be(
    programme: rmatch.Programme, data: st.DataObject, most: int
) -> None:
    """It is infeasible only where no matching breaks so few."""
    old = rmatch.solve(programme)
    happened = data.draw(happenings(programme))
    free = Problem(rmatch.rematch(old, **happened).instance)
    can = any(changes(free, one) <= most for one in matchings(free))
    try:
        new = rmatch.rematch(old, **happened, max_changes=most)
    except rmatch.InfeasibleError:
        assert not can
        return
    assert can
    assert len(new.diff(old).broken) <= most
    assert new.verify().ok


@FEW
@given(programme=PROGRAMMES, data=st.data())
def test_what_is_frozen_stays_while_it_is_allowed(
    programme: rmatch.Programme, data: st.DataObject
) -> None:
    """Unless somebody has too few places; either way what could not stay is told."""
    old = rmatch.solve(programme)
    happened = data.draw(happenings(programme))
    frozen = [pair for pair in sorted(made(old)) if not set(pair) & set(happened["withdrawn"])]
    kept = data.draw(st.sets(st.sampled_from(frozen))) if frozen else set()
    new = rmatch.rematch(old, **happened, frozen=sorted(kept))
    assert new.programme is not None
    legal = kept & acceptable(new)
    moved = legal - made(new)
    for mentor, mentee in moved:
        assert any(person in happened["capacity"] for person in (mentor, mentee))
    if not happened["capacity"]:
        assert not moved
    told = {notice.place.person for notice in new.programme.notices}
    assert told == {f"{m} with {s}" for m, s in kept - made(new)}
    assert new.verify().ok


@FEW
@given(programme=PROGRAMMES, strategy=st.sampled_from(["stable", "best_score"]))
def test_where_nothing_happened_nothing_changes(programme: rmatch.Programme, strategy: str) -> None:
    """The same pairs, whatever the strategy."""
    old = rmatch.solve(programme, strategy=strategy)
    new = rmatch.rematch(old)
    assert made(new) == made(old)
    assert str(new.diff(old)).endswith("Nobody's partner changed.")


# ---------------------------------------------------------------------------------- a small one


def cohort(**changes: Any) -> rmatch.Programme:
    """Three mentors, three mentees, each with a first choice."""
    fields: dict[str, Any] = {
        "mentors": [
            {"id": "M1", "name": "Ann Bell", "email": "ann@nhs.example", "choices": [["S1"]]},
            {"id": "M2", "name": "Bo Carr", "choices": [["S2"], ["S1"]]},
            {"id": "M3", "choices": [["S3"]]},
        ],
        "mentees": [
            {"id": "S1", "name": "Dee Fox", "choices": [["M1"]]},
            {"id": "S2", "choices": [["M2"]]},
            {"id": "S3", "choices": [["M3"]]},
        ],
    }
    return rmatch.Programme(**{**fields, **changes})


DIAGONAL = {("M1", "S1"), ("M2", "S2"), ("M3", "S3")}


@pytest.fixture
def three() -> rmatch.Matching:
    """Everybody with their first choice."""
    matching = rmatch.solve(cohort())
    assert made(matching) == DIAGONAL
    return matching


@pytest.fixture
def folder(three: rmatch.Matching, tmp_path: Path) -> Path:
    """Its run."""
    return three.save(tmp_path / "three")


def test_people_are_named_by_id_address_or_name(three: rmatch.Matching) -> None:
    """And a pair has its mentor first."""
    new = rmatch.rematch(three, forbid=[("ann@nhs.example", "Dee Fox")])
    assert ("M1", "S1") not in made(new)
    assert new.programme is not None
    assert new.programme.settings.must_not_pair == (("M1", "S1"),)
    assert {pair[0] for pair in made(rmatch.rematch(three, withdrawn=["Bo Carr"]))} == {"M1", "M3"}
    pair = three.pairs[0]
    assert made(rmatch.rematch(three, keep=[pair], frozen=[pair])) == DIAGONAL


def test_every_mistake_is_listed_with_its_place(three: rmatch.Matching) -> None:
    """One error; nothing that somebody wrote is shown unasked."""
    with pytest.raises(rmatch.InputError) as caught:
        rmatch.rematch(
            three,
            withdrawn=["M3", "Zelda Quill"],
            joined={"mentors": [{"id": "m1"}, {"id": "M9", "grade": "kapitan"}]},
            keep=[("S1", "M1"), ("M1",), ("M1", "M2"), ("M3", "S1")],
            forbid=[("M1", 7)],
            conflicts=[{"mentor": "M1", "mentee": "S1", "rule": "nope"}, ("M1", "S8")],
            capacity={"M1": -1, "ann@nhs.example": 1, "Nobody": 2},
            max_changes=-1,
            frozen=[("M1", "S2")],
        )
    assert str(caught.value).splitlines()[1:] == [
        "  column grade (M9): 'kapitan' is not a known grade",
        "  column joined (m1): 'm1' joins, and is in the programme already; "
        "Programme.merge takes changed answers",
        "  row 2, column withdrawn: names somebody who is not in the programme",
        "  row 1, column keep: has the two the wrong way round; the mentor comes first",
        "  row 2, column keep: is not a pair: a mentor and a mentee",
        "  row 3, column keep: names two people of one side",
        "  row 4, column keep: names somebody who withdraws",
        "  row 1, column forbid: is not the id, e-mail or name of anybody",
        "  row 1, column conflicts: 'nope' is not a known rule code",
        "  row 2, column conflicts: names somebody who is not in the programme",
        "  row 1, column capacity: is not a whole number from 0 to 1000000",
        "  row 3, column capacity: names somebody who is not in the programme",
        "  column max_changes: is not a whole number from 0, or None",
        "  column frozen (M1 with S2): is no pair so far; keep makes one",
    ]


def test_what_late_people_say_is_checked_too(three: rmatch.Matching) -> None:
    """Between them and those who are there."""
    late = {"mentees": [{"id": "S9", "choices": [["M7"]]}]}
    with pytest.raises(rmatch.InputError, match=r"column choices \(S9\)"):
        rmatch.rematch(three, joined=late)


@pytest.mark.parametrize(
    "arguments",
    [
        {"withdrawn": "M1"},
        {"keep": {"M1": "S1"}},
        {"conflicts": "M1"},
        {"capacity": [("M1", 2)]},
        {"joined": ["M9"]},
        {"joined": {"people": []}},
        {"withdrawn": 7},
    ],
)
def test_what_is_no_list_is_a_type_error(three: rmatch.Matching, arguments: Any) -> None:
    """A call that makes no sense."""
    with pytest.raises(TypeError):
        rmatch.rematch(three, **arguments)


def test_calls_that_make_no_sense(three: rmatch.Matching) -> None:
    """An unknown word for what is frozen; a matching without people."""
    with pytest.raises(ValueError, match="frozen is one of approved, active, all, none"):
        rmatch.rematch(three, frozen="aproved")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="without people"):
        rmatch.rematch(rmatch.solve(three.instance))


def test_late_people_join_with_what_they_say(three: rmatch.Matching, tmp_path: Path) -> None:
    """As records, as a programme, or as a file whose choices name those who are there."""
    forms = tmp_path / "late"
    forms.mkdir()
    (forms / "mentors.csv").write_text("id,choices\n")
    (forms / "mentees.csv").write_text("id,name,choices\nS9,Zed Ash,Ann Bell; M2\n")
    (forms / "conflicts.csv").write_text("mentor,mentee,rule\nM2,S9,family\n")
    new = rmatch.rematch(three, withdrawn=["S1"], joined=forms)
    assert made(new) == {("M1", "S9"), ("M2", "S2"), ("M3", "S3")}
    assert new.programme is not None
    assert new.programme.by_id["S9"].choices == (("M1",), ("M2",))
    assert len(new.programme.conflicts) == 1
    late = rmatch.Programme(mentees=[{"id": "S9"}])
    assert made(rmatch.rematch(three, withdrawn=["S1"], joined=late)) == made(new)
    people = {"mentees": [rmatch.Participant(id="S9")]}
    assert made(rmatch.rematch(three, withdrawn=["S1"], joined=people)) == made(new)


def test_somebody_with_a_conflict_leaves_as_late_forms_arrive(tmp_path: Path) -> None:
    """Declared before or by the late form: it is laid aside, and no problem of the form."""
    before = rmatch.Conflict(mentor="M1", mentee="S1", rule="family")
    old = rmatch.solve(cohort(conflicts=[before]))
    (tmp_path / "mentors.csv").write_text("id\nM9\n")
    (tmp_path / "mentees.csv").write_text("id\n")
    (tmp_path / "conflicts.csv").write_text("mentor,mentee,rule\nM9,S1,business\nM9,S2,family\n")
    new = rmatch.rematch(old, withdrawn=["S1"], joined=tmp_path)
    assert new.programme is not None
    assert [(one.mentor, one.mentee) for one in new.programme.conflicts] == [("M9", "S2")]
    aside = {(one.mentor, one.mentee, one.rule) for one in new.programme.dormant}
    assert {("M1", "S1", "family"), ("M9", "S1", "business")} <= aside


def test_problems_of_late_forms_are_told_at_their_cells(
    three: rmatch.Matching, tmp_path: Path
) -> None:
    """An id that is taken, somebody unknown; settings are not taken, and that is noticed."""
    forms = tmp_path / "late"
    forms.mkdir()
    (forms / "mentors.csv").write_text("id,choices\nM1,\nM8,S7\n")
    (forms / "mentees.csv").write_text("id\n")
    with pytest.raises(rmatch.InputError) as caught:
        rmatch.rematch(three, joined=forms, withdrawn=["S8"])
    assert [(p.place.file, p.place.row) for p in caught.value.problems] == [
        ("mentors.csv", 2),
        ("mentors.csv", 3),
        (None, 1),
    ]
    (forms / "mentors.csv").write_text("id\nM8\n")
    (forms / "settings.toml").write_text("seed = 9\n")
    new = rmatch.rematch(three, joined=forms)
    assert new.programme is not None
    assert any("has settings, which are not taken" in str(n) for n in new.programme.notices)
    assert new.programme.settings.seed == 0


def test_a_kept_pair_is_made_and_stays_stated(three: rmatch.Matching) -> None:
    """Also after the next rematch; until a conflict comes out, which is told."""
    first = rmatch.rematch(three, keep=[("M1", "S2")])
    assert ("M1", "S2") in made(first)
    second = rmatch.rematch(first)
    assert made(second) == made(first)
    third = rmatch.rematch(second, conflicts=[("M1", "S2")])
    assert ("M1", "S2") not in made(third)
    assert third.programme is not None
    assert [str(notice) for notice in third.programme.notices] == [
        "M1 with S2: was to stay, and is not allowed any more: confidential"
    ]
    assert third.programme.settings.must_pair == ()


def test_what_is_asked_for_and_cannot_be_is_an_error(three: rmatch.Matching) -> None:
    """Kept and forbidden at once."""
    with pytest.raises(rmatch.InfeasibleError, match="must_pair M1 S1"):
        rmatch.rematch(three, keep=[("M1", "S1")], forbid=[("M1", "S1")])


def test_carried_over_people_come_first() -> None:
    """Of two who could have the one place left, whoever waited for it since the last cohort."""
    programme = cohort(
        mentors=[{"id": "M1"}, {"id": "M2", "carried_over": True}, {"id": "M3"}],
        mentees=[{"id": "S1"}, {"id": "S2"}, {"id": "S3"}],
    )
    old = rmatch.solve(programme)
    for person in ("S1", "S2", "S3"):
        new = rmatch.rematch(old, withdrawn=[person])
        assert "M2" not in new.unmatched
        assert new.verify().ok


def test_a_rotation_in_the_middle_is_a_conflict_before_it_happens() -> None:
    """A late form that says where somebody goes next."""
    here = {"employer": "RGT", "department": "Cardiology"}
    programme = cohort(
        mentees=[{"id": "S1", **here}, {"id": "S2"}, {"id": "S3"}],
        settings=rmatch.Settings(starts=date(2026, 9, 1), ends=date(2027, 7, 31)),
    )
    old = rmatch.solve(programme)
    assert ("M1", "S1") in made(old)
    assert old.programme is not None
    moves = {
        "next_post_employer": "RGT",
        "next_post_department": "Cardiology",
        "next_post_start": date(2027, 2, 3),
    }
    late = {"mentors": [{"id": "M1", "choices": [["S1"]], **moves}]}
    gone = rmatch.rematch(old, withdrawn=["M1"])
    new = rmatch.rematch(gone, joined=late)
    assert ("M1", "S1") not in made(new)
    assert new.scores is not None
    assert new.scores.why_excluded("M1", "S1") == ("next_rotation",)


# ----------------------------------------------------------------------------------- the ledger


def test_approved_pairs_stay_without_being_named(three: rmatch.Matching, folder: Path) -> None:
    """Though another would be better off: keeping M2 with S1 would move M1."""
    decide_all(three, folder, Approve("M1", "S1", acknowledged=True))
    with pytest.raises(rmatch.InfeasibleError, match=r"must_pair M2 S1 .*; must_pair M1 S1 "):
        rmatch.rematch(three, keep=[("M2", "S1")])
    loaded = rmatch.Matching.load(folder)
    with pytest.raises(rmatch.InfeasibleError):
        rmatch.rematch(loaded, keep=[("M2", "S1")])
    for frozen in ("active", "none", []):
        free = rmatch.rematch(loaded, keep=[("M2", "S1")], frozen=frozen)  # type: ignore[arg-type]
        assert ("M2", "S1") in made(free)
    free = rmatch.rematch(loaded, keep=[("M2", "S1")], state=State())
    assert ("M2", "S1") in made(free)


def test_an_approved_pair_that_is_not_allowed_any_more_cannot_stay(
    three: rmatch.Matching, folder: Path
) -> None:
    """Legal first; it is told, by code."""
    decide_all(three, folder, Approve("M1", "S1", acknowledged=True))
    new = rmatch.rematch(three, conflicts=[("M1", "S1")])
    assert ("M1", "S1") not in made(new)
    assert new.programme is not None
    assert [str(notice) for notice in new.programme.notices] == [
        "M1 with S1: was to stay, and is not allowed any more: confidential"
    ]
    assert new.diff(three).excluded == (("M1", "S1"),)


def test_forbidding_what_is_agreed_is_refused_before_anything_is_solved(
    three: rmatch.Matching, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the ledger would refuse it; every such pair is named, a trade-off refuses it too."""
    decide_all(three, folder, Approve("M1", "S1", acknowledged=True), Keep("M2", "S2"))
    monkeypatch.setattr("rmatch.posing.solved", None)
    forbid = [("M1", "S1"), ("M2", "S2"), ("M3", "S1")]
    words = (
        "M1 with S1: cannot forbid, because it is approved; end it first; "
        "M2 with S2: cannot forbid, because entry 3 keeps it; undo that first"
    )
    for ask in (rmatch.rematch, rmatch.Matching.trade_off):
        with pytest.raises(rmatch.DecisionError, match=f"^{words}$"):
            ask(three, forbid=forbid)


def test_with_too_few_places_the_active_pair_stays() -> None:
    """One of two has to go: not the one that has met."""
    programme = cohort(
        mentors=[{"id": "M1"}, {"id": "M2"}],
        mentees=[{"id": "S1", "capacity": 2, "choices": [["M1"]]}],
    )
    old = rmatch.solve(programme)
    for active, other in (("M1", "M2"), ("M2", "M1")):
        pairs = {
            (active, "S1"): PairStatus(PairState.ACTIVE),
            (other, "S1"): PairStatus(PairState.APPROVED),
        }
        new = rmatch.rematch(old, capacity={"S1": 1}, state=State(number=1, pairs=pairs))
        assert made(new) == {(active, "S1")}
        assert new.programme is not None
        assert [str(notice) for notice in new.programme.notices] == [
            f"{other} with S1: was to stay, and one of them has too few places now"
        ]


def test_a_pair_that_was_kept_goes_where_places_are_gone() -> None:
    """It is told and is no error, like an approved one; that goes before it."""
    programme = cohort(mentors=[{"id": "M1"}, {"id": "M2"}], mentees=[{"id": "S1", "capacity": 2}])
    old = rmatch.rematch(rmatch.solve(programme), keep=[("M1", "S1")])
    approved = {("M2", "S1"): PairStatus(PairState.APPROVED)}
    new = rmatch.rematch(old, capacity={"S1": 1}, state=State(number=1, pairs=approved))
    assert made(new) == {("M2", "S1")}
    assert new.programme is not None
    assert new.programme.settings.must_pair == ()
    assert [str(notice) for notice in new.programme.notices] == [
        "M1 with S1: was to stay, and one of them has too few places now"
    ]


def test_what_was_decided_need_not_be_said_again(three: rmatch.Matching, folder: Path) -> None:
    """Withdrawals, what is kept and forbidden, conflicts, places, late people without a form."""
    decide_all(
        three,
        folder,
        Withdraw("M3", "away"),
        Keep("M1", "S2"),
        Forbid("M1", "S3"),
        Declared("M2", "S1", "family"),
        Capacity("M2", 2),
        Join("M77", "mentor", "late"),
    )
    new = rmatch.rematch(rmatch.Matching.load(folder))
    assert new.programme is not None
    assert made(new) == {("M1", "S2"), ("M2", "S3")}
    assert new.programme.by_id["M2"].capacity == 2
    assert [str(n) for n in new.programme.notices] == [
        "M77: joined, says the ledger, and has no form here: give it as joined, or withdraw them"
    ]
    assert new.programme.settings.must_pair == ()
    assert new.programme.settings.frozen_pairs == (("M1", "S2"),)
    assert new.verify().ok


def test_failed_pairs_are_never_made_again(three: rmatch.Matching, folder: Path) -> None:
    """Declined, or ended over a concern; after no fault the two may be proposed again."""
    start = (
        *(Approve("M1", "S1", acknowledged=True), Offer("M1", "S1", "both")),
        Decline("M1", "S1", "mentee"),
    )
    over = (*way_to_active("M2", "S2"), End("M2", "S2", "concern"))
    kind = (Approve("M3", "S3", acknowledged=True), End("M3", "S3", "no_fault"))
    decide_all(three, folder, *start, *over, *kind)
    new = rmatch.rematch(three)
    assert not made(new) & {("M1", "S1"), ("M2", "S2")}
    assert new.programme is not None
    assert set(new.programme.settings.must_not_pair) == {("M1", "S1"), ("M2", "S2")}
    assert new.programme.settings.standing_pairs == ()
    again = rmatch.rematch(new, withdrawn=["S3"])
    assert not made(again) & {("M1", "S1"), ("M2", "S2")}


def test_a_pair_that_ended_since_is_free_again(three: rmatch.Matching, folder: Path) -> None:
    """What one rematch froze does not bind the next."""
    decide_all(three, folder, Approve("M1", "S1", acknowledged=True))
    new = rmatch.rematch(three)
    assert new.programme is not None
    assert new.programme.settings.frozen_pairs == (("M1", "S1"),)
    new.save(folder, force=True)
    decide_all(new, folder, End("M1", "S1", "no_fault"))
    last = rmatch.rematch(new, keep=[("M2", "S1")])
    assert ("M2", "S1") in made(last)


def test_a_pair_that_is_proposed_again_is_over_no_more(
    three: rmatch.Matching, folder: Path, tmp_path: Path
) -> None:
    """Also before anybody decides about it: it can be broken, and counts for the next cohort."""
    decide_all(three, folder, Approve("M1", "S1", acknowledged=True), End("M1", "S1", "moved"))
    again = rmatch.rematch(three)
    assert ("M1", "S1") in made(again)
    where = again.save(tmp_path / "next", after=folder)
    assert again.decided.pairs["M1", "S1"].state is PairState.PROPOSED
    assert read_ledger(where).state.ended == {("M1", "S1"): "moved"}
    last = rmatch.rematch(again, keep=[("M2", "S1")])
    assert ("M1", "S1") in last.diff(again).broken
    ended = {(one.mentor, one.mentee): one.ended for one in again.next_programme(where).history}
    assert ended["M1", "S1"] == "completed"


def test_a_kept_pair_that_ended_since_is_free_again(three: rmatch.Matching, folder: Path) -> None:
    """Whether the ledger kept it or it was said to a rematch; keeping it anew holds again."""
    new = rmatch.rematch(three, keep=[("M2", "S2")])
    new.save(folder, force=True)
    approved = [Approve(f"M{k}", f"S{k}", acknowledged=True) for k in (1, 2)]
    over = (End("M1", "S1", "moved"), End("M2", "S2", "no_fault"))
    decide_all(new, folder, Keep("M1", "S1"), *approved, *over)
    last = rmatch.rematch(new, keep=[("M2", "S1"), ("M1", "S2")])
    assert {("M2", "S1"), ("M1", "S2")} <= made(last)
    decide_all(new, folder, Keep("M1", "S1"))
    with pytest.raises(rmatch.InfeasibleError, match=r"must_pair M1 S1"):
        rmatch.rematch(new, keep=[("M2", "S1")])


def test_the_ledger_goes_on_in_the_next_run(
    three: rmatch.Matching, folder: Path, tmp_path: Path
) -> None:
    """Where the run says after which it comes; the run before stays as it is."""
    decide_all(three, folder, Approve("M1", "S1", acknowledged=True))
    (folder / "letter.txt").write_text("Dear Ann")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    new = rmatch.rematch(three, withdrawn=["S3"])
    assert set(new.decided.withdrawn) == {"S3"}
    where = new.save(tmp_path / "next", after=folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    after, now = rmatch.Matching.load(where).decided, new.decided
    assert after == now
    assert after.number == three.decided.number
    assert after.in_state(PairState.APPROVED) == three.decided.in_state(PairState.APPROVED)
    # The next decision writes it; it is known before that.
    assert set(after.in_state(PairState.PROPOSED)) == made(new) - {("M1", "S1")}
    assert not (where / "letter.txt").exists()
    assert read_ledger(where).head == read_ledger(folder).head
    decide_all(new, where, Approve("M2", "S2", acknowledged=True))
    assert set(rmatch.Matching.load(where).decided.in_state(PairState.APPROVED)) == {
        ("M1", "S1"),
        ("M2", "S2"),
    }
    with pytest.raises(rmatch.RunFolderError, match="exists already"):
        new.save(where, after=folder)
    with pytest.raises(rmatch.RunFolderError, match="not a run folder"):
        new.save(tmp_path / "third", after=tmp_path / "nowhere")
    with pytest.raises(rmatch.RunFolderError, match="the run itself"):
        new.save(folder, after=folder, force=True)
    (tmp_path / "mine").mkdir()
    with pytest.raises(rmatch.RunFolderError, match="left alone even with force"):
        new.save(tmp_path / "mine", after=folder, force=True)
    assert new.save(where, after=folder, force=True) == where


def test_decisions_of_a_run_that_is_gone_are_asked_for(
    three: rmatch.Matching, folder: Path, tmp_path: Path
) -> None:
    """Rather than taken for none."""
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(rmatch.RunFolderError, match="is gone"):
        rmatch.rematch(three)
    assert made(rmatch.rematch(three, state=State())) == DIAGONAL


def test_fewest_broken_pairs_come_after_how_many_have_a_partner() -> None:
    """Also where stability is required first."""
    order = ("stability", "pairs", "score", "tie_break")
    old = rmatch.solve(cohort(), objectives=order)
    new = rmatch.rematch(old, withdrawn=["S1"])
    assert new.order == ("stability", "pairs", "changes", "score", "tie_break")
    assert len(new.pairs) == 2
    old = rmatch.solve(cohort(), objectives=("score", "tie_break"))
    assert rmatch.rematch(old).order == ("changes", "score", "tie_break")


def test_the_trade_off_leaves_what_is_approved(three: rmatch.Matching, folder: Path) -> None:
    """Every point of the curve keeps it."""
    decide_all(three, folder, Approve("M1", "S1", acknowledged=True))
    curve = three.trade_off(withdrawn=["S2"])
    assert curve.points
    for point in curve.points:
        assert ("M1", "S1") in made(point.matching)
    assert "broken" in str(replace(curve))


def test_a_withdrawal_in_an_example_breaks_nothing_it_need_not() -> None:
    """Whoever leaves: as many pairs as there could be, at the price that the levels ask for."""
    old = rmatch.solve(rmatch.examples.path("two-trusts"))
    assert old.programme is not None
    for person in ("M02", "S03"):
        new = rmatch.rematch(old, withdrawn=[person])
        assert new.verify().ok
        assert new.status == "optimal"
        assert len(new.diff(old).broken) == new.objectives["changes"]
        cap = new.objectives["changes"]
        if isinstance(cap, int) and cap:
            capped = rmatch.rematch(old, withdrawn=[person], max_changes=cap - 1)
            before = ("pairs", "people", "priority")
            worth = [[one.objectives[name] for name in before] for one in (capped, new)]
            assert worth[0] < worth[1]


SWAPPED = {"mentors": [{"id": "S1"}], "mentees": [{"id": "M1"}]}


@pytest.mark.parametrize(
    "decisions",
    [
        (Forbid("M1", "S1"),),
        (Declared("M1", "S1", "family"),),
        (Approve("M1", "S1", acknowledged=True), End("M1", "S1", "concern")),
    ],
)
def test_what_the_ledger_rules_out_outlasts_leaving_and_changing_sides(
    three: rmatch.Matching, folder: Path, decisions: tuple[Decision, ...]
) -> None:
    """The programme keeps it too, so that late forms cannot bring the two together."""
    decide_all(three, folder, *decisions)
    left = rmatch.rematch(three, withdrawn=["M1", "S1"])
    assert left.programme is not None
    assert [(one.mentor, one.mentee) for one in left.programme.dormant] == [("M1", "S1")]
    back = rmatch.score(
        left.programme.merge({"mentors": [{"id": "M1"}], "mentees": [{"id": "S1"}]})
    )
    assert back.why_excluded("M1", "S1")
    swapped = rmatch.rematch(left, joined=SWAPPED)
    assert swapped.programme is not None
    assert swapped.scores is not None
    is_barred = ("S1", "M1") in swapped.programme.settings.must_not_pair
    assert is_barred or swapped.scores.why_excluded("S1", "M1")
    assert swapped.verify().ok


def test_a_kept_pair_of_people_who_changed_sides_is_no_pair_any_more(
    three: rmatch.Matching, folder: Path
) -> None:
    """It was kept with the two the other way round."""
    decide_all(three, folder, Keep("M1", "S1"))
    swapped = rmatch.rematch(rmatch.rematch(three, withdrawn=["M1", "S1"]), joined=SWAPPED)
    assert swapped.verify().ok


def test_whoever_leaves_now_is_not_asked_for(three: rmatch.Matching, folder: Path) -> None:
    """An approved pair of theirs is still under way in the ledger, which is written afterwards."""
    decide_all(three, folder, Approve("M1", "S1", acknowledged=True))
    new = rmatch.rematch(three, withdrawn=["M1"])
    assert new.programme is not None
    assert new.programme.notices == ()


def test_a_pair_that_had_ended_is_not_broken(three: rmatch.Matching, folder: Path) -> None:
    """No limit of changes counts it, so the diff may not either; and it says what happened."""
    decide_all(three, folder, Approve("M1", "S1", acknowledged=True), End("M1", "S1", "moved"))
    new = rmatch.rematch(three, keep=[("M2", "S1")], max_changes=1)
    changed = new.diff(three)
    assert changed.ended == (("M1", "S1"),)
    assert ("M1", "S1") not in changed.broken
    assert len(changed.broken) <= 1
    assert "1 had ended already" in str(changed)
    assert "had ended already, by what was decided." in str(changed)
    assert "left" not in str(changed).splitlines()[0]


def test_dormant_conflicts_of_late_forms_hold(three: rmatch.Matching, tmp_path: Path) -> None:
    """They are about people who are in the programme that is joined, or may be one day."""
    late = rmatch.Programme(
        mentors=[{"id": "M9"}],
        dormant=[{"mentor": "M9", "mentee": "S1"}, {"mentor": "M9", "mentee": "S77"}],
    )
    (tmp_path / "mentors.csv").write_text("id\nM9\n")
    (tmp_path / "mentees.csv").write_text("id\n")
    (tmp_path / "dormant.csv").write_text("mentor,mentee,rule\nM9,S1,\nM9,S77,\n")
    for joined in (late, tmp_path):
        new = rmatch.rematch(three, joined=joined)
        assert new.programme is not None
        assert new.scores is not None
        assert new.scores.why_excluded("M9", "S1") == ("confidential",)
        assert [one.mentee for one in new.programme.dormant] == ["S77"]
