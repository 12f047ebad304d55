"""The sheet Dormant: conflicts with people who are not in the cohort."""

from __future__ import annotations

from pathlib import Path

import pytest
from io_cohort import problems_of, where

import rmatch.io
from rmatch.programme import Conflict


def folder(path: Path, dormant: str) -> Path:
    """Two a side, two of whom share a name, and a dormant.csv."""
    (path / "mentors.csv").write_text("id,name,email\nM1,Ann Bell,a@b.example\nM2,Ann Bell,\n")
    (path / "mentees.csv").write_text("id\nS1\nS2\n")
    (path / "dormant.csv").write_text(dormant)
    return path


def test_people_who_are_not_there_are_no_mistake(tmp_path: Path) -> None:
    text = "Mentor,mentee,rule,until\nM77,S1,Close family / partner / personal relationship,\n"
    loaded = rmatch.io.load(folder(tmp_path, f"{text}M1,S88,,2027-01-31\n"))
    assert [str(notice) for notice in loaded.notices] == []
    assert [one.model_dump(mode="json") for one in loaded.dormant] == [
        {"mentor": "M77", "mentee": "S1", "rule": "family", "until": None},
        {"mentor": "M1", "mentee": "S88", "rule": "confidential", "until": "2027-01-31"},
    ]


def test_a_row_of_two_who_are_there_holds(tmp_path: Path) -> None:
    """Somebody came back: their row was added, and nothing else had to be done."""
    loaded = rmatch.io.load(folder(tmp_path, "mentor,mentee\na@b.example,S2\n"))
    assert loaded.conflicts == (Conflict(mentor="M1", mentee="S2"),)
    assert loaded.dormant == ()


@pytest.mark.parametrize(
    ("row", "column"), [("M77,S1,famly", "rule"), ("Ann Bell,S77,", "mentor"), (",S1,", "mentor")]
)
def test_a_mistake_is_found_at_its_cell(tmp_path: Path, row: str, column: str) -> None:
    (problem,) = problems_of(rmatch.io.load, folder(tmp_path, f"mentor,mentee,rule\n{row}\n"))
    assert problem.place.file == "dormant.csv"
    assert where(problem)[1:] == (2, column)
