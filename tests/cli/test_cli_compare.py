"""``rmatch compare``: a table, plain words, a picture, and nothing replaced unasked."""

from __future__ import annotations

import csv
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_cohorts import write_table
from cli_golden import assert_golden

import rmatch
from rmatch.cli.commands import compare
from rmatch.comparing import picture

pytest.importorskip("altair", reason="altair is not installed: pip install 'rmatch[compare]'")
pytest.importorskip("vl_convert", reason="vl-convert is missing: pip install 'rmatch[compare]'")
pytest.importorskip("scipy", reason="scipy is not installed: pip install 'rmatch[compare]'")

Call = Callable[..., Any]
EAST = rmatch.examples.path("east-of-england")
QUICK = ("--strategy", "stable", "--strategy", "greedy")


@pytest.fixture
def by_hand(tmp_path: Path) -> Path:
    """Mentors and mentees paired as they stand in the lists."""
    programme = rmatch.load(EAST)
    pairs = zip(programme.mentors, programme.mentees, strict=True)
    path = tmp_path / "by-hand.csv"
    write_table(path, [["Mentor", "Mentee"], *([one.id, other.id] for one, other in pairs)])
    return path


def test_a_comparison_with_pairs_made_by_hand_reads_as_agreed(call: Call, by_hand: Path) -> None:
    """The table, what is to be seen in it, which pairs were left out, and where the picture is."""
    called = call(
        *("compare", EAST, *QUICK, "--strategy", "deferred_acceptance", "--by-hand", by_hand)
    )
    assert (called.code, called.err) == (0, "")
    assert max(map(len, called.out.splitlines())) <= 80
    assert_golden("compare_by_hand", called.out)
    assert Path("comparison.svg").read_text(encoding="utf-8").startswith("<svg")


def test_nobody_is_named_on_screen_or_in_any_file(call: Call, by_hand: Path) -> None:
    """Ids alone, whatever is written."""
    called = call("compare", EAST, *QUICK, "--by-hand", by_hand, "--csv", "runs.csv")
    files = [Path(name).read_text(encoding="utf-8") for name in ("comparison.svg", "runs.csv")]
    names = [person.name for person in rmatch.load(EAST).people if person.name]
    assert len(names) == 28
    assert [name for text in (called.out, *files) for name in names if name in text] == []


@pytest.mark.parametrize(
    ("name", "beginning"), [("a.svg", b"<svg"), ("a.PNG", b"\x89PNG"), ("a.html", b"<!DOCTYPE")]
)
def test_the_picture_is_what_its_ending_says(call: Call, name: str, beginning: bytes) -> None:
    """A drawing, pixels or a page, under the name asked for and no other."""
    called = call("compare", EAST, *QUICK, "--picture", name)
    assert called.out.endswith(f"\nWritten:\n  {name}\n")
    assert Path(name).read_bytes().lstrip()[:9].upper().startswith(beginning.upper())
    assert [path.name for path in Path.cwd().iterdir()] == [name]


def test_a_page_fetches_nothing(call: Call) -> None:
    """Its scripts are its own, and no action would send the chart elsewhere."""
    call("compare", EAST, *QUICK, "--picture", "a.html")
    assert "cdn.jsdelivr.net" not in Path("a.html").read_text(encoding="utf-8")


def test_what_is_there_is_replaced_only_where_forced(call: Call) -> None:
    """Said before any work is done; the table of runs is held the same way."""
    for option, name in (("--picture", "a.svg"), ("--csv", "runs.csv")):
        Path(name).write_text("mine", encoding="utf-8")
        refused = call("compare", EAST, *QUICK, option, name)
        assert (refused.code, refused.out) == (1, "")
        assert "exists already" in refused.err
        assert Path(name).read_text(encoding="utf-8") == "mine"
        assert call("compare", EAST, *QUICK, option, name, "--force").code == 0
        assert Path(name).read_text(encoding="utf-8") != "mine"


def test_the_table_of_runs_has_a_row_each(call: Call) -> None:
    """Every strategy with every seed."""
    assert call("compare", EAST, *QUICK, "--seeds", "2", "--csv", "runs.csv").code == 0
    with Path("runs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted((row["strategy"], row["seed"]) for row in rows) == [
        *(("greedy", "0"), ("greedy", "1"), ("stable", "0"), ("stable", "1"))
    ]
    assert {row["case"] for row in rows} == {"east-of-england"}


