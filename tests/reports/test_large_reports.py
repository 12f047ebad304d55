"""What a report of a large programme leaves out, and where it says so."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import rmatch
from rmatch import examples
from rmatch.matching import Matching
from rmatch.reports import extent
from rmatch.reports.documents import write_documents
from rmatch.reports.page import page_html
from rmatch.reports.viewing import report_view

TO_ASK = "rmatch explain RUN MENTOR MENTEE"


@pytest.fixture(scope="module")
def listed() -> Matching:
    """Made of candidates."""
    return rmatch.solve(examples.path("east-of-england"), candidates=3)


def page(matching: Matching, audience: str = "coordinator") -> str:
    """The report, with nothing solved for it."""
    return page_html(report_view(matching, audience, time_limit=0))


def test_a_large_programme_has_no_explorer_and_its_page_says_what_to_ask_instead(
    east: Matching, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to the limit every pair has its answer; beyond it none has."""
    assert TO_ASK not in page(east).partition("<noscript>")[0]
    monkeypatch.setattr(extent, "MOST_PAIRS", 14 * 14)
    assert report_view(east, "coordinator", time_limit=0).left_out == ""
    monkeypatch.setattr(extent, "MOST_PAIRS", 14 * 14 - 1)
    html = page(east)
    assert TO_ASK in html
    assert "14 mentors and 14 mentees are more than a report holds" in html
    assert 'id="answers"' not in html


def test_a_page_of_candidates_says_that_other_pairs_are_asked_for(listed: Matching) -> None:
    """And not that they are many."""
    html = page(listed)
    assert TO_ASK in html
    assert "Only each person&#39;s candidates were looked at, so" in html


@pytest.mark.parametrize("audience", ["coordinator", "panel", "auditor"])
def test_what_is_proved_among_candidates_is_called_no_more(listed: Matching, audience: str) -> None:
    """Every audience reads that other pairs were not looked at."""
    assert listed.status == "optimal"
    view = report_view(listed, audience, time_limit=0)
    assert "proved the best possible among the candidates in" in view.headline
    texts = " ".join(line for section in view.summary for line in section.lines)
    assert "no other was looked at" in texts
    assert "no matching of these candidates does better" in texts
    assert "no two people who may be paired" not in texts


def test_a_workbook_without_all_scores_says_so_and_offers_no_list_to_pick_from(
    listed: Matching, tmp_path: Path
) -> None:
    """The mentee's id is written instead."""
    book = openpyxl.load_workbook(listed.to_excel(tmp_path / "own.xlsx", "coordinator"))
    assert "Score array" not in book.sheetnames
    texts = [str(cell.value) for row in book["Settings"].rows for cell in row]
    assert any("there is no sheet of all scores" in text for text in texts)
    notes = [str(row[0].value) for row in book["Pairs"].rows]
    assert any("write another mentee's id in the column Mentee" in note for note in notes)


@pytest.mark.parametrize("audience", ["panel", "auditor"])
def test_whoever_has_no_explorer_reads_the_same_of_a_large_programme(
    east: Matching, monkeypatch: pytest.MonkeyPatch, audience: str
) -> None:
    """What they never see is nothing that was left out."""
    before = page(east, audience)
    monkeypatch.setattr(extent, "MOST_PAIRS", 1)
    assert page(east, audience) == before


def test_documents_are_checked_once_and_say_what_is_being_written(
    east: Matching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at all where the verdict is known."""
    run, verify = east.save(tmp_path / "run"), Matching.verify
    checked: list[Matching] = []
    steps: list[str] = []

    def counted(matching: Matching) -> rmatch.audit.Audit:
        checked.append(matching)
        return verify(matching)

    monkeypatch.setattr(Matching, "verify", counted)
    write_documents(east, run, time_limit=0, told=steps.append)
    assert len(checked) == 1
    assert steps == [
        "why pairs were not made",
        "coordinator.html and coordinator.xlsx",
        "what speaks for each pair",
        "report.html and pairs.xlsx",
        "letters",
    ]
    write_documents(east, run, time_limit=0, audit=verify(east))
    assert len(checked) == 1
