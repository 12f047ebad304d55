"""``rmatch record`` and ``rmatch rematch``: a run that lives on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_golden import assert_golden

import rmatch
from deciding import WHEN
from rmatch.cli.commands import record as record_command
from rmatch.cli.commands import rematch as rematch_command
from rmatch.cli.commands.record import Kind
from rmatch.rematching.decisions import KINDS
from rmatch.rematching.ledger import read_ledger

Call = Callable[..., Any]


@pytest.fixture
def run(runs: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of one's own, at one moment."""
    for module in (record_command, rematch_command):
        monkeypatch.setattr(module, "now", lambda: WHEN)
    shutil.copytree(runs["two-trusts"], tmp_path / "run")
    return Path("run")


def kinds(folder: Path) -> list[str]:
    """What the ledger holds."""
    return [entry.decision.kind for entry in read_ledger(folder).entries]


def test_a_rematch_tells_what_moved_and_the_ledger_goes_on(run: Path, call: Call) -> None:
    """Approved pairs stay; the run before stays as it is."""
    approved = call("record", run, "approve", "M05", "S18", "--who", "AB", "--acknowledge")
    assert (approved.code, approved.err) == (0, "")
    told = call(
        *(
            "rematch",
            "--no-documents",
            run,
            "--withdrawn",
            "M02",
            "--forbid",
            "M06:S10",
            "--max-changes",
            2,
        ),
        *("--who", "AB", "--out", "next"),
    )
    assert (told.code, told.err) == (0, "")
    assert_golden("rematch_two_trusts", told.out)
    assert kinds(run) == ["propose", "approve"]
    assert kinds(Path("next")) == ["propose", "approve", "withdraw", "forbid"]
    new = rmatch.Matching.load("next")
    assert ("M05", "S18") in {(pair.mentor, pair.mentee) for pair in new.pairs}
    assert new.decided.withdrawn == {"M02": 3}


def test_everything_that_can_happen_is_recorded(run: Path, call: Call) -> None:
    """Late forms, what is kept, conflicts and places; as JSON too."""
    late = Path("late")
    late.mkdir()
    (late / "mentors.csv").write_text("id\n")
    (late / "mentees.csv").write_text("id,choices\nS77,M01\n")
    told = call(
        *(
            "rematch",
            "--no-documents",
            run,
            "--joined",
            late,
            "--keep",
            "M05:S18",
            "--conflict",
            "M02:S10",
        ),
        *("--capacity", "S18:3", "--frozen", "none", "--json"),
    )
    assert told.code == 0, told.out
    assert told.json["run"] == "run-rematch"
    assert {"mentor": "M02", "mentee": "S10", "change": "excluded"} in told.json["changes"]
    assert kinds(Path("run-rematch")) == ["propose", "join", "conflict", "keep", "capacity"]


def test_a_pair_that_had_ended_is_called_so(run: Path, call: Call) -> None:
    """Also where the rematch itself has something to record."""
    for decision in (
        *(("approve", "M02", "S10", "--acknowledge"), ("end", "M02", "S10", "--reason", "moved")),
    ):
        assert call("record", run, *decision, "--who", "AB").code == 0
    told = call(
        "rematch",
        "--no-documents",
        run,
        "--keep",
        "M05:S10",
        "--who",
        "AB",
        "--out",
        "next",
        "--json",
    )
    assert told.code == 0
    assert kinds(Path("next"))[-1] == "keep"
    changes = {(one["mentor"], one["mentee"]): one["change"] for one in told.json["changes"]}
    assert changes["M02", "S10"] == "ended"