def test_the_document_says_the_same(call: Call) -> None:
    """Runs, metrics with their meanings, and the summary beside the baseline asked for."""
    document = call("compare", EAST, *QUICK, "--baseline", "greedy", "--json").json
    assert document["strategies"] == ["stable", "greedy"]
    assert [run["values"]["pairs"] for run in document["runs"]] == [14, 11]
    totals = [run["values"]["total_score"] for run in document["runs"]]
    frame = rmatch.compare(EAST, ["stable", "greedy"], metrics=["total_score"]).to_frame()
    assert totals == list(frame["total_score"])
    assert {"name": "pairs", "better": "more"}.items() <= document["metrics"][0].items()
    stable = next(
        row
        for row in document["summary"]
        if (row["strategy"], row["metric"]) == ("stable", "pairs")
    )
    assert (stable["difference"], stable["better"]) == (3.0, 1)
    assert document["written"] == ["comparison.svg"]


def test_generated_cohorts_are_compared_with_intervals(call: Call) -> None:
    """Ten are enough; nobody is in them."""
    called = call("compare", "--generate", "pairs_14", "--count", "10", "--strategy", "greedy")
    assert called.code == 0
    assert called.out.startswith("1 strategy over 10 cohorts\n")
    assert "Means over 10 cohorts, with 95 % intervals." in called.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Give COHORT, or --generate SHAPE."),
        ((EAST, "--generate", "pairs_14"), "Give COHORT, or --generate SHAPE."),
        ((EAST, "--strategy", "best"), "There is no strategy best; there are stable,"),
        ((EAST, *QUICK, *QUICK), "--strategy stable, greedy is given twice."),
        ((EAST, "--baseline", "best"), "--baseline best is not compared; there are stable,"),
        ((EAST, "--baseline", "by_hand"), "--baseline by_hand is not compared"),
        (("--generate", "pairs_9"), "There is no shape pairs_9; there are pairs_14,"),
        (("--generate", "pairs_14", "--by-hand", "x.csv"), "--by-hand needs COHORT"),
        ((EAST, "--picture", "a.pdf"), "--picture a.pdf must end in .svg, .png, .html."),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(
    call: Call, arguments: tuple[object, ...], told: str
) -> None:
    """Before anything is read or written, with what it takes."""
    called = call("compare", *arguments)
    assert (called.code, called.out) == (2, "")
    assert told in " ".join(called.err.split())
    assert list(Path.cwd().iterdir()) == []


def test_without_what_draws_the_table_is_printed_and_the_extra_named(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The picture is missing and nothing else; asked for by name, it is an error."""
    monkeypatch.setattr(picture, "find_spec", lambda _: None)
    called = call("compare", EAST, *QUICK)
    assert called.code == 0
    assert "stable makes 14 pairs, and no pair blocks." in called.out
    assert "No picture: writing the picture needs vl-convert-python" in called.err
    assert "pip install 'rmatch[compare]'" in " ".join(called.err.split())
    assert list(Path.cwd().iterdir()) == []
    assert call("compare", EAST, *QUICK, "--picture", "a.svg").code == 2


def test_ctrl_c_ends_the_processes_without_a_word() -> None:
    """It reaches them as it reaches this one, and would print a traceback for each."""
    with compare._executor(2) as executor:
        assert executor is not None
        assert executor.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_DFL


def test_what_makes_intervals_is_missed_before_the_work_is_done(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there are units enough for intervals, and nowhere else."""
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "scipy", None)
        patch.setattr(rmatch, "compare", lambda *_, **__: pytest.fail("the work was begun"))
        called = call("compare", "--generate", "pairs_14", "--count", "10")
    assert (called.code, called.out) == (2, "")
    assert "needs scipy: pip install 'rmatch[compare]'" in " ".join(called.err.split())
    monkeypatch.setitem(sys.modules, "scipy", None)
    called = call("compare", "--generate", "pairs_14", "--count", "2", "--strategy", "greedy")
    assert (called.code, called.out[:25]) == (0, "1 strategy over 2 cohorts")


def test_mistakes_in_the_sheet_are_told_with_their_places(call: Call, by_hand: Path) -> None:
    """All of them, and nothing is written."""
    with by_hand.open("a", encoding="utf-8") as file:
        file.write("M99,S01\nM01,S77\n")
    called = call("compare", EAST, *QUICK, "--by-hand", by_hand)
    assert (called.code, called.out) == (1, "")
    assert "2 problems in the input" in called.err
    assert not Path("comparison.svg").exists()
