"""One rematch after another: what the first was told, the next ones keep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rmatch
from deciding import WHEN, decide_all, made
from rmatch.rematching.decisions import (
    Approve,
    Capacity,
    Declared,
    Forbid,
    Join,
    Keep,
    Withdraw,
)
from rmatch.rematching.erasing import erase
from rmatch.rematching.ledger import read_ledger
from rmatch.rematching.states import PairState

Go = Callable[[rmatch.Matching], rmatch.Matching]


def programme() -> rmatch.Programme:
    """Three and three, each with a first choice."""
    return rmatch.Programme(
        mentors=[{"id": f"M{k}", "choices": [[f"S{k}"]]} for k in (1, 2, 3)],
        mentees=[{"id": f"S{k}", "choices": [[f"M{k}"]]} for k in (1, 2, 3)],
    )


@pytest.fixture
def first(tmp_path: Path) -> rmatch.Matching:
    """The first matching, in its run: M1 – S1, M2 – S2, M3 – S3."""
    matching = rmatch.solve(programme())
    matching.save(tmp_path / "run-0")
    return matching


@pytest.fixture(params=["in memory", "saved", "loaded", "saved over"])
def go_on(request: pytest.FixtureRequest, tmp_path: Path) -> Go:
    """What becomes of a matching before the next rematch."""
    runs = [tmp_path / "run-0"]

    def then(new: rmatch.Matching) -> rmatch.Matching:
        if request.param == "in memory":
            return new
        if request.param == "saved over":
            new.save(runs[-1], force=True, who="AB", when=WHEN)
            return new
        runs.append(new.save(tmp_path / f"run-{len(runs)}", after=runs[-1], who="AB", when=WHEN))
        return rmatch.Matching.load(runs[-1]) if request.param == "loaded" else new

    return then


def decide(matching: rmatch.Matching, *decisions: Any) -> None:
    """In the ledger of the first run."""
    decide_all(matching, matching.__dict__["decided_in"], *decisions)


def people(matching: rmatch.Matching) -> set[str]:
    """Who is in it."""
    assert matching.programme is not None
    return set(matching.programme.by_id)


def test_whoever_is_back_stays(first: rmatch.Matching, go_on: Go) -> None:
    """Though the ledger says that they withdrew once; until they leave again."""
    decide(first, Withdraw("S1"))
    gone = go_on(rmatch.rematch(first))
    back = go_on(rmatch.rematch(gone, joined={"mentees": [{"id": "S1"}]}))
    later = go_on(rmatch.rematch(back))
    assert [people(one) & {"S1"} for one in (gone, back, later)] == [set(), {"S1"}, {"S1"}]
    assert later.decided.withdrawn == {}
    again = go_on(rmatch.rematch(later, withdrawn=["S1"]))
    assert "S1" not in people(go_on(rmatch.rematch(again)))


def test_whoever_is_back_at_once_stays(first: rmatch.Matching, go_on: Go) -> None:
    """Somebody who withdrew in the ledger, and whose new form is there at the next rematch."""
    decide(first, Withdraw("S1"))
    back = go_on(rmatch.rematch(first, joined={"mentees": [{"id": "S1"}]}))
    assert "S1" in people(go_on(rmatch.rematch(back)))


def test_an_approved_pair_of_somebody_who_left_is_over(first: rmatch.Matching, go_on: Go) -> None:
    """Also once they are back: they may be proposed again, and nobody is bound."""
    decide(first, Approve("M1", "S1", acknowledged=True))
    gone = go_on(rmatch.rematch(first, withdrawn=["S1"]))
    back = go_on(rmatch.rematch(gone, joined={"mentees": [{"id": "S1"}]}))
    free = rmatch.rematch(back, keep=[("M1", "S2")])
    assert ("M1", "S2") in made(free)
    assert free.programme is not None
    assert free.programme.notices == ()
    assert back.decided.in_state(PairState.APPROVED) == ()


def test_other_places_are_the_last_that_were_said(first: rmatch.Matching, go_on: Go) -> None:
    """By whichever way."""
    decide(first, Capacity("M1", 2))
    fewer = go_on(rmatch.rematch(first, capacity={"M1": 0}))
    later = go_on(rmatch.rematch(fewer))
    assert later.programme is not None
    assert later.programme.by_id["M1"].capacity == 0
    assert "M1" in later.unmatched
    more = go_on(rmatch.rematch(later, capacity={"M1": 3}))
    assert more.decided.capacities["M1"] == 3


def test_what_is_kept_forbidden_or_a_conflict_stays_so(first: rmatch.Matching, go_on: Go) -> None:
    """Through two more rematches."""
    new = go_on(
        rmatch.rematch(first, keep=[("M1", "S2")], forbid=[("M2", "S1")], conflicts=[("M3", "S3")])
    )
    later = go_on(rmatch.rematch(go_on(rmatch.rematch(new))))
    assert made(new) == made(later) == {("M1", "S2"), ("M2", "S3"), ("M3", "S1")}
    assert set(later.decided.kept) == {("M1", "S2")}
    assert set(later.decided.forbidden) == {("M2", "S1")}
    assert set(later.decided.conflicts) == {("M3", "S3")}


def test_somebody_comes_back_on_the_other_side(first: rmatch.Matching, go_on: Go) -> None:
    """A mentee who is a mentor now; the ledger takes it too."""
    gone = go_on(rmatch.rematch(first, withdrawn=["S1"]))
    back = go_on(rmatch.rematch(gone, joined={"mentors": [{"id": "S1"}]}))
    later = go_on(rmatch.rematch(back))
    assert later.decided.joined == {"S1": "mentor"}
    assert later.programme is not None
    assert "S1" in {one.id for one in later.programme.mentors}


def test_whoever_is_back_can_be_named(first: rmatch.Matching) -> None:
    """In the same call in which they come back."""
    decide(first, Withdraw("S1"))
    back = rmatch.rematch(
        first, joined={"mentees": [{"id": "S1"}]}, keep=[("M2", "S1")], capacity={"S1": 2}
    )
    assert ("M2", "S1") in made(back)


# ------------------------------------------------------------------------------------ the ledger


def kinds(folder: Path) -> list[str]:
    """What its ledger holds."""
    return [entry.decision.kind for entry in read_ledger(folder).entries]


def test_what_several_rematches_were_told_is_written_once(
    first: rmatch.Matching, tmp_path: Path
) -> None:
    """In the order in which it was said, whether it is saved once or more than once."""
    gone = rmatch.rematch(first, withdrawn=["S1"])
    back = rmatch.rematch(gone, joined={"mentees": [{"id": "S1"}]}, capacity={"M2": 2})
    run = back.save(tmp_path / "run-1", after=tmp_path / "run-0", who="AB", when=WHEN)
    wanted = ["propose", "withdraw", "join", "capacity"]
    assert kinds(run) == wanted
    assert {entry.who for entry in read_ledger(run).by_id} == {"AB"}
    assert kinds(tmp_path / "run-0") == []
    back.save(run, force=True, when=WHEN)
    assert kinds(run) == wanted
    other = back.save(tmp_path / "run-2", after=tmp_path / "run-0", when=WHEN)
    assert kinds(other) == wanted
    assert {entry.who for entry in read_ledger(other).by_id} == {"not_given"}


def test_what_was_recorded_by_hand_is_not_written_again(
    first: rmatch.Matching, tmp_path: Path
) -> None:
    """Between the rematch and its being saved, or with another reason."""
    new = rmatch.rematch(first, withdrawn=["S1"], forbid=[("M2", "S3")])
    decide(first, Withdraw("S1", "away"), Forbid("M2", "S3"), Keep("M3", "S3"))
    run = new.save(tmp_path / "run-1", after=tmp_path / "run-0", who="AB", when=WHEN)
    assert kinds(run) == ["propose", "withdraw", "forbid", "keep"]


@pytest.mark.parametrize(
    ("decision", "said", "words"),
    [
        (Withdraw("S1"), {"joined": {"mentees": [{"id": "S1"}]}}, r"S1 withdrew \(entry 2\) and"),
        (Capacity("M1", 2), {"capacity": {"M1": 1}}, "M1 has places for 1 instead of 2"),
        (Keep("M1", "S1"), {"withdrawn": ["S1"]}, "S1 has left: M1 with S1 is agreed"),
        (Join("M9", "mentor"), {"withdrawn": ["M9"]}, "M9 joined and has left"),
        (
            Approve("M1", "S1", acknowledged=True),
            {"conflicts": [("M1", "S1")]},
            "M1 with S1 is agreed and has a conflict",
        ),
    ],
)
def test_what_goes_against_the_ledger_must_be_written_there(
    first: rmatch.Matching, tmp_path: Path, decision: Any, said: dict[str, Any], words: str
) -> None:
    """Without a moment to write it at, nothing is saved, and the error says what is missing."""
    old, run = first, tmp_path / "run-0"
    decide(first, decision)
    if isinstance(decision, Join):
        old = rmatch.rematch(first, joined={"mentors": [{"id": "M9"}]})
        old.save(run, force=True)
    new = rmatch.rematch(old, **said)
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    for how in ({"after": run}, {"force": True}):
        target = tmp_path / "run-1" if "after" in how else run
        with pytest.raises(rmatch.DecisionError, match=f"{words}.*give when="):
            new.save(target, **how)  # type: ignore[arg-type]
    assert not (tmp_path / "run-1").exists()
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before
    new.save(run, force=True, who="AB", when=WHEN)
    assert len(read_ledger(run).entries) > len(before["ledger.jsonl"].splitlines())


def test_what_the_ledger_is_silent_about_can_wait(first: rmatch.Matching, tmp_path: Path) -> None:
    """It is in the programme, and stays there."""
    new = rmatch.rematch(first, withdrawn=["S1"], capacity={"M2": 2}, forbid=[("M3", "S2")])
    run = new.save(tmp_path / "run-1", after=tmp_path / "run-0")
    assert kinds(run) == []
    later = rmatch.rematch(rmatch.Matching.load(run))
    assert later.programme is not None
    assert "S1" not in later.programme.by_id
    assert later.programme.by_id["M2"].capacity == 2
    assert ("M3", "S2") in later.programme.settings.must_not_pair


def test_what_the_ledger_refuses_is_refused_before_anything_is_written(
    first: rmatch.Matching, tmp_path: Path
) -> None:
    """A pair agreed to since is ended first; of what else was said no entry is there either."""
    new = rmatch.rematch(first, withdrawn=["S3"], forbid=[("M1", "S1")])
    decide(first, Approve("M1", "S1", acknowledged=True))
    for how in ({"after": tmp_path / "run-0"}, {"force": True}):
        target = tmp_path / ("run-1" if "after" in how else "run-0")
        with pytest.raises(rmatch.DecisionError, match="end it first"):
            new.save(target, **how, who="AB", when=WHEN)  # type: ignore[arg-type]
    assert kinds(tmp_path / "run-0") == ["propose", "approve"]
    assert not (tmp_path / "run-1").exists()


@pytest.mark.parametrize(
    "twice",
    [
        [{"withdrawn": ["S9"]}, {"joined": {"mentees": [{"id": "S9"}]}}],
        [{"capacity": {"M1": 1}}, {"capacity": {"M1": 2}}],
    ],
)
def test_what_was_said_and_taken_back_leaves_the_ledger_as_it_is(
    first: rmatch.Matching, tmp_path: Path, twice: list[dict[str, Any]]
) -> None:
    """Of two words that cancel each other the second is not lost because it was so before."""
    run = tmp_path / "run-0"
    new = rmatch.rematch(first, joined={"mentees": [{"id": "S9"}]}, capacity={"M1": 2})
    new.save(run, force=True, when=WHEN)
    for said in twice:
        new = rmatch.rematch(new, **said)
    new.save(run, force=True, when=WHEN)
    state = read_ledger(run).state
    assert (dict(state.withdrawn), dict(state.capacities)) == ({}, {"M1": 2})
    assert "S9" in people(rmatch.rematch(rmatch.Matching.load(run)))


def test_a_run_saved_without_a_moment_can_be_saved_again_with_one(
    first: rmatch.Matching, tmp_path: Path
) -> None:
    """Who left or came is in its programme already; the rest is written."""
    new = rmatch.rematch(
        first,
        withdrawn=["S1"],
        joined={"mentees": [{"id": "S9"}]},
        conflicts=[("M1", "S9")],
        capacity={"M2": 2},
    )
    later = rmatch.rematch(new, forbid=[("M3", "S9")])
    run = later.save(tmp_path / "run-1", after=tmp_path / "run-0")
    later.save(run, force=True, who="AB", when=WHEN)
    assert kinds(run) == ["propose", "conflict", "capacity", "forbid"]


def test_a_conflict_that_only_warns_goes_with_keeping_the_pair(
    first: rmatch.Matching, tmp_path: Path
) -> None:
    """As the ledger takes it; nor has the ledger anything against it where the pair is agreed."""
    known = {"mentor": "M1", "mentee": "S1", "rule": "prior_relationship"}
    new = rmatch.rematch(first, keep=[("M1", "S1")], conflicts=[known])
    run = new.save(tmp_path / "run-1", after=tmp_path / "run-0", when=WHEN)
    assert kinds(run) == ["propose", "conflict", "keep"]
    decide(first, Approve("M1", "S1", acknowledged=True))
    rmatch.rematch(first, conflicts=[known]).save(tmp_path / "run-2", after=tmp_path / "run-0")


@pytest.mark.parametrize(
    "beside",
    [
        lambda back: back.check_pairs([("M1", "S2")]).matching,
        lambda back: back.why_not("M1", "S2").alternative,
        lambda back: back.what_if(forbid=[("M1", "S1")]),
    ],
)
def test_a_matching_beside_another_knows_what_that_was_told(
    first: rmatch.Matching, tmp_path: Path, beside: Go
) -> None:
    """Edited pairs, the alternative of a why-not, a what-if: saved or matched again."""
    decide(first, Withdraw("S1"), Withdraw("S3"))
    run = tmp_path / "run-0"
    assert "S3" not in people(rmatch.rematch(beside(rmatch.Matching.load(run))))
    other = beside(rmatch.rematch(first, joined={"mentees": [{"id": "S1"}]}))
    with pytest.raises(rmatch.DecisionError, match=r"S1 withdrew.*and is back"):
        other.save(tmp_path / "run-1", after=run)
    other.save(tmp_path / "run-1", after=run, when=WHEN)
    assert people(rmatch.rematch(other)) & {"S1", "S3"} == {"S1"}


def test_a_point_of_the_trade_off_knows_what_it_was_told(
    first: rmatch.Matching, tmp_path: Path
) -> None:
    """Whichever is chosen and saved."""
    decide(first, Withdraw("S1"))
    curve = first.trade_off(joined={"mentees": [{"id": "S1"}]}, conflicts=[("M2", "S2")])
    run = curve.points[-1].matching.save(
        tmp_path / "run-1", after=tmp_path / "run-0", who="AB", when=WHEN
    )
    assert kinds(run) == ["propose", "withdraw", "join", "conflict"]
    assert [e.decision for e in read_ledger(run).by_id][-1] == Declared("M2", "S2")
    assert "S1" in people(rmatch.rematch(rmatch.Matching.load(run)))


@pytest.mark.parametrize("decision", [Approve("M1", "S1", acknowledged=True), Keep("M1", "S1")])
def test_after_an_erasure_their_partner_is_free(
    first: rmatch.Matching, tmp_path: Path, decision: Any
) -> None:
    """Nobody is asked to give a form for them or to withdraw them, then or ever after."""
    run = tmp_path / "run-0"
    decide(first, decision, Withdraw("S2"), Join("M9", "mentor"))
    erase(run, "S1")
    erase(run, "M9")
    left = rmatch.Matching.load(run)
    new = rmatch.rematch(left, keep=[("M1", "S3")])
    assert ("M1", "S3") in made(new)
    assert new.programme is not None
    assert new.programme.notices == ()
    later = rmatch.Matching.load(new.save(tmp_path / "run-1", after=run, who="AB", when=WHEN))
    again = rmatch.rematch(later)
    assert made(again) == made(new)
    assert again.programme is not None
    assert again.programme.notices == ()
    assert again.verify().ok
    assert len(later.decided.erased) == 2


@pytest.mark.parametrize("how", ["after", "force"])
def test_who_was_erased_does_not_come_back_with_a_rematch_made_before(
    first: rmatch.Matching, tmp_path: Path, how: str
) -> None:
    """It is refused before anything is written, into the ledger either."""
    run = tmp_path / "run-0"
    decide(first, Keep("M2", "S2"))
    new = rmatch.rematch(rmatch.rematch(first, capacity={"M1": 2}))
    erase(run, "S3")
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    target: dict[str, Any] = {"folder": run, "force": True}
    if how == "after":
        target = {"folder": tmp_path / "run-1", "after": run}
    with pytest.raises(rmatch.RunFolderError, match=r"S3 was erased from .*still holds them"):
        new.save(**target, who="AB", when=WHEN)
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before
    assert not (tmp_path / "run-1").exists()
