"""``rmatch letters``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import rmatch
from rmatch.instance import Instance

Runs = dict[str, Path]


def test_letters_are_written_and_what_is_open_is_said(
    call: Any, runs: Runs, tmp_path: Path
) -> None:
    called = call("letters", runs["two-trusts"], "--out", "letters")
    assert called.code == 0
    assert called.out.splitlines()[0] == "Wrote 67 letters to letters"
    assert called.out.splitlines()[-1] == f"  {Path('letters', 'letters.csv')}"
    assert "still to be asked before these pairs are approved" in called.err
    assert len(list((tmp_path / "letters").glob("*.md"))) == 67


def test_nothing_is_said_of_questions_where_there_are_none(call: Any, tmp_path: Path) -> None:
    told = {"conflicts_confirmed": True}
    programme = rmatch.Programme(mentors=[{"id": "M1", "capacity": 0, **told}])
    run = rmatch.solve(programme).save(tmp_path / "run")
    called = call("letters", run, "--out", "letters")
    assert (called.code, called.err) == (0, "")
    assert called.out.startswith("Wrote 1 letter to letters\n")


def test_an_earlier_folder_is_kept_unless_forced(call: Any, runs: Runs, tmp_path: Path) -> None:
    run = runs["east-of-england"]
    assert call("letters", run, "--out", "letters").code == 0
    called = call("letters", run, "--out", "letters")
    assert (called.code, called.out) == (1, "")
    assert "--force" in called.err
    assert call("letters", run, "--out", "letters", "--force").code == 0
    (tmp_path / "letters" / "mine.txt").write_text("x")
    called = call("letters", run, "--out", "letters", "--force")
    assert (called.code, called.out) == (1, "")
    assert "mine.txt" in called.err


def test_own_templates_are_used_or_refused_line_by_line(
    call: Any, runs: Runs, tmp_path: Path
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "matched.md").write_text("Hello {{ name }}\n")
    arguments = ("letters", runs["east-of-england"], "--out", "letters", "--templates", folder)
    assert call(*arguments).code == 0
    assert (tmp_path / "letters" / "M01.md").read_text() == "Hello Adaeze Nwankiti\n"
    (folder / "matched.md").write_text("Hello\n{{ rank }} {{ partners[0].name }}\n")
    called = call(*arguments, "--force")
    assert (called.code, called.out) == (1, "")
    assert called.err.startswith("2 problems in the input\n\nmatched.md:\n  - line 2: names 'rank'")
    assert (tmp_path / "letters" / "M01.md").read_text() == "Hello Adaeze Nwankiti\n"


def test_a_folder_of_which_nobody_can_tell_is_refused(call: Any, runs: Runs) -> None:
    """A name too long is told like every other, not in a traceback."""
    called = call("letters", runs["east-of-england"], "--out", "x" * 300)
    assert called.code == 1
    assert "cannot be written: File name too long" in " ".join(called.err.split())


def test_a_run_without_people_has_nobody_to_write_to(call: Any, tmp_path: Path) -> None:
    run = rmatch.solve(Instance.from_rankings([[[0]]], [[[0]]])).save(tmp_path / "run")
    called = call("letters", run, "--out", "letters")
    assert (called.code, called.out) == (1, "")
    assert "nobody to write to" in called.err


def test_out_must_be_given_and_the_run_must_be_one(call: Any, runs: Runs) -> None:
    assert call("letters", runs["east-of-england"]).code == 2
    called = call("letters", "nowhere", "--out", "letters")
    assert (called.code, called.out) == (1, "")
    assert "nowhere" in called.err


def test_a_run_made_with_criteria_of_ones_own_is_for_python(
    call: Any, runs: Runs, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    for file in runs["east-of-england"].iterdir():
        (run / file.name).write_bytes(file.read_bytes())
    record = json.loads((run / "run.json").read_text()) | {"custom": ["commute"]}
    (run / "run.json").write_text(json.dumps(record))
    called = call("letters", run, "--out", "letters")
    assert (called.code, called.out) == (1, "")
    assert "commute" in called.err
