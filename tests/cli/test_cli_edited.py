"""``rmatch check`` of pairs that a coordinator edited."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from cli_golden import assert_golden

import rmatch

Call = Callable[..., Any]
MOVED = {"M01": "S07", "M02": "S04"}
NOT_ALLOWED = {"M03": "S11", "M04": "S06"}


@pytest.fixture
def run(runs: dict[str, Path], tmp_path: Path) -> Path:
    """A run of one's own, to edit in."""
    return Path(shutil.copytree(runs["east-of-england"], tmp_path / "run"))


def edited(run: Path, path: Path, moves: dict[str, str]) -> Path:
    """``pairs.csv`` with some mentors given another mentee."""
    with (run / "pairs.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    moved = [[row[0], moves.get(row[0], row[1]), *row[2:]] for row in rows]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(moved)
    return path


def test_moves_that_break_something_read_as_agreed(run: Path, call: Call) -> None:
    """And the exit code says so."""
    path = edited(run, Path("edited.csv"), {**MOVED, **NOT_ALLOWED})
    called = call("check", path, "--run", run)
    assert (called.code, called.err) == (1, "")
    assert_golden("check_edited", called.out)


def test_pairs_in_a_run_folder_are_checked_against_it(run: Path, call: Call) -> None:
    """Nothing is written, and what to do next is said."""
    path = edited(run, run / "pairs.csv", MOVED)
    called = call("check", path)
    assert called.code == 0
    assert called.out.startswith("Allowed. 1 move: 2 pairs out, 2 in.\n")
    assert f"  rmatch check {path} --run {run} --save FOLDER\n" in called.out


def test_the_workbook_is_checked_like_pairs_csv(run: Path, call: Call) -> None:
    """Edited where it lies, in the run folder."""
    path = rmatch.Matching.load(run).to_excel(run / "pairs.xlsx", "coordinator", time_limit=0)
    book = openpyxl.load_workbook(path)
    for row in book["Pairs"].iter_rows(min_row=2):
        row[1].value = MOVED.get(str(row[0].value), row[1].value)
    book.save(path)
    called = call("check", path)
    assert (called.code, called.err) == (0, "")
    assert called.out.startswith("Allowed. 1 move: 2 pairs out, 2 in.\n")


def test_what_is_allowed_is_kept_where_asked_with_its_decisions(run: Path, call: Call) -> None:
    """As a run of its own, which the run before does not notice."""
    assert call("approve", run, "M05", "S12", "--acknowledge", "--who", "AB").code == 0
    path = edited(run, Path("edited.csv"), MOVED)
    called = call("check", path, "--run", run, "--save", "kept")
    assert called.code == 0
    assert "in which the decisions so far go on, to:\n  kept\n" in called.out
    kept = rmatch.Matching.load("kept")
    assert {(p.mentor, p.mentee) for p in kept.pairs} >= set(MOVED.items())
    assert ("M05", "S12") in kept.decided.pairs
    assert ("M01", "S04") in {(p.mentor, p.mentee) for p in rmatch.Matching.load(run).pairs}
    again = call("check", path, "--run", run, "--save", "kept")
    assert (again.code, "exists already" in again.err) == (1, True)


def test_what_is_not_allowed_is_not_kept(run: Path, call: Call) -> None:
    """It is told, and nothing is written."""
    path = edited(run, Path("edited.csv"), NOT_ALLOWED)
    called = call("check", path, "--run", run, "--save", "kept")
    assert (called.code, "Nothing was saved" in called.err) == (1, True)
    assert not Path("kept").exists()


def test_json_for_a_program(run: Path, call: Call) -> None:
    """Every move with what it breaks, every level before and after."""
    path = edited(run, Path("edited.csv"), {**MOVED, **NOT_ALLOWED})
    called = call("check", path, "--run", run, "--json")
    document = called.json
    assert (called.code, document["ok"], document["saved"]) == (1, False, None)
    broken = {
        (pair["mentor"], pair["mentee"])
        for move in document["moves"]
        for pair in move["put_in"]
        if pair["broken"]
    }
    assert ("M03", "S11") in broken
    assert not broken & set(MOVED.items())
    assert {level["name"]: level["before"] for level in document["levels"]}["pairs"] == 14


def test_problems_of_the_table_are_results(run: Path, call: Call) -> None:
    """With their places and the nearest id, on stdout like those of a cohort."""
    path = edited(run, Path("edited.csv"), {"M01": "S7O", "M02": "M03"})
    called = call("check", path, "--run", run)
    assert (called.code, called.err) == (1, "")
    assert "2 problems to put right" in called.out
    assert "row 2, column mentee: 'S7O' is no mentee of this programme" in called.out
    error = call("check", path, "--run", run, "--json").json["error"]
    assert [one["row"] for one in error["problems"]] == [2, 3]


def test_a_misfit_is_told_for_what_it_looks_like(run: Path, call: Call) -> None:
    """A cohort with --run, pairs without a run, and options of the other kind."""
    cohort = rmatch.examples.path("east-of-england", workbook=True)
    called = call("check", cohort, "--run", run)
    assert (called.code, "looks like a cohort, not like pairs" in called.out) == (1, True)
    path = edited(run, Path("edited.csv"), MOVED)
    called = call("check", path)
    assert (called.code, "looks like pairs, not like a cohort" in called.err) == (2, True)
    for options in (["--since", cohort], ["--columns", "x.toml"]):
        called = call("check", path, "--run", run, *options)
        assert (called.code, "checked on their own" in called.err) == (2, True)
    assert call("check", "--run", run).code == 2
    assert call("check", cohort, "--save", "kept").code == 2


def test_names_only_where_asked(run: Path, call: Call) -> None:
    """Beside the ids."""
    name = next(p.name for p in rmatch.Matching.load(run).programme.people if p.id == "M01")
    path = edited(run, Path("edited.csv"), MOVED)
    assert str(name) not in call("check", path, "--run", run).out
    assert str(name).split()[0] in call("check", path, "--run", run, "--names").out


@pytest.mark.usefixtures("_failing_audit")
def test_what_fails_its_audit_is_not_kept(run: Path, call: Call) -> None:
    """As with every other result."""
    path = edited(run, Path("edited.csv"), MOVED)
    called = call("check", path, "--run", run, "--save", "kept")
    assert (called.code, "failed its own check" in called.err) == (1, True)
    assert not Path("kept").exists()