def test_what_is_decided_while_it_is_matched_is_not_passed_over(
    run: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new run would know of the decision and not heed it."""
    solve = rmatch.rematch

    def slow(*arguments: Any, **options: Any) -> rmatch.Matching:
        new = solve(*arguments, **options)
        decided = call("record", run, "approve", "M05", "S18", "--who", "CD", "--acknowledge")
        assert decided.code == 0
        return new

    monkeypatch.setattr(rmatch, "rematch", slow)
    told = call(
        "rematch", "--no-documents", run, "--withdrawn", "M02", "--who", "AB", "--out", "next"
    )
    assert (told.code, Path("next").exists()) == (1, False)
    assert "something was decided about run meanwhile; match it again" in told.err


def test_what_was_agreed_and_is_not_made_is_noted(run: Path, call: Call) -> None:
    """The ledger has it as agreed still, so that the next rematch would bring it back."""
    assert call("record", run, "approve", "M05", "S18", "--acknowledge", "--who", "AB").code == 0
    wanted = ("--keep", "M05:S10", "--frozen", "none", "--who", "AB")
    told = call("rematch", "--no-documents", run, *wanted, "--out", "next")
    assert told.code == 0
    assert "Agreed to, and not made now: M05 with S18." in " ".join(told.err.split())
    assert call("record", "next", "end", "M05", "S18", "--reason", "moved", "--who", "AB").code == 0
    assert call("rematch", "--no-documents", "next", "--who", "AB", "--out", "last").err == ""


def test_nothing_signed_is_said(run: Path, call: Call) -> None:
    """A decision that nobody stands for is noted as that."""
    told = call("rematch", "--no-documents", run, "--withdrawn", "M02")
    assert "Nobody is noted as having decided this" in told.err
    again = call("rematch", "--no-documents", run, "--withdrawn", "M02")
    assert (again.code, "exists already" in " ".join(again.err.split())) == (1, True)
    assert (
        call("rematch", "--no-documents", run, "--withdrawn", "M02", "--force", "--who", "AB").err
        == ""
    )


def test_mistakes_are_listed_and_nothing_is_written(run: Path, call: Call) -> None:
    """Unknown people, what cannot hold, a pair that has to be ended first."""
    told = call("rematch", "--no-documents", run, "--withdrawn", "M99", "--keep", "S18:M05")
    assert told.code == 1
    assert "2 problems in the input" in told.err
    call("record", run, "approve", "M05", "S18", "--who", "AB", "--acknowledge")
    told = call("rematch", "--no-documents", run, "--forbid", "M05:S18")
    assert (told.code, "end it first" in told.err) == (1, True)
    assert not Path("run-rematch").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--keep", "M05"],
        ["--conflict", "M05:"],
        ["--capacity", "S18:two"],
        ["--capacity", "S18"],
        ["--keep", "M05:S18:S19"],
        ["--frozen", "aproved"],
        ["--max-changes", "-1"],
    ],
)
def test_a_call_that_makes_no_sense_is_refused(run: Path, call: Call, arguments: list[str]) -> None:
    """Before anything is read."""
    assert call("rematch", "--no-documents", run, *arguments).code == 2


def test_a_pair_goes_through_its_states(run: Path, call: Call) -> None:
    """One command for every move; what is not allowed says what is."""
    asked = call("record", run, "approve", "M05", "S18", "--who", "AB")
    assert "approve with --acknowledge" in " ".join(asked.err.split())
    for words in (
        ["approve", "M05", "S18", "--acknowledge"],
        ["offer", "M05", "S18", "--to", "both"],
        ["accept", "M05", "S18", "--by", "mentor"],
        ["accept", "M05", "S18", "--by", "mentee", "--reason", "in_writing"],
        ["start", "M05", "S18"],
        ["end", "M05", "S18", "--reason", "moved"],
        ["conflict", "M06", "S01", "--rule", "family", "--until", "2027-01-31"],
        ["capacity", "S18", "2"],
        ["join", "M77", "mentor"],
        ["withdraw", "M77", "--reason", "own_wish"],
        ["undo", "11"],
    ):
        told = call("record", run, *words, "--who", "AB")
        assert (told.code, told.err) == (0, ""), told.err
    assert_golden("record_log", call("log", run).out.split("\n\nThe chain")[0] + "\n")
    told = call("record", run, "start", "M05", "S18", "--who", "AB")
    assert (told.code, "nothing more can be done" in " ".join(told.err.split())) == (1, True)


def test_what_somebody_should_look_at_is_noted(run: Path, call: Call) -> None:
    """Approved by one of the two alone; nobody named; the same as JSON."""
    told = call("record", run, "approve", "M05", "S18", "--acknowledge", "--who", "S18")
    assert "coordinator_self" in told.err
    told = call("record", run, "capacity", "S18", "2")
    assert "say who with --who" in " ".join(told.err.split())
    told = call("record", run, "undo", "3", "--who", "AB", "--json")
    assert (told.json["number"], told.json["kind"], told.json["who"]) == (4, "undo", "AB")


@pytest.mark.parametrize(
    "words",
    [
        ["approve", "M05"],
        ["withdraw", "M05", "S18"],
        ["join", "M77"],
        ["capacity", "S18", "two"],
        ["undo", "last"],
        ["accept", "M05", "S18"],
        ["end", "M05", "S18"],
        ["keep", "M05", "S18", "--by", "mentor"],
        ["keep", "M05", "S18", "--acknowledge"],
        ["propose", "M05", "S18"],
    ],
)
def test_a_decision_that_says_too_little_or_too_much(
    run: Path, call: Call, words: list[str]
) -> None:
    """Is a mistake in the call, and nothing is written."""
    assert call("record", run, *words, "--who", "AB").code == 2
    assert kinds(run) == []


def test_every_kind_of_decision_has_its_command() -> None:
    """But what the ledger writes itself."""
    assert {kind.value for kind in Kind} == set(KINDS) - {"propose"}


def test_all_pairs_are_approved_but_those_to_be_asked_about(run: Path, call: Call) -> None:
    """One pair, then all; what could not be checked waits until it is acknowledged."""
    one = call("approve", run, "M05", "S18", "--who", "AB", "--acknowledge")
    assert (one.code, one.err) == (0, "")
    told = call("approve", run, "--all", "--who", "AB")
    assert told.code == 0
    made = len(rmatch.Matching.load(run).pairs)
    waiting = len(re.findall(r"M\d+\s+with\s+S\d+", told.err))
    assert waiting > 0
    assert "Not approved, because rules could not be checked" in told.err
    assert f"{made - 1 - waiting} pairs approved." in told.out
    rest = call("approve", run, "--all", "--acknowledge", "--who", "AB", "--json")
    assert (rest.code, len(rest.json["approved"]), rest.json["left"]) == (0, waiting, [])
    assert kinds(run).count("approve") == made
    assert call("approve", run, "--all", "--who", "AB").out.startswith("0 pairs approved.")


def test_pairs_that_were_called_off_do_not_stop_the_others(run: Path, call: Call) -> None:
    """They are named; what a rematch proposes again is approved like any other."""
    for decision in (
        ("forbid", "M01", "S06"),
        *(("approve", "M02", "S10", "--acknowledge"), ("end", "M02", "S10", "--reason", "moved")),
    ):
        assert call("record", run, *decision, "--who", "AB").code == 0
    told = call("approve", run, "--all", "--acknowledge", "--who", "AB")
    made = len(rmatch.Matching.load(run).pairs)
    assert (told.code, kinds(run).count("approve")) == (0, made - 1)
    assert "over or may not be made any more: M01 with S06, M02 with S10." in " ".join(
        told.err.split()
    )
    assert (
        call(
            "rematch", "--no-documents", run, "--keep", "M02:S10", "--who", "AB", "--out", "next"
        ).code
        == 0
    )
    told = call("approve", "next", "--all", "--acknowledge", "--who", "AB", "--json")
    approved = {(one["fields"]["mentor"], one["fields"]["mentee"]) for one in told.json["approved"]}
    assert ("M02", "S10") in approved


def test_pairs_beyond_the_places_by_now_do_not_stop_the_others(run: Path, call: Call) -> None:
    """They are named, and left to a rematch; one of them alone is refused."""
    first = rmatch.Matching.load(run).pairs[0]
    call("record", run, "capacity", first.mentor, "0", "--who", "AB")
    made = len(rmatch.Matching.load(run).pairs)
    told = call("approve", run, "--all", "--acknowledge", "--who", "AB")
    assert (told.code, kinds(run).count("approve")) == (0, made - 1)
    named = f"one of them has no place left: {first.mentor} with {first.mentee}."
    assert named in " ".join(told.err.split())
    alone = call("approve", run, first.mentor, first.mentee, "--acknowledge", "--who", "AB")
    assert alone.code == 1
    assert f"{first.mentor} has places for 0" in " ".join(alone.err.split())


@pytest.mark.parametrize("given", [(), ("M05",), ("M05", "S18", "--all")])
def test_approve_needs_a_pair_or_all(run: Path, call: Call, given: tuple[str, ...]) -> None:
    """Nothing is approved by leaving something out."""
    told = call("approve", run, *given)
    assert told.code == 2
    assert "Give MENTOR and MENTEE, or --all." in told.err
    assert kinds(run) == []
