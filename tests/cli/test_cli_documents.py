"""What ``rmatch solve`` and ``rmatch report`` leave for people to open."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import rmatch
from rmatch.run_folder import DOCUMENTS, documents_in

EXAMPLE = "east-of-england"


@pytest.fixture
def run(runs: dict[str, Path], tmp_path: Path) -> Path:
    """A run of the example without documents, to write into."""
    return Path(shutil.copytree(runs[EXAMPLE], tmp_path / "run"))


def _moved(workbook: Path) -> None:
    """Two mentees change places, as a coordinator would do it."""
    book = openpyxl.load_workbook(workbook)
    sheet = book["Pairs"]
    heads = {cell.value: cell.column for cell in sheet[_head(sheet)]}
    column, first = heads["Mentee"], _head(sheet) + 1
    one, other = sheet.cell(first, column), sheet.cell(first + 1, column)
    one.value, other.value = other.value, one.value
    book.save(workbook)


def _head(sheet: Any) -> int:
    return next(row[0].row for row in sheet.iter_rows() if "Mentee" in [c.value for c in row])


def test_solving_leaves_documents_and_says_which_to_open_first(call: Any, tmp_path: Path) -> None:
    """The coordinator's page is told first; all are in the folder, and the run still loads."""
    called = call("solve", rmatch.examples.path(EXAMPLE), "--out", "proposal")
    assert called.code == 0
    assert documents_in(tmp_path / "proposal") == DOCUMENTS
    lines = [
        line.split()[0] for line in called.out.split("Written to proposal:")[1].splitlines()[1:9]
    ]
    assert lines == [
        *("coordinator.html", "coordinator.xlsx", "report.html", "pairs.xlsx", "letters/"),
        *("pairs.csv", "run.json", "programme.json"),
    ]
    assert "open this first" in called.out
    assert len(list((tmp_path / "proposal" / "letters").glob("*.md"))) == 28
    assert rmatch.Matching.load(tmp_path / "proposal").status == "optimal"


def test_documents_can_be_left_out(call: Any, tmp_path: Path) -> None:
    """Then only the record of the run is written, and nothing else is told."""
    called = call("solve", rmatch.examples.path(EXAMPLE), "--out", "p", "--no-documents")
    assert (called.code, documents_in(tmp_path / "p")) == (0, ())
    assert "coordinator.html" not in called.out


def test_documents_are_made_again_from_a_run(call: Any, run: Path) -> None:
    """All of them, over those that are there; with names where asked for."""
    assert call("report", run).code == 0
    assert documents_in(run) == DOCUMENTS
    name = next(iter(rmatch.Matching.load(run).programme.mentors)).name
    assert name not in (run / "report.html").read_text(encoding="utf-8")
    assert call("report", run, "--names").code == 0
    assert name in (run / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["coordinator.xlsx", "pairs.xlsx"])
def test_a_workbook_with_moved_pairs_is_not_written_over(call: Any, run: Path, name: str) -> None:
    """The coordinator's moves would be lost: that is said, and --force does it all the same."""
    assert call("report", run).code == 0
    _moved(run / name)
    before = (run / name).read_bytes()
    called = call("report", "run")
    assert called.code == 1
    assert f"run/{name} was edited" in called.err
    assert (run / name).read_bytes() == before
    assert call("report", run, "--force").code == 0
    assert (run / name).read_bytes() != before


def test_moved_pairs_can_be_kept_with_documents_of_their_own(call: Any, run: Path) -> None:
    """What is allowed becomes a run; the workbook it came from stays as it was edited."""
    assert call("report", run).code == 0
    _moved(run / "coordinator.xlsx")
    called = call("check", run / "coordinator.xlsx", "--save", "mine")
    assert called.code == 0
    assert "coordinator.html" in called.out
    assert documents_in(run.parent / "mine") == DOCUMENTS
    kept = rmatch.load_pairs(run / "coordinator.xlsx")
    assert {(pair.mentor, pair.mentee) for pair in rmatch.Matching.load("mine").pairs} == set(kept)
    assert call("check", run.parent / "mine" / "coordinator.xlsx").out.startswith(
        "Nothing was moved"
    )


def test_a_rematch_leaves_documents_of_the_new_pairs(call: Any, run: Path) -> None:
    """The report is of the matching that was made; those of the run before stay."""
    assert call("report", run).code == 0
    before = (run / "report.html").read_bytes()
    called = call("rematch", run, "--withdrawn", "S07", "--out", "next", "--who", "AB")
    assert called.code == 0
    assert documents_in(run.parent / "next") == DOCUMENTS
    assert "coordinator.html" in called.out
    assert "S07" not in (run.parent / "next" / "report.html").read_text(encoding="utf-8")
    assert (run / "report.html").read_bytes() == before


def test_solving_again_does_not_lose_moved_pairs_either(call: Any, run: Path) -> None:
    """Not even with --force: the workbook has to be moved away first."""
    assert call("report", run).code == 0
    _moved(run / "coordinator.xlsx")
    called = call("solve", rmatch.examples.path(EXAMPLE), "--out", "run", "--force")
    assert called.code == 1
    assert "run/coordinator.xlsx was edited" in called.err
    assert documents_in(run) == DOCUMENTS


@pytest.mark.parametrize("name", ["own.html", "own.xlsx"])
def test_one_document_is_written_for_one_audience(call: Any, run: Path, name: str) -> None:
    """Where --out says; never over what is there, unless forced."""
    called = call("report", run, "--out", name, "--audience", "coordinator")
    assert (called.code, documents_in(run)) == (0, ())
    assert name in called.out
    again = call("report", run, "--out", name)
    assert again.code == 1
    assert "exists already" in again.err
    assert call("report", run, "--out", name, "--force").code == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--audience", "dean"), "--audience is"),
        (("--audience", "coordinator"), "goes with --out"),
        (("--out", "report.pdf"), "ends in .html or .xlsx"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(
    call: Any, run: Path, options: tuple[str, ...], said: str
) -> None:
    """With what would make sense, before anything is written."""
    called = call("report", run, *options)
    assert called.code == 2
    assert said in called.err
    assert documents_in(run) == ()
